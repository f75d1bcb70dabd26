package qrate.tlsrpt;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What TLS the deliveries of a day had, by domain and by the policy that was found.
public final class TlsTally {
    /// Most domains that are counted; of a day with more, those that came first.
    public static final int DOMAINS_MAX = 10_000;

    /// Most kinds of failure that are told apart for one domain and policy; what is beyond is one, without its server.
    static final int FAILURES_MAX = 50;

    /// Most policies that are told apart for one domain and kind, since they change in a day; what is beyond is one,
    /// without its text.
    static final int POLICIES_MAX = 10;

    private static final int WORDS = 6;
    private static final int WORDS_MORE = 9;
    private static final int ADDRESS_CHARS_MAX = 45;
    private static final String SUCCESS = "success";

    /// Of one domain and policy.
    public static final class Counts {
        private long successes;
        private final Map<TlsFault, Long> failures = new TreeMap<>();

        private void add(Optional<TlsFault> fault, long count) {
            if (fault.isEmpty()) {
                successes += count;
                return;
            }
            TlsFault one = fault.get();
            boolean room = failures.size() < FAILURES_MAX || failures.containsKey(one);
            failures.merge(room ? one : one.alone(), count, Long::sum);
        }

        /// Deliveries with TLS as the domain wants it.
        public long successes() {
            return successes;
        }

        /// Others.
        public long failed() {
            return failures.values().stream().mapToLong(Long::longValue).sum();
        }

        /// The others by kind.
        public Map<TlsFault, Long> failures() {
            return java.util.Collections.unmodifiableMap(failures);
        }
    }

    private final Map<String, Map<FoundPolicy, Counts>> domains = new TreeMap<>();

    /// Counts a delivery.
    ///
    /// @param domain in ASCII, lower case
    /// @param said its report, as the ledger has it
    public void add(String domain, String said) {
        List<TlsNote> notes = TlsNote.in(said);
        boolean passed = notes.stream().anyMatch(TlsNote::isPassedOver);
        for (TlsNote note : notes) {
            boolean told = note.fault().isPresent() || !passed;
            if (told && note.found().isPresent()) {
                add(domain, note.found().get(), note.fault(), 1);
            }
        }
    }

    private void add(String domain, FoundPolicy policy, Optional<TlsFault> fault, long count) {
        if (domains.size() >= DOMAINS_MAX && !domains.containsKey(domain)) {
            return;
        }
        Map<FoundPolicy, Counts> policies = domains.computeIfAbsent(domain, _ -> new TreeMap<>());
        boolean room = policies.containsKey(policy)
                || policies.keySet().stream()
                                .filter(one -> one.type() == policy.type())
                                .count()
                        < POLICIES_MAX;
        policies.computeIfAbsent(room ? policy : FoundPolicy.of(policy.type()), _ -> new Counts())
                .add(fault, count);
    }

    /// The counts, by domain.
    public Map<String, Map<FoundPolicy, Counts>> domains() {
        return java.util.Collections.unmodifiableMap(domains);
    }

    /// As it travels: `DOMAIN POLICY RESULT COUNT HOST ADDRESS`, and where more is known `FROM REASON TEXT` behind it,
    /// `-` for what is not known, `_` for a blank.
    public List<String> words() {
        List<String> words = new ArrayList<>();
        domains.forEach((domain, policies) -> policies.forEach((policy, counts) -> {
            String begin = domain + " " + policy.type().word() + " ";
            if (counts.successes > 0) {
                words.add(begin + SUCCESS + " " + counts.successes + " - -" + more("", "", policy.text()));
            }
            counts.failures.forEach((fault, count) -> words.add(begin
                    + fault.cause().failure().word() + " " + count + " "
                    + dashed(fault.server().name()) + " "
                    + dashed(fault.server().address())
                    + more(fault.from(), fault.cause().reason(), policy.text())));
        }));
        return words;
    }

    private static String more(String from, String reason, String text) {
        return from.isEmpty() && reason.isEmpty() && text.isEmpty()
                ? ""
                : " " + dashed(from) + " " + dashed(blanks(reason)) + " " + dashed(blanks(text));
    }

    private static String blanks(String text) {
        return text.replace("_", "%5F").replace(' ', '_');
    }

    private static String unblanks(String text) {
        return text.replace('_', ' ').replace("%5F", "_");
    }

    /// Reads that, from this release or the one before; what a later one may say besides is passed over.
    ///
    /// @throws IOException when it makes no sense
    public static TlsTally of(List<String> words) throws IOException {
        TlsTally tally = new TlsTally();
        for (String word : words) {
            String[] parts = word.split(" ", -1);
            if (parts.length < WORDS || !parts[3].matches("[0-9]{1,18}")) {
                throw new IOException("no count of TLS: " + word);
            }
            Optional<PolicyType> type = PolicyType.of(parts[1]);
            Optional<TlsNote.Failure> failure = TlsNote.Failure.of(parts[2]);
            boolean more = parts.length >= WORDS_MORE;
            if (type.isPresent() && (failure.isPresent() || parts[2].equals(SUCCESS))) {
                tally.add(
                        parts[0],
                        new FoundPolicy(type.get(), more ? unblanks(undashed(parts[8])) : ""),
                        failure.map(one -> new TlsFault(
                                new TlsFault.Cause(one, more ? unblanks(undashed(parts[7])) : ""),
                                new TlsFault.Server(undashed(parts[4]), undashed(parts[5])),
                                more ? address(undashed(parts[6])) : "")),
                        Long.parseLong(parts[3]));
            }
        }
        return tally;
    }

    private static String address(String text) {
        return text.length() <= ADDRESS_CHARS_MAX && text.matches("[0-9A-Fa-f.:]*") ? text : "";
    }

    private static String dashed(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String undashed(String text) {
        return text.equals("-") ? "" : text;
    }
}
