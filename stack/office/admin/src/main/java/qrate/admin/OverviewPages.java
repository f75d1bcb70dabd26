package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import qrate.core.Figure;
import qrate.core.Version;
import qrate.directory.Domains;
import qrate.directory.MailDay;
import qrate.language.Language;
import qrate.status.Remembered;
import qrate.status.SystemStatus;

/// The first page of an administrator: what needs somebody, and where that is mended; one line when all is well. The
/// same for programs.
final class OverviewPages {
    private static final String PAGE = "/overview";
    private static final String API = "/api/v1/overview";

    private final Supplier<SystemStatus> status;
    private final Remembered<List<Need>> needs;
    private final Remembered<List<MailDay>> days;
    private final Sessions sessions;

    /// How long what mail there was is not looked for again: it is counted every few minutes.
    private static final Duration DAYS_FOR = Duration.ofMinutes(1);

    /// @param status the system as it is, with its problems
    OverviewPages(Needs needs, Domains domains, Supplier<SystemStatus> status, Sessions sessions) {
        this.status = status;
        this.needs = new Remembered<>(() -> needs.of(status.get()), Remembered.FOR, needs.clock());
        this.days = new Remembered<>(() -> days(domains), DAYS_FOR, needs.clock());
        this.sessions = sessions;
    }

    /// What mail there was; nothing where the database does not answer, which is no reason to show nothing else.
    private static List<MailDay> days(Domains domains) {
        try {
            return domains.mailDays().all();
        } catch (IOException _) {
            return List.of();
        }
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, this::page);
        router.add("GET", API, Access.ADMIN, _ -> data());
    }

    /// What an overview is of the system beside what needs somebody.
    ///
    /// @param days until the certificate ends; nothing where there is none, or nobody knows
    record Facts(SystemStatus status, Optional<Long> days) {
        static Facts of(SystemStatus status) {
            return new Facts(status, value(status, Figure.CERTIFICATE_DAYS));
        }

        Optional<Long> domains() {
            return value(status, Figure.DOMAINS);
        }

        Optional<Long> mailboxes() {
            return value(status, Figure.MAILBOXES);
        }

        Optional<Long> messages() {
            return value(status, Figure.QUEUE_MESSAGES);
        }

        String version() {
            return Version.text();
        }

        private static Optional<Long> value(SystemStatus status, Figure figure) {
            return status.site().stream()
                    .filter(sample -> sample.figure() == figure)
                    .map(Figure.Sample::value)
                    .findFirst();
        }
    }

    private Reply page(Request request) throws IOException {
        PageLayout frame = PageLayout.of(Said.of("overview"), request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(200, frame, Reply.PAGES.overview(frame, needs.get(), Facts.of(status.get()), days.get()));
    }

    private Reply data() {
        Facts facts = Facts.of(status.get());
        List<Map<String, Object>> all = new ArrayList<>();
        for (Need need : needs.get()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("kind", need.kind());
            one.put("urgent", need.urgent());
            one.put("what", need.what().in(Language.ENGLISH));
            one.put("why", need.why());
            one.put("page", need.link());
            all.add(one);
        }
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("at", facts.status().at().toString());
        shape.put("version", facts.version());
        shape.put("well", all.isEmpty());
        shape.put("needs", all);
        Map<String, Object> figures = new LinkedHashMap<>();
        facts.domains().ifPresent(count -> figures.put("domains", count));
        facts.mailboxes().ifPresent(count -> figures.put("mailboxes", count));
        facts.messages().ifPresent(count -> figures.put("messages", count));
        facts.days().ifPresent(count -> figures.put("certificateDaysLeft", count));
        shape.put("figures", figures);
        shape.put("days", days.get().stream().map(MailDay::json).toList());
        return new Reply.Data(200, shape);
    }
}
