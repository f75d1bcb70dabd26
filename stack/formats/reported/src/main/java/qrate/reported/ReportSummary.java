package qrate.reported;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BinaryOperator;

/// What reports say of a domain and those below it, by day: each row of a report belongs to the day of UTC on which
/// the report begins. For one thread.
public final class ReportSummary {
    /// Days that are shown, and kept in files.
    public static final int DAYS_SHOWN = 30;

    /// Most reports that are counted; others are not.
    public static final int REPORTS_MAX = 2_000;

    /// Most sources of a day that are told apart; those beyond are one.
    public static final int SOURCES_A_DAY_MAX = 200;

    /// Most kinds of failure of a day that are told apart; those beyond are one.
    public static final int FAILURES_A_DAY_MAX = 100;

    /// The name of what has no room.
    public static final String OTHERS = "others";

    /// Most reports of which nothing vouches for the sender; of more, those that came last.
    public static final int DOUBTFUL_MAX = 100;

    /// Most complaints that are told one by one; of more, those that came last.
    public static final int COMPLAINTS_MAX = 100;

    /// Most pairs of domain and reporter of a day whose complaints are told apart; those beyond are one.
    public static final int COMPLAINERS_A_DAY_MAX = 100;

    private static final int TYPES_A_DAY_MAX = 10;
    private static final int DAYS_MAX = 1_000;

    private final LocalDate first;
    private final Map<String, ReportHead> reports = new LinkedHashMap<>();
    private final NavigableMap<LocalDate, Map<String, MessageTally>> messages = new TreeMap<>();
    private final NavigableMap<LocalDate, Map<String, SessionTally>> sessions = new TreeMap<>();
    private final NavigableMap<LocalDate, Map<TlsFailure, Long>> failures = new TreeMap<>();
    private final SequencedMap<String, ReportHead> doubtful = new LinkedHashMap<>();
    private final NavigableMap<LocalDate, Map<Complainer, Long>> complaints = new TreeMap<>();
    private final SequencedMap<Complaint.Reporter, Complaint> newest = new LinkedHashMap<>();
    private String policy = "";

    /// A kind of failure.
    ///
    /// @param result as RFC 8460 §4.3 names it
    /// @param host of ours; may be empty
    public record TlsFailure(String result, String host) {
        public TlsFailure {
            result = Cleaned.name(result);
            host = Cleaned.name(host);
        }
    }

    /// Who complains, and about what.
    ///
    /// @param domain that wrote
    /// @param reporter who says so
    public record Complainer(String domain, String reporter) {
        public Complainer {
            domain = Cleaned.name(domain);
            reporter = Cleaned.name(reporter);
        }
    }

    /// What is known of something over the days.
    ///
    /// @param since the first day on which it was seen
    /// @param last the last one
    public record Spanned<K, V>(K key, V value, LocalDate since, LocalDate last) {}

    /// @param since reports of a time that ended before are passed over
    public ReportSummary(Instant since) {
        this.first = LocalDate.ofInstant(since, ZoneOffset.UTC);
    }

    /// Takes a report, unless it is known, too old, or one too many. One whose sender nothing vouches for counts for
    /// nothing, and keeps the true one of its name from nothing.
    ///
    /// @return whether its rows are to be added
    public boolean begin(ReportHead head) {
        if (!isKept(LocalDate.ofInstant(head.end(), ZoneOffset.UTC))) {
            return false;
        }
        if (head.proof() == SenderProof.UNSIGNED) {
            if (!reports.containsKey(head.name())) {
                doubtful.putLast(head.name(), head);
                if (doubtful.size() > DOUBTFUL_MAX) {
                    doubtful.pollFirstEntry();
                }
            }
            return false;
        }
        boolean taken = !isFull() && reports.putIfAbsent(head.name(), head) == null;
        if (taken) {
            doubtful.remove(head.name());
        }
        return taken;
    }

    /// Those that count for nothing, since nothing vouches for their senders.
    public List<ReportHead> doubtful() {
        return List.copyOf(doubtful.values());
    }

