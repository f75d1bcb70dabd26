package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import qrate.checkpassword.AppSecret;
import qrate.directory.AppPasswords;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Json;
import qrate.directory.Shapes;

/// What an owner sets of a mailbox, below `/api/v1/mailboxes/{address}`: where its mail goes on to, and passwords of
/// single programs.
final class OwnerApi {
    private static final String MAILBOX = "/api/v1/mailboxes/{address}";

    private static final String APPS = MAILBOX + "/app-passwords";

    private final Domains domains;
    private final OwnPassword own;
    private final SecureRandom random = new SecureRandom();

    OwnerApi(Domains domains, OwnPassword own) {
        this.domains = domains;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", MAILBOX + "/forward", Access.MAILBOX, this::forward);
        router.add("PUT", MAILBOX + "/forward", Access.MAILBOX, Takes.body("to", "keep"), this::setForward);
        router.add("GET", MAILBOX + "/sign-ins", Access.MAILBOX, this::signIns);
        router.add("GET", APPS, Access.MAILBOX, this::appPasswords);
        router.add(
                "POST",
                APPS,
                Access.MAILBOX,
                Takes.body("label", "pop", "smtp", OwnPassword.MEMBER),
                this::addAppPassword);
        router.add("DELETE", APPS + "/{id}", Access.MAILBOX, this::endAppPassword);
    }

    private Reply signIns(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        return mailbox.isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : new Reply.Data(
                        200,
                        domains.logins().of(mailbox.get().address()).stream()
                                .map(Shapes::of)
                                .toList());
    }

    private Reply appPasswords(Request request) throws IOException {
        return domains.mailbox(request.path("address")).isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : new Reply.Data(
                        200,
                        domains.appPasswords(request.path("address")).stream()
                                .map(Shapes::of)
                                .toList());
    }

    /// The owner alone makes one, and says his password: a token that was found must not become a password, and whoever
    /// may set an owner's password shall not have one beside it that the owner does not notice.
    private Reply addAppPassword(Request request) throws IOException {
        String address = domains.mailbox(request.path("address"))
                .map(EditableDirectory.Mailbox::address)
                .orElse("");
        if (!address.equals(request.name())) {
            return Errors.data(403);
        }
        AppPasswords.Wish wish = Api.body(request, Shapes::appPassword);
        Optional<Reply> refusal =
                own.refusal(request, Api.body(request, body -> Json.text(body, OwnPassword.MEMBER, "")));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        AppSecret secret = AppSecret.make(random);
        Change change = domains.apply(new Edit.AddAppPassword(address, wish, secret), request.actor());
        return change instanceof Change.Done
                ? new Reply.Data(201, Map.of("password", secret.text()))
                : Api.reply(change);
    }

    private Reply endAppPassword(Request request) throws IOException {
        return Api.reply(
                domains.apply(new Edit.EndAppPassword(request.path("address"), request.path("id")), request.actor()));
    }

    private Reply forward(Request request) throws IOException {
        String address = request.path("address");
        return domains.mailbox(address).isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : new Reply.Data(200, Shapes.of(domains.forward(address)));
    }

    private Reply setForward(Request request) throws IOException {
        String address = request.path("address");
        Forwarding before = domains.forward(address);
        Forwarding after = Api.body(request, body -> Shapes.forward(body, before));
        return Api.reply(domains.apply(new Edit.SetForward(address, after), request.actor()));
    }
}
