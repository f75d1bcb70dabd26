package qrate.admin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.checkpassword.AppSecret;
import qrate.core.State;
import qrate.directory.AppPasswords;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Json;
import qrate.directory.Refusal;
import qrate.directory.Shapes;
import qrate.maildir.MaildirQuota;
import qrate.qcontrol.QueueControl;

/// What an owner sets of a mailbox, below `/api/v1/mailboxes/{address}`: where its mail goes on to, and passwords of
/// single programs.
final class OwnerApi {
    private static final String MAILBOX = "/api/v1/mailboxes/{address}";

    private static final String APPS = MAILBOX + "/app-passwords";

    private final Domains domains;
    private static final String SENDING = MAILBOX + "/sending";

    private final State state;
    private final OwnPassword own;
    private final QueueActs queue;
    private final SecureRandom random = new SecureRandom();

    OwnerApi(State state, Domains domains, OwnPassword own, QueueActs queue) {
        this.state = state;
        this.domains = domains;
        this.own = own;
        this.queue = queue;
    }

    void register(Router router) {
        router.add("GET", MAILBOX + "/forward", Access.MAILBOX, this::forward);
        router.add("PUT", MAILBOX + "/forward", Access.MAILBOX, Takes.body("to", "keep"), this::setForward);
        router.add("GET", MAILBOX + "/sign-ins", Access.MAILBOX, this::signIns);
        router.add("GET", MAILBOX + "/use", Access.MAILBOX, this::use);
        router.add("GET", SENDING, Access.DOMAIN, this::sending);
        router.add("POST", SENDING + "/release", Access.DOMAIN, this::letSend);
        router.add("GET", APPS, Access.MAILBOX, this::appPasswords);
        router.add(
                "POST",
                APPS,
                Access.MAILBOX,
                Takes.body("label", "pop", "smtp", OwnPassword.MEMBER),
                this::addAppPassword);
        router.add("GET", APPS + "/{id}", Access.MAILBOX, this::appPassword);
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
        Set<AppPasswords.Listed> before = Set.copyOf(domains.appPasswords(address));
        AppSecret secret = AppSecret.make(random);
        Change change = domains.apply(new Edit.AddAppPassword(address, wish, secret), request.actor());
        Optional<AppPasswords.Listed> made = domains.appPasswords(address).stream()
                .filter(one -> one.wish().equals(wish) && !before.contains(one))
                .findFirst();
        return Api.made(
                change,
                Pages.pathOf("mailboxes", address) + "/app-passwords/"
                        + made.map(AppPasswords.Listed::id).orElse(""),
                () -> made.map(one -> {
                    Map<String, Object> shape = new LinkedHashMap<>(Shapes.of(one));
                    shape.put("password", secret.text());
                    return shape;
                }));
    }

    private Reply appPassword(Request request) throws IOException {
        return domains.appPasswords(request.path("address")).stream()
                .filter(one -> one.id().equals(request.path("id")))
                .findFirst()
                .<Reply>map(one -> new Reply.Data(200, Shapes.of(one)))
                .orElseGet(() -> Api.reply(Change.refuse(Refusal.Key.APP_PASSWORD_MISSING)));
    }

    /// What it holds, and what it may hold; 0 for as much as there is room for.
    private Reply use(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        MaildirQuota.Usage usage = MailboxUse.usage(state, mailbox.get());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("bytes", usage.bytes());
        shape.put("messages", usage.messages());
        shape.put("bytesMax", mailbox.get().quota().bytes());
        shape.put("messagesMax", mailbox.get().quota().messages());
        return new Reply.Data(200, shape);
    }

    private Reply sending(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        Optional<QueueControl.Sender> stopped = queue.stopped(mailbox.get().address());
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("stopped", stopped.isPresent());
        shape.put("why", stopped.map(QueueControl.Sender::why).orElse(""));
        return new Reply.Data(200, shape);
    }

    private Reply letSend(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        return mailbox.isPresent() && queue.letSend(request, mailbox.get().address())
                ? new Reply.Nothing()
                : Api.reply(Change.refuse(Refusal.Key.SENDER_MISSING));
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
