package qrate.admin;

import java.io.IOException;
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
import qrate.directory.Staff;

/// Administrators, and second factors of others, below `/api/v1`.
final class StaffApi {
    private static final String ADMINISTRATORS = "/api/v1/administrators";
    private static final String SECOND_FACTOR = "/second-factor";

    private final Domains domains;
    private final OwnPassword own;

    StaffApi(Domains domains, OwnPassword own) {
        this.domains = domains;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", ADMINISTRATORS, Access.ADMIN, CollectionApi.PARTS, this::list);
        router.add(
                "POST",
                ADMINISTRATORS,
                Access.ADMIN,
                Takes.body("name", "password", "hash", OwnPassword.MEMBER),
                this::add);
        router.add(
                "GET",
                ADMINISTRATORS + "/{name}",
                Access.ADMIN,
                r -> one(r.path("name"))
                        .<Reply>map(shape -> new Reply.Data(200, shape))
                        .orElseGet(() -> Api.reply(Change.refuse(Refusal.Key.ADMINISTRATOR_MISSING))));
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

    private Reply list(Request request) throws IOException {
        return CollectionApi.part(
                request,
                ADMINISTRATORS,
                domains.staff().administrators(),
                new CollectionApi.Look<>(Shapes::of, Staff.Administrator::name));
    }

    private Optional<Map<String, Object>> one(String name) throws IOException {
        return domains.staff().administrators().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .map(Shapes::of);
    }

    private Reply add(Request request) throws IOException {
        Optional<Reply> refusal = refusal(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String name = Api.text(request, "name");
        return Api.made(
                domains.apply(new Edit.AddAdministrator(name, Api.body(request, Shapes::password)), request.actor()),
                Pages.pathOf("administrators", name),
                () -> one(name));
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
}
