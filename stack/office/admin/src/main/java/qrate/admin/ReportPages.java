package qrate.admin;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import qrate.core.Control;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.dns.Hosts;
import qrate.language.Language;
import qrate.qcontrol.QueueControl;
import qrate.reported.MessageTally;
import qrate.reported.ReportHead;
import qrate.reported.ReportHead.Kind;
import qrate.reported.ReportSummary;
import qrate.reported.ReportSummary.Spanned;
import qrate.reported.ReportSummary.TlsFailure;
import qrate.reported.SenderProof;
import qrate.reported.SummaryFile;
import qrate.reported.SummaryJson;

/// What others say of a domain, for people and for programs: which providers refuse its mail, who sends in its name,
/// what TLS mail to it has, and what to do about each.
final class ReportPages {
    /// Most sources that are shown.
    static final int SOURCES_MAX = 200;

    private static final String PAGE = "/domains/{domain}/reports";

    private final State state;
    private final Domains domains;
    private final QueueControl queue;
    private final Sessions sessions;
    private final InstantSource clock;
    private final Control control;

    ReportPages(State state, QueueActs acts, Sessions sessions, InstantSource clock) {
        this.state = state;
        this.domains = acts.domains();
        this.queue = acts.queue();
        this.sessions = sessions;
        this.clock = clock;
        this.control = new Control(state.control(), clock);
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.DOMAIN, this::page);
        router.add("GET", "/api/v1" + PAGE, Access.DOMAIN, this::data);
    }

    /// Something that reports speak of, and what to do about it.
    record Row<K, V>(Spanned<K, V> of, Said advice) {}

    /// A summary with what to do.
    ///
    /// @param mail address that reports of DMARC come to
    /// @param tls address that reports on TLS come to
    /// @param complaints address that complaints come to
    /// @param left sources that are not shown
    /// @param refused providers that refuse mail of the domain
    record Shown(
            String domain,
            ReportSummary summary,
            String mail,
            String tls,
            String complaints,
            List<Row<String, MessageTally>> sources,
            int left,
            List<Row<TlsFailure, Long>> failures,
            List<QueueControl.RefusedDomain> refused) {
        int reports(String kind) {
            return summary.reports(Kind.valueOf(kind)).size();
        }

        String reporters(String kind) {
            return String.join(", ", summary.reporters(Kind.valueOf(kind)));
        }

        /// Reports of which nothing vouches for the sender.
        int doubtful(String kind) {
            return summary.doubtful(Kind.valueOf(kind)).size();
        }

        String doubters(String kind) {
            return summary.doubtful(Kind.valueOf(kind)).stream()
                    .map(ReportHead::organization)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
        }

        /// Reports of which nobody has looked at the sender.
        long unchecked(String kind) {
            return summary.reports(Kind.valueOf(kind)).stream()
                    .filter(head -> head.proof() == SenderProof.UNKNOWN)
                    .count();
        }
    }

    private Optional<Shown> shown(Request request) throws IOException {
        Optional<EditableDirectory.Domain> found = domains.domain(request.path("domain"));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String domain = found.get().name();
        ReportSummary summary = new ReportSummary(clock.instant().minus(Duration.ofDays(ReportSummary.DAYS_SHOWN)));
        SummaryFile.read(state, domain, summary);
        ReportAdvice advice = new ReportAdvice(domain, ours(), summary.policy());
        List<Spanned<String, MessageTally>> sources = summary.sources();
        return Optional.of(new Shown(
                domain,
                summary,
                control.line("dmarcmailbox").orElse("postmaster@" + domain),
                control.line("tlsmailbox").orElse("postmaster@" + domain),
                control.line("complaintmailbox").orElse("abuse@" + domain),
                sources.stream()
                        .limit(SOURCES_MAX)
                        .map(one -> new Row<>(one, advice.source(one.key(), one.value())))
                        .toList(),
                Math.max(0, sources.size() - SOURCES_MAX),
                summary.kinds().stream()
                        .map(one ->
                                new Row<>(one, ReportAdvice.failure(one.key().result())))
                        .toList(),
                refused(domain)));
    }

    /// Nothing where send does not tell now: the overview says that it is away.
    private List<QueueControl.RefusedDomain> refused(String domain) {
        try {
            return queue.refusedDomains().stream()
                    .filter(one -> one.domain().equals(domain))
                    .toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    /// Our own addresses, as far as a control file names them.
    private Set<String> ours() throws IOException {
        return control.lines("localips").stream()
                .flatMap(line -> Hosts.literal(line).stream())
                .map(InetAddress::getHostAddress)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Reply page(Request request) throws IOException {
        Optional<Shown> shown = shown(request);
        if (shown.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame =
                PageLayout.of(Said.as(shown.get().domain), request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(200, frame, Reply.PAGES.reports(frame, shown.get()));
    }

    private Reply data(Request request) throws IOException {
        return shown(request)
                .<Reply>map(shown -> new Reply.Data(200, json(shown)))
                .orElseGet(() -> Errors.data(404));
    }

    private static Map<String, Object> json(Shown shown) {
        Map<String, Object> mail = head(shown, Kind.DMARC, shown.mail);
        mail.put("policy", shown.summary.policy());
        SummaryJson.mail(shown.summary, SOURCES_MAX, mail);
        mail.put("sources", advised(SummaryJson.sources(shown.summary, SOURCES_MAX), shown.sources));
        mail.put("sourcesLeft", shown.left);
        Map<String, Object> tls = head(shown, Kind.TLS, shown.tls);
        SummaryJson.tls(shown.summary, tls);
        tls.put("failures", advised(SummaryJson.failures(shown.summary), shown.failures));
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("domain", shown.domain);
        shape.put(
                "refused",
                shown.refused.stream().map(QueueControl.RefusedDomain::json).toList());
        shape.put("dmarc", mail);
        shape.put("tls", tls);
        Map<String, Object> complaints = new LinkedHashMap<>();
        complaints.put("mailbox", shown.complaints);
        SummaryJson.complaints(shown.summary, complaints);
        shape.put("complaints", complaints);
        return shape;
    }

    private static Map<String, Object> head(Shown shown, Kind kind, String address) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("mailbox", address);
        shape.put("reports", shown.summary.reports(kind).size());
        shape.put("reporters", List.copyOf(shown.summary.reporters(kind)));
        SummaryJson.proofs(shown.summary, kind, shape);
        return shape;
    }

    private static <K, V> List<Map<String, Object>> advised(List<Map<String, Object>> shapes, List<Row<K, V>> rows) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            Map<String, Object> one = new LinkedHashMap<>(shapes.get(i));
            one.put("advice", rows.get(i).advice.in(Language.ENGLISH));
            all.add(one);
        }
        return all;
    }
}
