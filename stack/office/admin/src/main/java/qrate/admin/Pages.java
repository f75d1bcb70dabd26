package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;
import qrate.qcontrol.QueueControl;

/// Pages about one mailbox, and paths that many pages have.
final class Pages {
    private static final String MAILBOX = "/mailboxes/{address}";

    private final Domains domains;
    private final Sessions sessions;
    private final QueueActs queue;
    private final HandOver handOver;
    private final PasswordLinks links;

    Pages(Domains domains, Sessions sessions, QueueActs queue, HandOver handOver, PasswordLinks links) {
        this.domains = domains;
        this.sessions = sessions;
        this.queue = queue;
        this.handOver = handOver;
        this.links = links;
    }

    void register(Router router) {
        router.add("GET", MAILBOX, Access.DOMAIN, r -> mailbox(r, 200, Said.NOTHING));
        router.add("POST", MAILBOX + "/password", Access.DOMAIN, this::password);
        router.add("POST", MAILBOX + "/password-link", Access.DOMAIN, this::sendLink);
        router.add("POST", "/api/v1" + MAILBOX + "/password-link", Access.DOMAIN, r -> Api.reply(links.send(r)));
        router.add("POST", MAILBOX + "/settings", Access.DOMAIN, this::settings);
        router.add("POST", MAILBOX + "/language", Access.MAILBOX, this::language);
        router.add("POST", MAILBOX + "/sending", Access.DOMAIN, this::letSend);
    }

    /// A page once more, with what was wrong.
    @FunctionalInterface
    interface Again {
        Reply page(int status, Said problem) throws IOException;
    }

    /// After a change: on to the next page, or the same again with what was wrong.
    static Reply after(Change change, String next, Again again) throws IOException {
        return switch (change) {
            case Change.Done _ -> new Reply.Redirect(next);
            case Change.Refused refused -> again.page(Api.status(refused.reason()), Said.of(refused));
        };
    }

    private PageLayout frame(Request request, Said title, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    static String pathOf(String kind, String name) {
        return "/" + kind + "/" + URLEncoder.encode(name, UTF_8);
    }

    /// A line of an alias, as its page of removal takes it.
    static String query(EditableDirectory.Alias alias) {
        String local = alias.address().substring(0, alias.address().lastIndexOf('@'));
        return "local=" + URLEncoder.encode(local, UTF_8) + "&target=" + URLEncoder.encode(alias.target(), UTF_8);
    }

    private Reply mailbox(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(request.path("address"));
        if (mailbox.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String address = mailbox.get().address();
        PageLayout frame = frame(request, Said.as(address), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.mailbox(
                        frame,
                        mailbox.get(),
                        request.words(),
                        pathOf("mailboxes", address),
                        address.substring(address.lastIndexOf('@') + 1),
                        domains.tokens().of(address).size(),
                        stopped(address),
                        domains.secondFactors().of(address),
                        links.url().base().isPresent()));
    }

    /// Why a mailbox may not send, or empty; nobody waits for a queue that does not answer.
    private String stopped(String address) {
        try {
            return queue.stopped(address).map(QueueControl.Sender::why).orElse("");
        } catch (IOException _) {
            return "";
        }
    }

    private Reply letSend(Request request) throws IOException {
        String address = domains.mailbox(request.path("address"))
                .map(EditableDirectory.Mailbox::address)
                .orElse("");
        return !address.isEmpty() && queue.letSend(request, address)
                ? new Reply.Redirect(pathOf("mailboxes", address) + "?done=sends")
                : Errors.page(request, sessions, 404);
    }

    /// What its owner reads, as he says himself.
    private Reply language(Request request) throws IOException {
        Map<Property, Object> language = Map.of(Property.LANGUAGE, request.form(Property.LANGUAGE.word()));
        Change change = domains.apply(new Edit.Modify(request.path("address"), language), request.actor());
        return change instanceof Change.Done
                ? new Reply.Redirect("/account?done=saved")
                : Errors.page(request, sessions, 400);
    }

    private Reply afterMailbox(Request request, Change change) throws IOException {
        return after(
                change, pathOf("mailboxes", request.path("address")) + "?done=saved", (s, p) -> mailbox(request, s, p));
    }

    private Reply password(Request request) throws IOException {
        if (domains.mailbox(request.path("address"))
                .filter(mailbox -> mailbox.address().equals(request.name()))
                .isPresent()) {
            return mailbox(request, 403, Said.of("password-own-page"));
        }
        String address = request.path("address");
        boolean made = request.form("how").equals("make");
        String password = made ? handOver.password() : request.form("password");
        Change change = domains.apply(
                new Edit.SetPassword(
                        address, new Password.Clear(password), request.form().containsKey("keep")),
                request.actor());
        boolean must = request.form().containsKey(Property.MUST_CHANGE.word());
        Change all = change instanceof Change.Done && must
                ? domains.apply(new Edit.Modify(address, Map.of(Property.MUST_CHANGE, true)), request.actor())
                : change;
        return made && all instanceof Change.Done
                ? handOver.page(request, Said.of("password-given"), address, password, false)
                : afterMailbox(request, all);
    }

    private Reply sendLink(Request request) throws IOException {
        return after(
                links.send(request),
                pathOf("mailboxes", request.path("address")) + "?done=link",
                (status, problem) -> mailbox(request, status, problem));
    }

    /// One's own is set on a page that asks for the password.
    private static String recovery(Request request, EditableDirectory.Mailbox before) {
        boolean own = before.address().equals(request.name());
        return own
                ? before.recovery()
                : request.form()
                        .getOrDefault(Property.RECOVERY.word(), before.recovery())
                        .strip();
    }

    private Reply settings(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> before = domains.mailbox(request.path("address"));
        String text = request.form("quota").strip();
        Optional<Quota> quota = text.isEmpty() ? Optional.of(Quota.NONE) : Quota.typed(text);
        if (before.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        if (quota.isEmpty()) {
            return mailbox(request, 400, Said.of("quota-wrong").at("quota"));
        }
        Map<Property, Object> values = new EnumMap<>(Property.class);
        for (Property property : Property.values()) {
            Object value = switch (property.kind()) {
                case FLAG -> request.form().containsKey(property.word());
                case TEXT -> request.form(property.word()).strip();
                case QUOTA -> quota.get();
                case LANGUAGE -> request.form(property.word());
                case ADDRESS -> recovery(request, before.get());
            };
            values.put(property, value);
        }
        return afterMailbox(request, domains.apply(new Edit.Modify(before.get().address(), values), request.actor()));
    }
}
