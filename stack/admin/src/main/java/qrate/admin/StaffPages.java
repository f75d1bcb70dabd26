package qrate.admin;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import qrate.vpopmail.Change;
import qrate.vpopmail.Domains;
import qrate.vpopmail.Password;

/// The page of administrators and of everybody's tokens.
final class StaffPages {
    private static final String PAGE = "/administrators";

    private final Domains domains;
    private final Sessions sessions;
    private final OwnPassword own;

    StaffPages(Domains domains, Sessions sessions, OwnPassword own) {
        this.domains = domains;
        this.sessions = sessions;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, r -> page(r, 200, ""));
        router.add("POST", PAGE, Access.ADMIN, this::add);
        router.add("GET", PAGE + "/{name}/delete", Access.ADMIN, r -> confirm(r, 200, ""));
        router.add("POST", PAGE + "/{name}/delete", Access.ADMIN, this::remove);
        router.add("POST", PAGE + "/end-token", Access.ADMIN, this::endToken);
    }

    private Reply page(Request request, int status, String problem) throws IOException {
        Map<String, Object> model = new HashMap<>();
        model.put("frame", Frame.of("Administrators", request, sessions.csrf(request.session()), problem));
        model.put("names", domains.staff().administrators());
        model.put("tokens", domains.tokens().all());
        return new Reply.Page(status, "administrators.jte", model);
    }

    private Reply add(Request request) throws IOException {
        if (!own.is(request, request.form("old"))) {
            return page(request, 403, "Your own password is wrong.");
        }
        Change change = domains.as(request.name())
                .staff()
                .addAdministrator(request.form("name").strip(), new Password.Clear(request.form("password")));
        return after(request, change, "added");
    }

    private Reply confirm(Request request, int status, String problem) {
        String name = request.path("name");
        return new Reply.Page(
                status,
                "confirm.jte",
                Map.of(
                        "frame",
                        Frame.of("Remove " + name, request, sessions.csrf(request.session()), problem),
                        "what",
                        "the administrator " + name + " and all tokens of that account",
                        "action",
                        Pages.pathOf("administrators", name) + "/delete",
                        "back",
                        PAGE));
    }

    private Reply remove(Request request) throws IOException {
        return after(request, domains.as(request.name()).staff().removeAdministrator(request.path("name")), "removed");
    }

    private Reply endToken(Request request) throws IOException {
        boolean ended = domains.as(request.name()).tokens().end(request.form("id"), "");
        return ended ? new Reply.Redirect(PAGE + "?done=removed") : page(request, 404, "No such token.");
    }

    private Reply after(Request request, Change change, String done) throws IOException {
        return switch (change) {
            case Change.Done _ -> new Reply.Redirect(PAGE + "?done=" + done);
            case Change.Refused refused -> page(request, Api.status(refused.reason()), refused.why());
        };
    }
}
