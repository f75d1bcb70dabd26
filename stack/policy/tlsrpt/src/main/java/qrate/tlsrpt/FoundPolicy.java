package qrate.tlsrpt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The policy that counted for a delivery, as a report tells it (RFC 8460 §4.4).
///
/// @param text a policy of MTA-STS as `MODE SECONDS HOST HOST`, TLSA records as `3 1 1 abcd, 3 1 1 ef01`; empty where
///     it is not known
public record FoundPolicy(PolicyType type, String text) implements Comparable<FoundPolicy> {
    /// Longest text, in characters: it stands in the ledger's line of each delivery. Hosts and records that do not fit
    /// are left out.
    public static final int TEXT_CHARS_MAX = 500;

    private static final String BETWEEN = ", ";

    /// One that is a stranger's: what could not be told from something else is left out.
    public FoundPolicy {
        boolean plain = text.length() <= TEXT_CHARS_MAX && text.matches("[A-Za-z0-9 ,.*_-]*");
        text = plain ? text : "";
    }

    /// One without a text.
    static FoundPolicy of(PolicyType type) {
        return new FoundPolicy(type, "");
    }

    /// The text of a policy of MTA-STS.
    public static String sts(String mode, long seconds, List<String> hosts) {
        return joined(mode + " " + seconds, " ", hosts);
    }

    /// The text of TLSA records, each as `3 1 1 abcd`.
    public static String tlsa(List<String> records) {
        return joined("", BETWEEN, records);
    }

    private static String joined(String begin, String between, List<String> all) {
        StringBuilder text = new StringBuilder(begin);
        for (String one : all) {
            if (text.length() + between.length() + one.length() <= TEXT_CHARS_MAX) {
                text.append(text.isEmpty() ? "" : between).append(one);
            }
        }
        return text.toString();
    }

    /// `policy-string`: its lines, or the records.
    List<String> lines() {
        if (text.isEmpty()) {
            return List.of();
        }
        return switch (type) {
            case TLSA -> List.of(text.split(BETWEEN));
            case STS -> stsLines();
            case NONE -> List.of();
        };
    }

    private List<String> stsLines() {
        String[] words = text.split(" ", 3);
        List<String> lines = new ArrayList<>(List.of("version: STSv1", "mode: " + words[0]));
        hosts().forEach(host -> lines.add("mx: " + host));
        if (words.length > 1) {
            lines.add("max_age: " + words[1]);
        }
        return lines;
    }

    /// `mx-host`: the hosts that a policy of MTA-STS names.
    List<String> hosts() {
        String[] words = text.split(" ");
        return type == PolicyType.STS && words.length > 2 ? Arrays.asList(words).subList(2, words.length) : List.of();
    }

    @Override
    public int compareTo(FoundPolicy other) {
        return Comparator.comparing(FoundPolicy::type)
                .thenComparing(FoundPolicy::text)
                .compare(this, other);
    }
}
