package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.PasswordResets;
import qrate.directory.Principal;
import qrate.directory.Property;
import qrate.directory.ResetKey;
import qrate.directory.Staff;

/// Forgotten passwords: whoever gives a name is answered the same, and in the same time, whoever that is; who has the
/// link that went to the recovery address sets another password, and signs in with it as ever. And the page on which
/// everybody sets his own recovery address.
final class RecoveryPages {
    /// Most asks of one client in an hour: people of a school behind one address.
    static final int ASKS_EACH_MAX = 20;

    /// Most of all in an hour.
    static final int ASKS_MAX = 600;

    /// Most looks at links, and tries to use one, in an hour: of one client, and of all.
    private static final int LINKS_EACH_MAX = 100;

    private static final int LINKS_MAX = 5_000;

    private static final String FORGOTTEN = "/forgotten";
    private static final String OWN = "/account/recovery";

    private final Domains domains;
    private final Sessions sessions;
    private final OwnPassword own;
    private final PagesUrl url;
    private final PasswordLinks newLinks;
    private final ClientBudget asks;
    private final ClientBudget links;

    RecoveryPages(Domains domains, Sessions sessions, OwnPassword own, PasswordLinks newLinks, InstantSource clock) {
        this.domains = domains;
        this.sessions = sessions;
        this.own = own;
        this.url = newLinks.url();
        this.newLinks = newLinks;
        this.asks = new ClientBudget(clock, Duration.ofHours(1), ASKS_EACH_MAX, ASKS_MAX);
        this.links = new ClientBudget(clock, Duration.ofHours(1), LINKS_EACH_MAX, LINKS_MAX);
    }

    void register(Router router) {
        router.add("GET", FORGOTTEN, Access.OPEN, r -> askPage(r, 200, Said.NOTHING, false));
        router.add("POST", FORGOTTEN, Access.OPEN, this::ask);
        router.add("GET", RecoveryPost.NEW, Access.OPEN, this::look);
        router.add("POST", RecoveryPost.NEW, Access.OPEN, this::reset);
        router.add("GET", OWN, Access.SIGNED_IN, r -> ownPage(r, 200, Said.NOTHING));
        router.add("POST", OWN, Access.SIGNED_IN, this::setOwn);
    }

    private PageLayout frame(Said title, Request request, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    private Reply askPage(Request request, int status, Said problem, boolean done) throws IOException {
        if (url.base().isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = frame(Said.of("forgotten"), request, problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.forgotten(frame, done, PasswordResets.LASTS.toMinutes(), PasswordLinks.OF_ONE_MAX));
    }

    private Reply ask(Request request) throws IOException {
        if (url.base().isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        boolean noted = asks.admits(request.remote()) && newLinks.ask(request);
        return noted
                ? askPage(request, 200, Said.NOTHING, true)
                : askPage(request, 429, Said.of("forgotten-throttled"), false);
    }

    // --- the link ----------------------------------------------------------------------------------------------------

    /// A link that works, and whose it is.
    private record Right(ResetKey key, String holder) {}

    private Optional<Right> right(Request request) throws IOException {
        Optional<ResetKey> key = ResetKey.of(request.form(RecoveryPost.KEY));
        return key.isEmpty()
                ? Optional.empty()
                : domains.passwordResets().holder(key.get()).map(holder -> new Right(key.get(), holder));
    }

    /// Changes nothing: programs that look at mail follow its links.
    private Reply look(Request request) throws IOException {
        if (!links.admits(request.remote())) {
            return Errors.page(request, sessions, 503);
        }
        Optional<Right> right = right(request);
        return right.isPresent() ? newPage(request, 200, Said.NOTHING, right.get()) : ended(request);
    }

    private Reply ended(Request request) {
        PageLayout frame = frame(Said.of("forgotten-ended"), request, Said.NOTHING);
        return new Reply.Private(new Reply.Page(404, frame, Reply.PAGES.forgottenended(frame)));
    }

    private Reply newPage(Request request, int status, Said problem, Right right) {
        PageLayout frame = frame(Said.of("forgotten-new"), request, problem);
        return new Reply.Private(
                new Reply.Page(status, frame, Reply.PAGES.forgottennew(frame, right.holder, right.key.text())));
    }

    private Reply reset(Request request) throws IOException {
        if (!links.admits(request.remote())) {
            return Errors.page(request, sessions, 503);
        }
        Optional<Right> right = right(request);
        if (right.isEmpty()) {
            return ended(request);
        }
        String fresh = request.form("new");
        if (!fresh.equals(request.form("again"))) {
            return newPage(request, 400, Said.of("password-differs").at("again"), right.get());
        }
        String holder = right.get().holder;
        Change change = domains.apply(
                new Edit.ResetPassword(
                        holder,
                        right.get().key,
                        new Password.Clear(fresh),
                        request.language(),
                        request.form().containsKey("keep")),
                request.actor(holder));
        return switch (change) {
            case Change.Done _ -> {
                newLinks.nudge();
                yield new Reply.Redirect("/sign-in?done=reset");
            }
            case Change.Refused refused ->
                newPage(request, Api.status(refused.reason()), Said.of(refused).moved("password", "new"), right.get());
        };
    }

    // --- one's own address -------------------------------------------------------------------------------------------

    /// That of somebody, or empty.
    static String of(Domains domains, Principal who) throws IOException {
        return switch (who) {
            case Principal.Administrator(String name) ->
                domains.staff().administrators().stream()
                        .filter(one -> one.name().equals(name))
                        .findFirst()
                        .map(Staff.Administrator::recovery)
                        .orElse("");
            case Principal.Postmaster _, Principal.Owner _ ->
                domains.mailbox(who.name())
                        .map(EditableDirectory.Mailbox::recovery)
                        .orElse("");
        };
    }

    private Reply ownPage(Request request, int status, Said problem) throws IOException {
        PageLayout frame = frame(Said.of("recovery"), request, problem);
        String typed = request.form().getOrDefault(Property.RECOVERY.word(), of(domains, request.principal()));
        return new Reply.Page(status, frame, Reply.PAGES.recovery(frame, typed));
    }

    private Reply setOwn(Request request) throws IOException {
        if (!own.is(request, request.form("old"))) {
            return ownPage(request, 403, Said.of("password-own-wrong").at("old"));
        }
        String address = request.form(Property.RECOVERY.word()).strip();
        Edit edit = switch (request.principal()) {
            case Principal.Administrator(String name) -> new Edit.SetAdministratorRecovery(name, address);
            case Principal.Postmaster _, Principal.Owner _ ->
                new Edit.Modify(request.name(), Map.of(Property.RECOVERY, address));
        };
        return Pages.after(
                domains.apply(edit, request.actor()), "/account?done=saved", (s, p) -> ownPage(request, s, p));
    }
}
