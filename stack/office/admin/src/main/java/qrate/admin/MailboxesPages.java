package qrate.admin;

import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.NewMailbox;
import qrate.directory.Password;
import qrate.directory.Property;
import qrate.directory.Quota;

/// A domain's mailboxes, and adding one: its password may be made here, and then stands on a sheet that is shown once.
final class MailboxesPages {
    private static final String DOMAIN = "/domains/{domain}";
    private static final String LOCAL = "local";
    private static final String PASSWORD = "password";
    private static final String QUOTA = "quota";
    private static final String LANGUAGE = "language";

    private final State state;
    private final Domains domains;
    private final Sessions sessions;
    private final HandOver handOver;
    private final InstantSource clock;

    MailboxesPages(State state, Domains domains, Sessions sessions, HandOver handOver, InstantSource clock) {
        this.state = state;
        this.domains = domains;
        this.sessions = sessions;
        this.handOver = handOver;
        this.clock = clock;
    }

    void register(Router router) {
        router.add("GET", DOMAIN, Access.DOMAIN, r -> mailboxes(r, 200, Said.NOTHING));
        new MailboxTicks(domains, sessions, this::mailboxes).register(router);
        router.add("GET", DOMAIN + "/mailboxes/add", Access.DOMAIN, r -> form(r, 200, Said.NOTHING));
        router.add("POST", DOMAIN + "/mailboxes", Access.DOMAIN, this::add);
    }

    private Reply mailboxes(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> found = domains.domain(request.path("domain"));
        if (found.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        EditableDirectory.Domain domain = found.get();
        PageLayout frame = frame(request, Said.as(domain.name()), problem);
        return domain.aliasOf().isEmpty()
                ? new Reply.Page(
                        status,
                        frame,
                        Reply.PAGES.domain(
                                frame, domain, new MailboxTable(state, domains, clock).of(request, domain.name())))
                : new Reply.Page(status, frame, Reply.PAGES.aliasdomain(frame, domain));
    }

    private PageLayout frame(Request request, Said title, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    private Reply form(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(domains.real(request.path("domain")));
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = frame(request, Said.of("mailbox-add"), problem);
        boolean typed = request.form("how").equals("type");
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.mailboxadd(
                        frame,
                        domain.get(),
                        new Typed(request.form(LOCAL), name(request), request.form(QUOTA), recovery(request), typed),
                        request.form(LANGUAGE)));
    }

    /// What stands in the form.
    ///
    /// @param password whether it is typed, and not made here
    record Typed(String local, String name, String quota, String recovery, boolean password) {}

    private static String recovery(Request request) {
        return request.form(Property.RECOVERY.word()).strip();
    }

    private static String name(Request request) {
        return request.form(Property.NAME.word()).strip();
    }

    private Reply add(Request request) throws IOException {
        String domain = domains.real(request.path("domain"));
        String address = request.form(LOCAL).strip() + "@" + domain;
        String text = request.form(QUOTA).strip();
        Optional<Quota> quota = text.isEmpty() ? Optional.of(Quota.NONE) : Quota.typed(text);
        if (quota.isEmpty()) {
            return form(request, 400, Said.of("quota-wrong").at(QUOTA));
        }
        boolean made = request.form("how").equals("make");
        String password = made ? handOver.password() : request.form(PASSWORD);
        Map<Property, Object> values = new EnumMap<>(Property.class);
        values.put(Property.NAME, name(request));
        values.put(Property.RECOVERY, recovery(request));
        values.put(Property.MUST_CHANGE, request.form().containsKey(Property.MUST_CHANGE.word()));
        if (!text.isEmpty()) {
            values.put(Property.QUOTA, quota.get());
        }
        if (!request.form(LANGUAGE).isEmpty()) {
            values.put(Property.LANGUAGE, request.form(LANGUAGE));
        }
        NewMailbox wanted = new NewMailbox(new Edit.AddMailbox(address, new Password.Clear(password)), values);
        Change change =
                domains.as(request.actor()).addAll(List.of(wanted), false).getFirst();
        if (change instanceof Change.Refused refused) {
            return form(request, Api.status(refused.reason()), Said.of(refused));
        }
        return made
                ? handOver.page(request, Said.of("mailbox-added"), address, password, true)
                : Pages.after(change, Pages.pathOf("domains", domain) + "?done=added", (s, p) -> form(request, s, p));
    }
}
