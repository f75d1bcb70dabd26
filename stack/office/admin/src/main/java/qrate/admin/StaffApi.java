package qrate.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.FactorShapes;
import qrate.directory.Json;
import qrate.directory.Principal;
import qrate.directory.Refusal;
import qrate.directory.Shapes;
import qrate.directory.SignIns;
import qrate.directory.Staff;
import qrate.directory.Tokens;

/// Administrators, tokens and whoever asks, below `/api/v1`.
final class StaffApi {
    private static final String ADMINISTRATORS = "/api/v1/administrators";
    private static final String SECOND_FACTOR = "/second-factor";
    private static final String TOKENS = "/api/v1/tokens";
    private static final String SESSIONS = "/api/v1/sessions";

    private final Domains domains;
    private final OwnPassword own;

    StaffApi(Domains domains, OwnPassword own) {
        this.domains = domains;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", "/api/v1/me", Access.SIGNED_IN, StaffApi::me);
        router.add("GET", ADMINISTRATORS, Access.ADMIN, CollectionApi.PARTS, this::list);
        router.add(
                "POST",
                ADMINISTRATORS,
                Access.ADMIN,
                Takes.body("name", "password", "hash", OwnPassword.MEMBER),
                this::add);
        router.add(
                "PUT",
                ADMINISTRATORS + "/{name}/password",
                Access.ADMIN,
                Takes.body("password", "hash", "keepTokens", OwnPassword.MEMBER),
                this::password);
        router.add(
                "PUT",
                ADMINISTRATORS + "/{name}/recovery-address",
                Access.ADMIN,
                Takes.body("recoveryAddress", OwnPassword.MEMBER),
                this::recovery);
        router.add(
                "DELETE",
                ADMINISTRATORS + "/{name}",
                Access.ADMIN,
                r -> Api.reply(domains.apply(new Edit.RemoveAdministrator(r.path("name")), r.actor())));
        String ofMailbox = "/api/v1/mailboxes/{address}" + SECOND_FACTOR;
        router.add("GET", ofMailbox, Access.MAILBOX, this::secondFactor);
        router.add("DELETE", ofMailbox, Access.DOMAIN, this::removeSecondFactor);
        String ofAdministrator = ADMINISTRATORS + "/{name}" + SECOND_FACTOR;
        router.add("GET", ofAdministrator, Access.ADMIN, this::secondFactor);
        router.add("DELETE", ofAdministrator, Access.ADMIN, this::removeSecondFactor);
        router.add("GET", TOKENS, Access.SIGNED_IN, CollectionApi.PARTS, this::tokens);
        router.add("DELETE", TOKENS + "/{id}", Access.SIGNED_IN, this::endToken);
        router.add("GET", SESSIONS, Access.SIGNED_IN, CollectionApi.PARTS, this::sessions);
        router.add("DELETE", SESSIONS + "/{id}", Access.SIGNED_IN, this::endSession);
    }

    private Reply secondFactor(Request request) throws IOException {
        String holder = holderInPath(request);
        return domains.accounts().principal(holder).isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : new Reply.Data(200, FactorShapes.of(domains.staff().secondFactor(holder)));
    }

    /// Somebody else's: one's own needs the password, on its page, since a token that was found must not take it away.
    private Reply removeSecondFactor(Request request) throws IOException {
        String holder = holderInPath(request);
        String name = domains.accounts().principal(holder).map(Principal::name).orElse(holder);
        return name.equals(request.name())
                ? Api.reply(Change.refuse(Refusal.Key.SECOND_FACTOR_OWN))
                : Api.reply(domains.apply(new Edit.RemoveSecondFactor(name), request.actor()));
    }

    private static String holderInPath(Request request) {
        return request.path().containsKey("name") ? request.path("name") : request.path("address");
    }

    private static Reply me(Request request) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("name", request.name());
        shape.put(
                "role",
                switch (request.principal()) {
                    case Principal.Administrator _ -> "administrator";
                    case Principal.Postmaster _ -> "postmaster";
                    case Principal.Owner _ -> "owner";
                });
        shape.put("scope", request.scope().word());
        return new Reply.Data(200, shape);
    }

    private Reply list(Request request) throws IOException {
        return CollectionApi.part(
                request,
                ADMINISTRATORS,
                domains.staff().administrators(),
                new CollectionApi.Look<>(Shapes::of, Staff.Administrator::name));
    }

    private Reply add(Request request) throws IOException {
        Optional<Reply> refusal = refusal(request);
        return refusal.isPresent()
                ? refusal.get()
                : Api.reply(domains.apply(
                        new Edit.AddAdministrator(Api.text(request, "name"), Api.body(request, Shapes::password)),
                        request.actor()));
    }

    private Reply password(Request request) throws IOException {
        Optional<Reply> refusal = refusal(request);
        return refusal.isPresent()
                ? refusal.get()
                : Api.reply(domains.apply(
                        new Edit.SetAdministratorPassword(
                                request.path("name"),
                                Api.body(request, Shapes::password),
                                Api.body(request, b -> Json.truth(b, "keepTokens", false))),
                        request.actor()));
    }

    private Reply recovery(Request request) throws IOException {
        Optional<Reply> refusal = refusal(request);
        return refusal.isPresent()
                ? refusal.get()
                : Api.reply(domains.apply(
                        new Edit.SetAdministratorRecovery(request.path("name"), Api.text(request, "recoveryAddress")),
                        request.actor()));
    }

    private Optional<Reply> refusal(Request request) throws IOException {
        return own.refusal(request, Api.body(request, b -> Json.text(b, OwnPassword.MEMBER, "")));
    }

    /// Everybody's for an administrator, else one's own.
    private Reply tokens(Request request) throws IOException {
        List<Tokens.Token> tokens = request.principal() instanceof Principal.Administrator
                ? domains.tokens().all()
                : domains.tokens().of(request.name());
        return CollectionApi.part(
                request,
                TOKENS,
                tokens,
                new CollectionApi.Look<>(Shapes::of, one -> one.holder() + " " + one.created() + " " + one.id()));
    }

    private Reply endToken(Request request) throws IOException {
        return Api.reply(domains.apply(new Edit.EndToken(request.path("id"), holder(request)), request.actor()));
    }

    /// The only one whose sessions and tokens somebody may end; empty for everybody's.
    private static String holder(Request request) {
        return request.principal() instanceof Principal.Administrator ? "" : request.name();
    }

    /// Everybody's for an administrator, else one's own.
    private Reply sessions(Request request) throws IOException {
        List<SignIns.SignIn> sessions = request.principal() instanceof Principal.Administrator
                ? domains.signIns().all()
                : domains.signIns().of(request.name());
        return CollectionApi.part(
                request,
                SESSIONS,
                sessions,
                new CollectionApi.Look<>(Shapes::of, one -> one.holder() + " " + one.opened() + " " + one.id()));
    }

    private Reply endSession(Request request) throws IOException {
        return Api.reply(domains.apply(new Edit.EndSession(request.path("id"), holder(request)), request.actor()));
    }
}
