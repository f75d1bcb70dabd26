package qrate.tlsrpt;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
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

    private static final int WORDS = 6;
    private static final String SUCCESS = "success";

    /// A kind of failure.
    ///
    /// @param host name of the server, or empty
    /// @param address of the server, or empty
    public record Kind(TlsNote.Failure failure, String host, String address) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            return text().compareTo(other.text());
        }

        private String text() {
            return failure.word() + " " + host + " " + address;
        }
    }

    /// Of one domain and policy.
    public static final class Counts {
        private long successes;
        private final Map<Kind, Long> failures = new TreeMap<>();

        private void add(Optional<Kind> kind, long count) {
            if (kind.isEmpty()) {
                successes += count;
                return;
            }
            Kind one = kind.get();
            boolean room = failures.size() < FAILURES_MAX || failures.containsKey(one);
            failures.merge(room ? one : new Kind(one.failure, "", ""), count, Long::sum);
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
        public Map<Kind, Long> failures() {
            return java.util.Collections.unmodifiableMap(failures);
        }
    }

    private final Map<String, Map<PolicyType, Counts>> domains = new TreeMap<>();

    /// Counts a delivery.
    ///
    /// @param domain in ASCII, lower case
    /// @param said its report, as the ledger has it
    public void add(String domain, String said) {
        List<TlsNote> notes = TlsNote.in(said);
        boolean passed = notes.stream().anyMatch(TlsNote::isPassedOver);
        for (TlsNote note : notes) {
            boolean told = note.failure().isPresent() || !passed;
            if (told && note.type().isPresent()) {
                add(
                        domain,
                        note.type().get(),
                        note.failure().map(failure -> new Kind(failure, note.host(), note.address())),
                        1);
            }
        }
    }

    private void add(String domain, PolicyType type, Optional<Kind> kind, long count) {
        if (domains.size() < DOMAINS_MAX || domains.containsKey(domain)) {
            domains.computeIfAbsent(domain, _ -> new EnumMap<>(PolicyType.class))
                    .computeIfAbsent(type, _ -> new Counts())
                    .add(kind, count);
        }
    }

    /// The counts, by domain.
    public Map<String, Map<PolicyType, Counts>> domains() {
        return java.util.Collections.unmodifiableMap(domains);
    }

    /// As it travels: `DOMAIN POLICY RESULT COUNT HOST ADDRESS`, `-` for what is not known.
    public List<String> words() {
        List<String> words = new ArrayList<>();
        domains.forEach((domain, types) -> types.forEach((type, counts) -> {
            String begin = domain + " " + type.word() + " ";
            if (counts.successes > 0) {
                words.add(begin + SUCCESS + " " + counts.successes + " - -");
            }
            counts.failures.forEach((kind, count) -> words.add(
                    begin + kind.failure.word() + " " + count + " " + dashed(kind.host) + " " + dashed(kind.address)));
        }));
        return words;
    }

    /// Reads that; what a later release may say besides is passed over.
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
            if (type.isPresent() && (failure.isPresent() || parts[2].equals(SUCCESS))) {
                tally.add(
                        parts[0],
                        type.get(),
                        failure.map(one -> new Kind(one, undashed(parts[4]), undashed(parts[5]))),
                        Long.parseLong(parts[3]));
            }
        }
        return tally;
    }

    private static String dashed(String text) {
        return text.isEmpty() ? "-" : text;
    }

    private static String undashed(String text) {
        return text.equals("-") ? "" : text;
    }
}
