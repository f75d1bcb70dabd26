package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.core.Verdict;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.PasswordResets;
import qrate.directory.ResetKey;

/// Hands over mail about forgotten passwords: in a thread of its own, so that whoever asks for a link is answered in
/// the
/// same time whether one goes out or not. What the queue does not take waits in the database, over a restart, too.
///
/// A link works before its mail is handed over, and what was asked for is done after that: a crash in between sends
/// another one, of which the newest works.
final class RecoveryPost implements AutoCloseable {
    /// Most links in an hour, to all.
    static final int AN_HOUR_MAX = 100;

    /// Where links lead, below the base of all pages.
    static final String NEW = "/forgotten/new";

    /// What a link calls its key.
    static final String KEY = "key";

    /// How long it waits before it looks again where nobody asks.
    private static final Duration AGAIN_EVERY = Duration.ofMinutes(1);

    /// How long after an ask its mail is made: when the ask has been answered.
    private static final Duration AFTER = Duration.ofMillis(500);

    private static final int A_LOOK_MAX = 100;

    private final Domains domains;
    private final PagesUrl url;
    private final Control control;
    private final Intake queue;
    private final Log log;
    private final ClientBudget budget;
    private final SecureRandom random = new SecureRandom();
    private final Semaphore asked = new Semaphore(1);
    private final Repeating turns = new Repeating("recovery-post", AFTER, this::turn);
    private final SaidOnce trouble;

    RecoveryPost(Domains domains, Control control, Intake queue, InstantSource clock, Log log) {
        this.domains = domains;
        this.url = new PagesUrl(control);
        this.control = control;
        this.queue = queue;
        this.log = log;
        this.budget = new ClientBudget(clock, Duration.ofHours(1), AN_HOUR_MAX, AN_HOUR_MAX);
        this.trouble = new SaidOnce(log::line);
    }

    /// Where links begin, as it is read here: pages look there too, so that none promises a link that does not go out.
    PagesUrl url() {
        return url;
    }

    /// Looks from now on.
    void start() {
        turns.start();
    }

    /// Says that something waits.
    void nudge() {
        asked.release();
    }

    private void turn() throws InterruptedException {
        if (asked.tryAcquire(AGAIN_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
            asked.drainPermits();
            Thread.sleep(AFTER);
        }
        look();
    }

    /// Hands over what is there.
    void look() {
        try {
            if (url.isWrong()) {
                throw new IOException("control/adminurl: not https:// and a host name: nobody gets a link");
            }
            for (PasswordResets.Due due : domains.passwordResets().due(A_LOOK_MAX)) {
                if (due.used()) {
                    tell(due);
                } else {
                    link(due);
                }
            }
            trouble.well();
        } catch (IOException | RuntimeException e) {
            trouble.say("admin: warning: forgotten passwords: ", e);
        }
    }

    private RecoveryMail mail() throws IOException {
        return new RecoveryMail(domains, control.lineOrMe("me"));
    }

    private void link(PasswordResets.Due due) throws IOException {
        PasswordResets resets = domains.passwordResets();
        Optional<PasswordResets.Reachable> reader = resets.reachable(due.holder());
        Optional<String> base = url.base();
        if (reader.isEmpty() || base.isEmpty()) {
            resets.end(due);
            return;
        }
        if (!budget.admits("")) {
            throw new IOException("more than " + AN_HOUR_MAX + " links in an hour; the others wait");
        }
        ResetKey key = ResetKey.make(random);
        Optional<Instant> until = resets.begin(due, key);
        if (until.isEmpty()) {
            return; // asked anew meanwhile
        }
        String link = base.get() + NEW + "?" + KEY + "=" + key.text();
        if (taken(due, mail().link(due, reader.get(), link, until.get()))) {
            resets.sent(due, key);
            log.line("admin: link for a forgotten password of " + Log.escape(due.holder()) + " sent, asked from "
                    + Log.escape(due.from()));
        } else {
            resets.end(due);
        }
    }

    /// A mailbox hears it itself, and an administrator, who has none, at his recovery address.
    private void tell(PasswordResets.Due due) throws IOException {
        Optional<PasswordResets.Reachable> reader = domains.passwordResets().reachable(due.holder());
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(due.holder());
        String to = mailbox.map(EditableDirectory.Mailbox::address)
                .orElse(reader.map(PasswordResets.Reachable::recovery).orElse(""));
        String language = mailbox.map(EditableDirectory.Mailbox::language).orElse("");
        if (!to.isEmpty()) {
            taken(due, mail().notice(due, to, language));
        }
        domains.passwordResets().end(due);
    }

    /// @return whether the queue has it; false where it never will
    /// @throws IOException when it does not take it now
    private boolean taken(PasswordResets.Due due, RecoveryMail.Letter letter) throws IOException {
        return switch (queue.accept(letter.envelope(), letter.body())) {
            case Verdict.Delivered _ -> true;
            case Verdict.Later(String why) -> throw new IOException(why);
            case Verdict.Never(String why) -> {
                log.line("admin: warning: mail about a forgotten password of " + Log.escape(due.holder())
                        + " is dropped: " + Log.escape(why));
                yield false;
            }
        };
    }

    @Override
    public void close() {
        turns.close();
    }
}
