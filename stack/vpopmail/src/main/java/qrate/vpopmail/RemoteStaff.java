package qrate.vpopmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Who administers the system, by the admin service's REST API.
record RemoteStaff(RemoteVpopmail service) implements Staff {
    private static final String ADMINISTRATORS = "administrators";

    private static String one(String name) {
        return ADMINISTRATORS + "/" + RemoteVpopmail.encode(name);
    }

    /// A name that is none would be another path.
    private static boolean isName(String name) {
        return Accounts.isName(name);
    }

    private static Change missing() {
        return Change.refuse(Change.Reason.MISSING, Accounts.NO_ADMINISTRATOR);
    }

    @Override
    public List<Administrator> administrators() throws IOException {
        List<Administrator> all = new ArrayList<>();
        for (Map<String, Object> shape : service.list(ADMINISTRATORS)) {
            all.add(Shapes.administrator(shape));
        }
        return all;
    }

    @Override
    public Change addAdministrator(String name, Password password) throws IOException {
        return service.change("POST", ADMINISTRATORS, RemoteVpopmail.with(Shapes.of(password), "name", name));
    }

    @Override
    public Change setAdministratorPassword(String name, Password password, boolean keepTokens) throws IOException {
        return isName(name)
                ? service.change(
                        "PUT",
                        one(name) + "/password",
                        RemoteVpopmail.with(Shapes.of(password), "keepTokens", keepTokens))
                : missing();
    }

    @Override
    public Change removeAdministrator(String name) throws IOException {
        return isName(name) ? service.change("DELETE", one(name), Map.of()) : missing();
    }

    @Override
    public List<Tokens.Token> tokens() throws IOException {
        List<Tokens.Token> tokens = new ArrayList<>();
        for (Map<String, Object> shape : service.list("tokens")) {
            tokens.add(Shapes.token(shape));
        }
        return tokens;
    }

    @Override
    public Change endToken(String id) throws IOException {
        return end("tokens", id, "There is no such token");
    }

    @Override
    public List<SignIns.SignIn> sessions() throws IOException {
        List<SignIns.SignIn> sessions = new ArrayList<>();
        for (Map<String, Object> shape : service.list("sessions")) {
            sessions.add(Shapes.session(shape));
        }
        return sessions;
    }

    @Override
    public Change endSession(String id) throws IOException {
        return end("sessions", id, "There is no such session");
    }

    private Change end(String what, String id, String missing) throws IOException {
        return id.matches("[0-9a-f]{1,64}")
                ? service.change("DELETE", what + "/" + id, Map.of())
                : Change.refuse(Change.Reason.MISSING, missing);
    }
}
