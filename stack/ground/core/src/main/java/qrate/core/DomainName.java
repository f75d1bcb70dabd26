package qrate.core;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Domain names in the one form in which they are compared and looked up: lower case, each label in ASCII (RFC 5891).
///
/// The JDK's `IDN` knows the older rules alone, by which `straße.example` is another's domain, `strasse.example`.
public final class DomainName {
    /// Longest label in characters (RFC 1035 §2.3.4).
    private static final int LABEL_CHARS_MAX = 63;

    private static final String PREFIX = "xn--";
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    // RFC 3492 §5
    private static final int BASE = 36;
    private static final int T_MIN = 1;
    private static final int T_MAX = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int FIRST_BIAS = 72;
    private static final int FIRST_N = 0x80;

    private DomainName() {}

    /// The name in that form; one that has none comes back in lower case, and is nobody's.
    public static String ascii(String domain) {
        if (isAscii(domain)) {
            return domain.toLowerCase(Locale.ROOT);
        }
        List<String> labels = new ArrayList<>();
        for (String label : mapped(domain).split("[.\u3002]", -1)) {
            Optional<String> ascii = isAscii(label) ? Optional.of(label) : encoded(label);
            if (ascii.isEmpty()) {
                return domain.toLowerCase(Locale.ROOT);
            }
            labels.add(ascii.get());
        }
        return String.join(".", labels);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /// One spelling for what a reader takes for the same: case, width, composition (RFC 5895 §2).
    private static String mapped(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .codePoints()
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    private static Optional<String> encoded(String label) {
        if (label.length() > LABEL_CHARS_MAX || !label.codePoints().allMatch(DomainName::fits)) {
            return Optional.empty();
        }
        String ascii = PREFIX + punycode(label.codePoints().toArray());
        return ascii.length() > LABEL_CHARS_MAX ? Optional.empty() : Optional.of(ascii);
    }

    private static boolean fits(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            case Character.FORMAT -> c == ZERO_WIDTH_NON_JOINER || c == ZERO_WIDTH_JOINER;
            default -> true;
        };
    }

    /// RFC 3492 §6.3.
    private static String punycode(int[] points) {
        StringBuilder out = new StringBuilder();
        for (int c : points) {
            if (c < FIRST_N) {
                out.append((char) c);
            }
        }
        int basic = out.length();
        int handled = basic;
        if (basic > 0) {
            out.append('-');
        }
        int n = FIRST_N;
        int delta = 0;
        int bias = FIRST_BIAS;
        while (handled < points.length) {
            int next = Integer.MAX_VALUE;
            for (int c : points) {
                next = c >= n ? Math.min(next, c) : next;
            }
            delta += (next - n) * (handled + 1); // a label of 63 characters cannot overflow it
            n = next;
            for (int c : points) {
                delta += c < n ? 1 : 0;
                if (c == n) {
                    number(delta, bias, out);
                    bias = adapted(delta, handled + 1, handled == basic);
                    delta = 0;
                    handled++;
                }
            }
            delta++;
            n++;
        }
        return out.toString();
    }

    private static void number(int value, int bias, StringBuilder out) {
        int q = value;
        for (int k = BASE; ; k += BASE) {
            int t = Math.clamp(k - bias, T_MIN, T_MAX);
            if (q < t) {
                out.append(digit(q));
                return;
            }
            out.append(digit(t + (q - t) % (BASE - t)));
            q = (q - t) / (BASE - t);
        }
    }

    private static char digit(int value) {
        return (char) (value < 26 ? 'a' + value : '0' + value - 26);
    }

    private static int adapted(int change, int points, boolean first) {
        int delta = first ? change / DAMP : change / 2;
        delta += delta / points;
        int k = 0;
        while (delta > (BASE - T_MIN) * T_MAX / 2) {
            delta /= BASE - T_MIN;
            k += BASE;
        }
        return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
    }
}
