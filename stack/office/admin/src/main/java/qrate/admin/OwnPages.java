package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import qrate.checkpassword.Throttle;
import qrate.core.Log;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Principal;
import qrate.directory.Refusal;
import qrate.directory.SignIns;
import qrate.directory.Tokens;

/// Pages about oneself: signing in and out, the own password, tokens; and the audit log.
final class OwnPages {
    /// The page of whoever must choose another password before anything else.
    static final String NEW_PASSWORD = "/account/new-password";

    private static final String PASSWORD = "/account/password";

    /// What is there for him all the same.
    static final Set<String> UNCHANGED = Set.of(NEW_PASSWORD, PASSWORD, "/sign-out");

    private static final String TOKEN = "/account/tokens/{id}";

    private final Domains domains;
    private final Sessions sessions;
    private final Throttle throttle;
    private final SecondStep secondStep;
    private final Notes notes;

    /// Asks for the second step of whoever has one.
    @FunctionalInterface
    interface SecondStep {
        Reply ask(Request request, String name) throws IOException;
    }

    /// Where mail is, where requests and failures are noted, and where pages are reached from outside.
    record Notes(State state, PagesUrl url, Metrics metrics, Log log) {}

    OwnPages(Domains domains, Sessions sessions, Throttle throttle, SecondStep secondStep, Notes notes) {
        this.domains = domains;
        this.sessions = sessions;
        this.throttle = throttle;
        this.secondStep = secondStep;
        this.notes = notes;
    }

    void register(Router router) {
        router.add(
                "GET",
                "/",
                Access.OPEN,
                r -> new Reply.Redirect(r.who().map(OwnPages::home).orElse("/sign-in")));
        router.add("GET", "/sign-in", Access.OPEN, r -> signInPage(r, 200, Said.NOTHING));
        router.add("POST", "/sign-in", Access.OPEN, this::signIn);
        router.add("POST", "/sign-out", Access.SIGNED_IN, this::signOut);
        router.add("POST", "/account/sign-out-everywhere", Access.SIGNED_IN, this::signOutEverywhere);
        router.add("POST", "/account/end-session", Access.SIGNED_IN, this::endSession);
        router.add("GET", "/account", Access.SIGNED_IN, r -> account(r, 200, Said.NOTHING, ""));
        router.add("GET", NEW_PASSWORD, Access.SIGNED_IN, r -> newPassword(r, 200, Said.NOTHING));
        router.add("POST", PASSWORD, Access.SIGNED_IN, this::password);
        router.add("POST", "/account/tokens", Access.SIGNED_IN, this::addToken);
        router.add("GET", TOKEN + "/delete", Access.SIGNED_IN, r -> deleteToken(r, false));
        router.add("POST", TOKEN + "/delete", Access.SIGNED_IN, r -> deleteToken(r, true));
    }

    /// The first page of somebody who has signed in.
    static String home(Principal who) {
        return switch (who) {
            case Principal.Administrator _ -> "/overview";
            case Principal.Postmaster p -> Pages.pathOf("domains", p.domain());
            case Principal.Owner _ -> "/account";
        };
    }

    private PageLayout frame(Said title, Request request, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    private Reply signInPage(Request request, int status, Said problem) throws IOException {
        return PasskeyPages.signInPage(sessions, notes, request, status, problem);
    }

    private Reply signIn(Request request) throws IOException {
        String login = request.form("login").strip();
        String account = login.length() > 320 ? login.substring(0, 320) : login;
        if (!throttle.open(request.remote(), account)) {
            notes.metrics.signInFailed();
            return signInPage(request, 429, Said.of("sign-in-throttled"));
        }
        Optional<Principal> who = domains.signIn(login, request.form("password"));
        if (who.isEmpty()) {
            throttle.failed(request.remote(), account);
            notes.metrics.signInFailed();
            notes.log.line("admin: sign-in failed: " + Log.escape(account) + " from " + request.remote());
            return signInPage(request, 403, Said.of("sign-in-wrong").at("password"));
        }
        String name = who.get().name();
        return domains.secondFactors().of(name).isPresent()
                ? secondStep.ask(request, name)
                : new Entrance(domains, sessions, throttle).enter(request, who.get());
    }

    private Reply signOut(Request request) throws IOException {
        end(request, SignIns.id(request.session().nonce()));
        return new Reply.SignedIn(sessions.open("", ""), "/sign-in");
    }

    private Reply signOutEverywhere(Request request) throws IOException {
        endAll(domains, request, request.name());
        return new Reply.SignedIn(sessions.open("", ""), "/sign-in?done=everywhere");
    }

    /// Ends all sessions of a name, and all tokens where the form says so.
    static void endAll(Domains domains, Request request, String name) throws IOException {
        domains.apply(new Edit.EndSessions(name), request.actor());
        if (request.form().containsKey("tokens")) {
            domains.apply(new Edit.EndTokens(name), request.actor());
        }
    }

    /// Ends one's own session.
    private boolean end(Request request, String id) throws IOException {
        return domains.apply(new Edit.EndSession(id, request.name()), request.actor()) instanceof Change.Done;
    }

    private Reply endSession(Request request) throws IOException {
        return end(request, request.form("id"))
                ? new Reply.Redirect("/account?done=ended")
                : account(request, 404, Said.of("session-missing"), "");
    }

    private Reply account(Request request, int status, Said problem, String token) throws IOException {
        List<Tokens.Token> tokens = domains.tokens().of(request.name());
        PageLayout frame = frame(Said.of("account-title"), request, problem);
        List<SignIns.SignIn> signIns = domains.signIns().of(request.name());
        String current = SignIns.id(request.session().nonce());
        Optional<OwnMailbox> mine = OwnMailbox.of(domains, notes.state, request.name());
        boolean twoStep = domains.secondFactors().of(request.name()).isPresent();
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.account(
                        frame,
                        mine,
                        RecoveryPages.of(domains, request.principal()),
                        twoStep,
                        tokens,
                        token,
                        signIns,
                        current));
    }

