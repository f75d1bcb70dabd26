package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Refusal;
import qrate.language.Language;

/// Notes that a link is to go to somebody's recovery address, by which he sets another password: he asked for it
/// himself, or whoever administers his domain did. {@link RecoveryPost} sends it.
final class PasswordLinks {
    /// Most about one account in an hour.
    static final int OF_ONE_MAX = 3;

    /// Most of all in an hour.
    private static final int MAX = 600;

    private final Domains domains;
    private final RecoveryPost post;
    private final ClientBudget accounts;

    PasswordLinks(Domains domains, RecoveryPost post, InstantSource clock) {
        this.domains = domains;
        this.post = post;
        this.accounts = new ClientBudget(clock, Duration.ofHours(1), OF_ONE_MAX, MAX);
    }

    /// Where links lead.
    PagesUrl url() {
        return post.url();
    }

    /// Says that something waits.
    void nudge() {
        post.nudge();
    }

    /// For whoever has forgotten his: nobody learns whether there is such an account.
    ///
    /// @return false when too many wait
    boolean ask(Request request) throws IOException {
        return note(request, request.form("login").strip(), request.language(), accounts::admits);
    }

    /// For somebody else.
    Change send(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return Change.refuse(Refusal.Key.MAILBOX_MISSING, request.path("address"));
        }
        String address = mailbox.get().address();
        if (url().base().isEmpty()) {
            return Change.refuse(Refusal.Key.LINKS_OFF);
        }
        if (mailbox.get().recovery().isEmpty()) {
            return Change.refuse(Refusal.Key.RECOVERY_NONE, address);
        }
        Language language = Language.spelled(mailbox.get().language()).orElse(request.language());
        return accounts.admits(address) && note(request, address, language, _ -> true)
                ? new Change.Done()
                : Change.refuse(Refusal.Key.LINKS_MANY, address, OF_ONE_MAX);
    }

    /// One at a time: two asks for one name at once are one after the other.
    private synchronized boolean note(Request request, String name, Language language, Predicate<String> budget)
            throws IOException {
        boolean noted = domains.as(request.actor()).passwordResets().ask(name, language, budget);
        if (noted) {
            nudge();
        }
        return noted;
    }
}
