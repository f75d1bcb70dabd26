package qrate.mtasts;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.DomainName;

/// A domain's policy (RFC 8461 §3.2).
///
/// @param maxAge how long it may be kept; a year at most
/// @param exchangers the names of its hosts in ASCII, lower case; `*.` in front stands for one label. 64 at most; none
///     only where the mode is none
public record StsPolicy(StsMode mode, Duration maxAge, List<String> exchangers) {
    /// The largest policy, in bytes (RFC 8461 §3.3 advises a bound).
    public static final int BYTES_MAX = 64 << 10;

    /// Hosts named at most.
    static final int EXCHANGERS_MAX = 64;

    /// The longest `max_age` in seconds (RFC 8461 §3.2).
    static final long AGE_SECONDS_MAX = 31_557_600;

    private static final int AGE_DIGITS_MAX = 10;
    private static final int NAME_CHARS_MAX = 253; // RFC 1035 §2.3.4, without the final dot

    /// What some bytes were.
    public sealed interface Read {
        /// A policy.
        record Good(StsPolicy policy) implements Read {}

        /// None.
        ///
        /// @param why what is wrong, in words; nothing of a stranger's stands in it
        record Bad(String why) implements Read {}
    }

    public StsPolicy {
        exchangers = List.copyOf(exchangers);
    }

    /// Reads a policy file.
    public static Read read(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            return new Read.Bad("it has more than " + BYTES_MAX + " bytes");
        }
        Map<String, String> fields = new HashMap<>();
        List<String> exchangers = new ArrayList<>();
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            end = end < 0 ? text.length() : end;
            int to = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
            String line = StsRecord.blanks(text.substring(from, to));
            from = end + 1;
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                return new Read.Bad("a line in it is no field");
            }
            String key = StsRecord.blanks(line.substring(0, colon));
            String value = StsRecord.blanks(line.substring(colon + 1));
            if (!key.equals("mx")) {
                fields.putIfAbsent(key, value);
            } else if (exchangers.size() == EXCHANGERS_MAX) {
                return new Read.Bad("it names more than " + EXCHANGERS_MAX + " hosts");
            } else {
                Optional<String> pattern = pattern(value);
                if (pattern.isEmpty()) {
                    return new Read.Bad("an mx in it is no host's name");
                }
                exchangers.add(pattern.get());
            }
        }
        return whole(fields, exchangers);
    }

    private static Read whole(Map<String, String> fields, List<String> exchangers) {
        if (!fields.getOrDefault("version", "").equals("STSv1")) {
            return new Read.Bad("its version is not STSv1");
        }
        Optional<StsMode> mode = StsMode.of(fields.getOrDefault("mode", ""));
        if (mode.isEmpty()) {
            return new Read.Bad("its mode is none of enforce, testing, none");
        }
        String age = fields.getOrDefault("max_age", "");
        if (age.isEmpty() || age.length() > AGE_DIGITS_MAX || !age.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return new Read.Bad("its max_age is no number of seconds");
        }
        if (exchangers.isEmpty() && mode.get() != StsMode.NONE) {
            return new Read.Bad("it names no mx");
        }
        long seconds = Math.min(Long.parseLong(age), AGE_SECONDS_MAX);
        return new Read.Good(new StsPolicy(mode.get(), Duration.ofSeconds(seconds), exchangers));
    }

    private static Optional<String> pattern(String text) {
        String name = DomainName.ascii(text);
        if (name.endsWith(".")) {
            name = name.substring(0, name.length() - 1);
        }
        String host = name.startsWith("*.") ? name.substring(2) : name;
        boolean fits = host.length() <= NAME_CHARS_MAX && !host.isEmpty();
        for (String label : fits ? host.split("\\.", -1) : new String[0]) {
            fits &= !label.isEmpty() && label.chars().allMatch(StsPolicy::isOfALabel);
        }
        return fits ? Optional.of(name) : Optional.empty();
    }

    private static boolean isOfALabel(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /// Whether a host is one of those that it names (RFC 8461 §4.1).
    ///
    /// @param host in any case, in Unicode or ASCII
    public boolean names(String host) {
        String name = DomainName.ascii(host);
        int dot = name.indexOf('.');
        String behind = dot <= 0 ? "" : "*" + name.substring(dot);
        return exchangers.stream().anyMatch(one -> one.equals(name) || one.equals(behind));
    }
}
