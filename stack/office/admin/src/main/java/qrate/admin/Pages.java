package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.EnumMap;
import java.util.List;
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

/// Pages about domains and what is in them.
final class Pages {
    private static final String DOMAIN = "/domains/{domain}";
    private static final String MAILBOX = "/mailboxes/{address}";

    private final Domains domains;
    private final Sessions sessions;
    private final QueueActs queue;

    Pages(Domains domains, Sessions sessions, QueueActs queue) {
        this.domains = domains;
        this.sessions = sessions;
        this.queue = queue;
    }

    void register(Router router) {
        router.add("GET", "/domains", Access.ADMIN, r -> list(r, 200, Said.NOTHING));
        router.add("POST", "/domains", Access.ADMIN, this::add);
        router.add("GET", DOMAIN, Access.DOMAIN, r -> one(r, 200, Said.NOTHING));
        router.add("POST", DOMAIN + "/alias-domains", Access.ADMIN, this::addAliasDomain);
        router.add("POST", DOMAIN + "/catch-all", Access.DOMAIN, this::catchAll);
        router.add("POST", DOMAIN + "/mailboxes", Access.DOMAIN, this::addMailbox);
        router.add("POST", DOMAIN + "/aliases", Access.DOMAIN, this::addAlias);
        router.add("GET", MAILBOX, Access.DOMAIN, r -> mailbox(r, 200, Said.NOTHING));
        router.add("POST", MAILBOX + "/password", Access.DOMAIN, this::password);
        router.add("POST", MAILBOX + "/settings", Access.DOMAIN, this::settings);
        router.add("POST", MAILBOX + "/sending", Access.DOMAIN, this::letSend);
    }

    @FunctionalInterface
    private interface Again {
        Reply page(int status, Said problem) throws IOException;
    }

    /// After a change: on to the next page, or the same again with what was wrong.
    private static Reply after(Change change, String next, Again again) throws IOException {
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

    private Reply list(Request request, int status, Said problem) throws IOException {
        PageLayout frame = frame(request, Said.of("domains"), problem);
        return new Reply.Page(status, frame, Reply.PAGES.domains(frame, domains.domains()));
    }

    private Reply add(Request request) throws IOException {
        Change change = domains.apply(
                new Edit.AddDomain(request.form("name"), new Password.Clear(request.form("password"))),
                request.actor());
        return after(change, "/domains?done=added", (s, p) -> list(request, s, p));
    }

    private Reply one(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> found = domains.domain(request.path("domain"));
        if (found.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        EditableDirectory.Domain domain = found.get();
        PageLayout frame = frame(request, Said.as(domain.name()), problem);
        if (!domain.aliasOf().isEmpty()) {
            return new Reply.Page(status, frame, Reply.PAGES.aliasdomain(frame, domain));
        }
        List<String> names = domains.domains().stream()
                .filter(d -> d.aliasOf().equals(domain.name()))
                .map(EditableDirectory.Domain::name)
                .toList();
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.domain(
                        frame, domain, names, domains.mailboxes(domain.name()), domains.aliases(domain.name())));
    }

    private Reply addAliasDomain(Request request) throws IOException {
        Change change =
                domains.apply(new Edit.AddAliasDomain(request.path("domain"), request.form("alias")), request.actor());
        return afterOne(request, change, "added");
    }

    private Reply afterOne(Request request, Change change, String done) throws IOException {
        String real = domains.real(request.path("domain"));
        return after(change, pathOf("domains", real) + "?done=" + done, (s, p) -> one(request, s, p));
    }

    private Reply catchAll(Request request) throws IOException {
        return afterOne(
                request,
                domains.apply(
                        new Edit.SetCatchAll(
                                request.path("domain"), request.form("target").strip()),
                        request.actor()),
                "saved");
    }

    private Reply addMailbox(Request request) throws IOException {
        Change change = domains.apply(
                new Edit.AddMailbox(
                        request.form("local").strip() + "@" + request.path("domain"),
                        new Password.Clear(request.form("password"))),
                request.actor());
        return afterOne(request, change, "added");
    }

    private static EditableDirectory.Alias alias(Request request) {
        return new EditableDirectory.Alias(
                request.form("local").strip() + "@" + request.path("domain"),
                request.form("target").strip());
    }

    private Reply addAlias(Request request) throws IOException {
        return afterOne(request, domains.apply(new Edit.AddAlias(alias(request)), request.actor()), "added");
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
                        domains.secondFactors().of(address).isPresent()));
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
        String address = request.path("address");
        return queue.letSend(request, address)
                ? new Reply.Redirect(pathOf("mailboxes", address) + "?done=sends")
                : Errors.page(request, sessions, 404);
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
        return afterMailbox(
                request,
                domains.apply(
                        new Edit.SetPassword(
                                request.path("address"),
                                new Password.Clear(request.form("password")),
                                request.form().containsKey("keep")),
                        request.actor()));
    }

    private Reply settings(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> before = domains.mailbox(request.path("address"));
        String text = request.form("quota").strip();
        Optional<Quota> quota = text.isEmpty() ? Optional.of(Quota.NONE) : Quota.typed(text);
        if (before.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        if (quota.isEmpty()) {
            return mailbox(request, 400, Said.of("quota-wrong"));
        }
        Map<Property, Object> values = new EnumMap<>(Property.class);
        for (Property property : Property.values()) {
            Object value = switch (property.kind()) {
                case FLAG -> request.form().containsKey(property.word());
                case QUOTA -> quota.get();
            };
            values.put(property, value);
        }
        return afterMailbox(request, domains.apply(new Edit.Modify(before.get().address(), values), request.actor()));
    }
}
