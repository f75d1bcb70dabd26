package qrate.directory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who administers the system, by the admin service's REST API.
record RemoteStaff(RemoteDirectory service) implements Staff {
    static final String ADMINISTRATORS = "administrators";

    /// The path of one.
    static String one(String name) {
        return ADMINISTRATORS + "/" + RemoteDirectory.encode(name);
    }

    /// A name that is none would be another path.
    static Optional<Change> bad(String name) {
        return Accounts.isName(name) ? Optional.empty() : Optional.of(Change.refuse(Refusal.Key.ADMINISTRATOR_MISSING));
    }

    /// The same for the name of a token or a session.
    static Optional<Change> badId(String id, Refusal.Key none) {
        return id.matches("[0-9a-f]{1,64}") ? Optional.empty() : Optional.of(Change.refuse(none));
    }

    /// The path of somebody's second factor.
    static String pathOfSecondFactor(String holder) {
        return (holder.contains("@") ? RemoteDirectory.box(holder) : one(holder)) + "/second-factor";
    }

    /// A name that is none would be another path.
    static Optional<Change> badHolder(String holder) {
        return Accounts.isName(holder) || Box.of(holder).isPresent()
                ? Optional.empty()
                : Optional.of(Change.refuse(Refusal.Key.SECOND_FACTOR_MISSING));
    }

    Change set(Edit.SetAdministratorPassword edit) throws IOException {
        return service.change(
                bad(edit.name()),
                "PUT",
                one(edit.name()) + RemoteDirectory.PASSWORD,
                RemoteDirectory.with(Shapes.of(edit.password()), RemoteDirectory.KEEP_TOKENS, edit.keepTokens()));
    }

    Change set(Edit.SetAdministratorRecovery edit) throws IOException {
        return service.change(
                bad(edit.name()),
                "PUT",
                one(edit.name()) + "/recovery-address",
                Map.of("recoveryAddress", edit.recovery()));
    }

    @Override
    public Optional<SecondFactors.Present> secondFactor(String holder) throws IOException {
        Optional<Map<String, Object>> shape =
                badHolder(holder).isPresent() ? Optional.empty() : service.find(pathOfSecondFactor(holder));
        return shape.isEmpty() ? Optional.empty() : FactorShapes.secondFactor(shape.get());
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
    public List<Tokens.Token> tokens() throws IOException {
        List<Tokens.Token> tokens = new ArrayList<>();
        for (Map<String, Object> shape : service.list("tokens")) {
            tokens.add(Shapes.token(shape));
        }
        return tokens;
    }

    @Override
    public List<Audit.Numbered> audit(String query, int most) throws IOException {
        List<Audit.Numbered> lines = new ArrayList<>();
        Optional<AdminHttp.Response> part = service.got("audit?limit=" + most + "&q=" + RemoteDirectory.encode(query));
        for (Map<String, Object> shape :
                part.isEmpty() ? List.<Map<String, Object>>of() : part.get().rows()) {
            lines.add(AuditShapes.line(shape));
        }
        return lines;
    }

    @Override
    public List<SignIns.SignIn> sessions() throws IOException {
        List<SignIns.SignIn> sessions = new ArrayList<>();
        for (Map<String, Object> shape : service.list("sessions")) {
            sessions.add(Shapes.session(shape));
        }
        return sessions;
    }
}