    /// Those that count for nothing, since nothing vouches for their senders.
    public List<ReportHead> doubtful(ReportHead.Kind kind) {
        return doubtful.values().stream().filter(head -> head.kind() == kind).toList();
    }

    /// Takes a complaint, unless it is known or too old. One whose sender nothing vouches for is told, and not counted.
    public void complain(Complaint complaint) {
        if (list(complaint) && complaint.proof() != SenderProof.UNSIGNED) {
            complaints(
                    complaint.day(),
                    new Complainer(complaint.domain(), complaint.from().name()),
                    1);
        }
    }

    /// Remembers a complaint that is counted already.
    ///
    /// @return whether it was not known
    boolean list(Complaint complaint) {
        if (!isKept(complaint.day()) || newest.putIfAbsent(complaint.from(), complaint) != null) {
            return false;
        }
        if (newest.size() > COMPLAINTS_MAX) {
            // what anybody can write drives out nothing but the like
            Complaint goes = newest.values().stream()
                    .filter(one -> one.proof() == SenderProof.UNSIGNED)
                    .findFirst()
                    .orElseGet(() -> newest.firstEntry().getValue());
            newest.remove(goes.from());
        }
        return true;
    }

    /// Adds complaints.
    void complaints(LocalDate day, Complainer complainer, long count) {
        Room<Complainer, Long> room = new Room<>(COMPLAINERS_A_DAY_MAX, new Complainer(OTHERS, OTHERS), Cleaned::sum);
        add(complaints, day, complainer, count, room);
    }

    /// Complaints by day and by who complains about what.
    public NavigableMap<LocalDate, Map<Complainer, Long>> complaints() {
        return Collections.unmodifiableNavigableMap(complaints);
    }

    /// Complaints over all days, the most frequent first.
    public List<Spanned<Complainer, Long>> complainers() {
        List<Spanned<Complainer, Long>> all = spanned(complaints, Cleaned::sum);
        all.sort(Comparator.comparingLong((Spanned<Complainer, Long> one) -> -one.value)
                .thenComparing(one -> one.key.domain)
                .thenComparing(one -> one.key.reporter));
        return all;
    }

    /// Complaints one by one, the newest first.
    public List<Complaint> newestComplaints() {
        return List.copyOf(newest.sequencedValues().reversed());
    }

    /// Whether no other report is counted.
    public boolean isFull() {
        return reports.size() >= REPORTS_MAX;
    }

    private boolean isKept(LocalDate day) {
        return !day.isBefore(first);
    }

    /// Adds messages of a source.
    ///
    /// @param source address that they came from
    public void messages(LocalDate day, String source, MessageTally tally) {
        add(messages, day, Cleaned.name(source), tally, new Room<>(SOURCES_A_DAY_MAX, OTHERS, MessageTally::plus));
    }

    /// Adds sessions under a policy.
    ///
    /// @param type of it: `sts`, `tlsa`, `no-policy-found`
    public void sessions(LocalDate day, String type, SessionTally tally) {
        add(sessions, day, Cleaned.name(type), tally, new Room<>(TYPES_A_DAY_MAX, OTHERS, SessionTally::plus));
    }

    /// Adds sessions that failed.
    public void failures(LocalDate day, TlsFailure failure, long count) {
        Room<TlsFailure, Long> room = new Room<>(FAILURES_A_DAY_MAX, new TlsFailure(OTHERS, ""), Cleaned::sum);
        add(failures, day, failure, count, room);
    }

    /// How much there is room for.
    private record Room<K, V>(int most, K others, BinaryOperator<V> sum) {}

    private <K, V> void add(NavigableMap<LocalDate, Map<K, V>> days, LocalDate day, K key, V value, Room<K, V> room) {
        if (!isKept(day) || (days.size() >= DAYS_MAX && !days.containsKey(day))) {
            return;
        }
        Map<K, V> of = days.computeIfAbsent(day, _ -> new HashMap<>());
        of.merge(of.size() < room.most || of.containsKey(key) ? key : room.others, value, room.sum);
    }

