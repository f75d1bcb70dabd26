package qrate.admin;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Principal;
import qrate.directory.SignIns;
import qrate.directory.Staff;
import qrate.directory.Tokens;

/// The page of administrators, and that of everybody's sessions and tokens.
final class StaffPages {
    /// Most sessions, and most tokens, on a page.
    static final int SHOWN_MAX = 200;

    private static final String PAGE = "/administrators";
    private static final String ACCESS = "/access";

    private final Domains domains;
    private final Sessions sessions;
    private final OwnPassword own;

    StaffPages(Domains domains, Sessions sessions, OwnPassword own) {
        this.domains = domains;
        this.sessions = sessions;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, r -> page(r, 200, Said.NOTHING));
        router.add("POST", PAGE, Access.ADMIN, this::add);
        router.add("GET", PAGE + "/{name}/delete", Access.ADMIN, r -> remove(r, false));
        router.add("POST", PAGE + "/{name}/delete", Access.ADMIN, r -> remove(r, true));
        router.add("GET", ACCESS, Access.ADMIN, r -> access(r, 200, Said.NOTHING));
        router.add("POST", ACCESS + "/end-session", Access.ADMIN, this::endSession);
        router.add("POST", ACCESS + "/end-all", Access.ADMIN, this::endAll);
        router.add("GET", ACCESS + "/tokens/{id}/delete", Access.ADMIN, r -> endToken(r, false));
        router.add("POST", ACCESS + "/tokens/{id}/delete", Access.ADMIN, r -> endToken(r, true));
    }

    private Reply page(Request request, int status, Said problem) throws IOException {
        PageLayout frame = PageLayout.of(Said.of("administrators"), request, sessions.csrf(request.session()), problem);
        List<Staff.Administrator> all = domains.staff().administrators();
        Map<String, Integer> twoStep = new HashMap<>();
        for (Staff.Administrator one : all) {
            domains.secondFactors()
                    .of(one.name())
                    .ifPresent(present ->
                            twoStep.put(one.name(), present.passkeys().size()));
        }
        return new Reply.Page(status, frame, Reply.PAGES.administrators(frame, all, twoStep));
    }

    private Reply add(Request request) throws IOException {
        if (!own.is(request, request.form("old"))) {
            return page(request, 403, Said.of("password-own-wrong").at("old"));
        }
        Change change = domains.apply(
                new Edit.AddAdministrator(request.form("name").strip(), new Password.Clear(request.form("password"))),
                request.actor());
        return after(request, change, "added");
    }

    private Reply remove(Request request, boolean agreed) throws IOException {
        String name = request.path("name");
        List<String> names = domains.staff().administrators().stream()
                .map(Staff.Administrator::name)
                .toList();
        if (!names.contains(name)) {
            return page(request, 404, Said.of("administrator-missing", name));
        }
        if (names.size() == 1) {
            return page(request, 403, Said.of("administrator-last"));
        }
        boolean own = name.equals(request.name());
        List<Loss> goes = List.of(
                Loss.of(own ? Loss.Key.ADMINISTRATOR_OWN : Loss.Key.ADMINISTRATOR, name),
                Loss.of(Loss.Key.SESSIONS_OF, domains.signIns().of(name).size()),
                Loss.of(Loss.Key.TOKENS_OF, domains.tokens().of(name).size()));
        Removal.Way way =
                new Removal.Way(Pages.pathOf("administrators", name) + "/delete", PAGE, Said.of("remove-what", name));
        Removal.Plan plan = new Removal.Plan(
                Said.of("remove-what", name), goes.stream().map(Said::of).toList(), List.of(), way);
        return agreed
                ? new Removal(sessions)
                        .run(
                                request,
                                plan,
                                r -> after(r, domains.apply(new Edit.RemoveAdministrator(name), r.actor()), "removed"))
                : new Removal(sessions).ask(request, plan);
    }

    private Reply access(Request request, int status, Said problem) throws IOException {
        String holder = request.form("holder").strip();
        List<SignIns.SignIn> signIns = domains.signIns().all().stream()
                .filter(one -> one.holder().contains(holder))
                .toList();
        List<Tokens.Token> tokens = domains.tokens().all().stream()
                .filter(one -> one.holder().contains(holder))
                .toList();
        PageLayout frame = PageLayout.of(Said.of("access-title"), request, sessions.csrf(request.session()), problem);
        int more = Math.max(0, signIns.size() - SHOWN_MAX) + Math.max(0, tokens.size() - SHOWN_MAX);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.access(
                        frame,
                        holder,
                        signIns.stream().limit(SHOWN_MAX).toList(),
                        tokens.stream().limit(SHOWN_MAX).toList(),
                        more));
    }

    private Reply endSession(Request request) throws IOException {
        Change change = domains.apply(new Edit.EndSession(request.form("id"), ""), request.actor());
        return change instanceof Change.Done
                ? new Reply.Redirect(ACCESS + "?done=ended")
                : access(request, 404, Said.of("session-missing"));
    }

    private Reply endAll(Request request) throws IOException {
        String holder = request.form("holder").strip();
        Optional<Principal> known = domains.accounts().principal(holder);
        if (known.isEmpty()) {
            return access(request, 404, Said.of("account-missing", holder));
        }
        OwnPages.endAll(domains, request, known.get().name());
        return new Reply.Redirect(ACCESS + "?done=ended");
    }

    private Reply endToken(Request request, boolean agreed) throws IOException {
        String id = request.path("id");
        Optional<Tokens.Token> token = domains.tokens().all().stream()
                .filter(one -> one.id().equals(id))
                .findFirst();
        if (token.isEmpty()) {
            return access(request, 404, Said.of("token-missing"));
        }
        Removal.Plan plan = OwnPages.plan(token.get(), ACCESS + "/tokens/" + id + "/delete", ACCESS);
        return agreed
                ? new Removal(sessions).run(request, plan, r -> {
                    domains.apply(new Edit.EndToken(id, ""), r.actor());
                    return new Reply.Redirect(ACCESS + "?done=ended");
                })
                : new Removal(sessions).ask(request, plan);
    }

    private Reply after(Request request, Change change, String done) throws IOException {
        return switch (change) {
            case Change.Done _ -> new Reply.Redirect(PAGE + "?done=" + done);
            case Change.Refused refused -> page(request, Api.status(refused.reason()), Said.of(refused));
        };
    }
}