    private Reply newPassword(Request request, int status, Said problem) {
        PageLayout frame = frame(Said.of("password-change"), request, problem);
        return new Reply.Page(status, frame, Reply.PAGES.newpassword(frame));
    }

    private Reply password(Request request) throws IOException {
        boolean must = domains.accounts().mustChange(request.principal());
        return password(
                request,
                must,
                (status, problem) ->
                        must ? newPassword(request, status, problem) : account(request, status, problem, ""));
    }

    /// @param must whether it must be another one
    private Reply password(Request request, boolean must, Pages.Again again) throws IOException {
        String name = request.name();
        if (!new OwnPassword(domains, throttle).is(request, request.form("old"))) {
            return again.page(403, Said.of("password-old-wrong").at("old"));
        }
        String fresh = request.form("new");
        if (!fresh.equals(request.form("again"))) {
            return again.page(400, Said.of("password-differs").at("again"));
        }
        if (must && fresh.equals(request.form("old"))) {
            return again.page(400, Said.of("password-same").at("new"));
        }
        Password.Clear password = new Password.Clear(fresh);
        boolean keep = request.form().containsKey("keep");
        Change change = switch (request.principal()) {
            case Principal.Administrator _ ->
                domains.apply(new Edit.SetAdministratorPassword(name, password, keep), request.actor());
            case Principal.Postmaster _, Principal.Owner _ ->
                domains.apply(new Edit.SetPassword(name, password, keep), request.actor());
        };
        return switch (change) {
            case Change.Done _ ->
                new Reply.SignedIn(
                        new Entrance(domains, sessions, throttle).open(request, name), "/account?done=saved");
            case Change.Refused refused ->
                again.page(Api.status(refused.reason()), Said.of(refused).moved("password", "new"));
        };
    }

    private Reply addToken(Request request) throws IOException {
        String days = request.form("days").strip();
        Optional<Tokens.Scope> scope = Tokens.Scope.of(request.form("scope"));
        long lasts = days.matches("[0-9]{1,4}") ? Long.parseLong(days) : 0;
        if (lasts < 1 || lasts > Tokens.LASTS_MAX.toDays() || scope.isEmpty()) {
            return account(
                    request,
                    400,
                    Said.of("token-days-wrong", Tokens.LASTS_MAX.toDays()).at("days"),
                    "");
        }
        Tokens.Wish wish = new Tokens.Wish(request.form("label").strip(), scope.get(), Duration.ofDays(lasts));
        Optional<String> token = domains.as(request.actor()).tokens().create(request.principal(), wish);
        return token.isPresent()
                ? account(request, 200, Said.NOTHING, token.get())
                : account(
                        request,
                        403,
                        Said.of(new Change.Refused(Refusal.of(Refusal.Key.TOKENS_FULL, Tokens.TOKENS_MAX))),
                        "");
    }

    private Reply deleteToken(Request request, boolean agreed) throws IOException {
        Optional<Tokens.Token> token = domains.tokens().of(request.name()).stream()
                .filter(one -> one.id().equals(request.path("id")))
                .findFirst();
        if (token.isEmpty()) {
            return account(request, 404, Said.of("token-missing"), "");
        }
        Removal.Plan plan = plan(token.get(), "/account/tokens/" + token.get().id() + "/delete", "/account");
        return agreed
                ? new Removal(sessions).run(request, plan, r -> {
                    domains.apply(new Edit.EndToken(r.path("id"), r.name()), r.actor());
                    return new Reply.Redirect("/account?done=removed");
                })
                : new Removal(sessions).ask(request, plan);
    }

    /// What goes with a token.
    static Removal.Plan plan(Tokens.Token token, String action, String back) {
        Loss loss = token.used().toEpochMilli() == 0
                ? Loss.of(Loss.Key.TOKEN_NEVER_USED, token.label(), token.id(), token.holder())
                : Loss.of(
                        Loss.Key.TOKEN_USED,
                        token.label(),
                        token.id(),
                        token.holder(),
                        token.used().toString().substring(0, 10));
        return new Removal.Plan(
                Said.of("token-end-what", token.label()),
                List.of(Said.of(loss)),
                List.of(),
                new Removal.Way(action, back, Said.of("token-end")));
    }
}