    /// Says which policy on mail was seen.
    public void policy(String text) {
        policy = Cleaned.text(text);
    }

    /// The policy on mail that was seen last; empty when nobody said.
    public String policy() {
        return policy;
    }

    /// What is counted, of all kinds.
    public List<ReportHead> reports() {
        return List.copyOf(reports.values());
    }

    /// What is counted.
    public List<ReportHead> reports(ReportHead.Kind kind) {
        return reports.values().stream().filter(head -> head.kind() == kind).toList();
    }

    /// Who reported, by name.
    public Set<String> reporters(ReportHead.Kind kind) {
        Set<String> names = new TreeSet<>();
        reports(kind).forEach(head -> names.add(head.organization()));
        return names;
    }

    /// Messages by day and source.
    public NavigableMap<LocalDate, Map<String, MessageTally>> messages() {
        return Collections.unmodifiableNavigableMap(messages);
    }

    /// Sessions by day and policy.
    public NavigableMap<LocalDate, Map<String, SessionTally>> sessions() {
        return Collections.unmodifiableNavigableMap(sessions);
    }

    /// Failures by day and kind.
    public NavigableMap<LocalDate, Map<TlsFailure, Long>> failures() {
        return Collections.unmodifiableNavigableMap(failures);
    }

    /// All messages.
    public MessageTally allMessages() {
        return messageDays().values().stream().reduce(MessageTally.NONE, MessageTally::plus);
    }

    /// All sessions.
    public SessionTally allSessions() {
        return sessionDays().values().stream().reduce(SessionTally.NONE, SessionTally::plus);
    }

    /// Messages by day.
    public NavigableMap<LocalDate, MessageTally> messageDays() {
        return byDay(messages, MessageTally::plus);
    }

    /// Sessions by day.
    public NavigableMap<LocalDate, SessionTally> sessionDays() {
        return byDay(sessions, SessionTally::plus);
    }

    private static <K, V> NavigableMap<LocalDate, V> byDay(
            NavigableMap<LocalDate, Map<K, V>> days, BinaryOperator<V> sum) {
        NavigableMap<LocalDate, V> all = new TreeMap<>();
        days.forEach((day, of) -> of.values().stream().reduce(sum).ifPresent(value -> all.put(day, value)));
        return all;
    }

    /// Sources over all days: those with most failures first, then those with most messages.
    public List<Spanned<String, MessageTally>> sources() {
        List<Spanned<String, MessageTally>> all = spanned(messages, MessageTally::plus);
        all.sort(Comparator.comparingLong((Spanned<String, MessageTally> one) -> -one.value.failed())
                .thenComparingLong(one -> -one.value.messages())
                .thenComparing(Spanned::key));
        return all;
    }

    /// Policies over all days, by name.
    public List<Spanned<String, SessionTally>> policies() {
        List<Spanned<String, SessionTally>> all = spanned(sessions, SessionTally::plus);
        all.sort(Comparator.comparing(Spanned::key));
        return all;
    }

    /// Kinds of failure over all days, the most frequent first.
    public List<Spanned<TlsFailure, Long>> kinds() {
        List<Spanned<TlsFailure, Long>> all = spanned(failures, Cleaned::sum);
        all.sort(Comparator.comparingLong((Spanned<TlsFailure, Long> one) -> -one.value)
                .thenComparing(one -> one.key.result)
                .thenComparing(one -> one.key.host));
        return all;
    }

    private static <K, V> List<Spanned<K, V>> spanned(NavigableMap<LocalDate, Map<K, V>> days, BinaryOperator<V> sum) {
        Map<K, Spanned<K, V>> all = new HashMap<>();
        days.forEach((day, of) -> of.forEach((key, value) -> all.merge(
                key,
                new Spanned<>(key, value, day, day),
                (one, more) -> new Spanned<>(key, sum.apply(one.value, more.value), one.since, day))));
        return new ArrayList<>(all.values());
    }
}
