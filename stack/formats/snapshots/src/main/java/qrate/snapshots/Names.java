package qrate.snapshots;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.core.DomainName;

/// Which names may become a domain or a mailbox, and so a file or folder: one place that says it.
public final class Names {
    /// Longest domain in characters (RFC 1035 §2.3.4).
    public static final int DOMAIN_CHARS_MAX = 253;

    /// Longest local part in bytes of UTF-8 (RFC 5321 §4.5.3.1.1, RFC 6531 §3.3).
    public static final int LOCAL_CHARS_MAX = 64;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern LOCAL = Pattern.compile("[a-z0-9_][a-z0-9_+=&'-]*(?:\\.[a-z0-9_+=&'-]+)*+");

    /// Letters, digits and marks of any script beside what a mailbox may have: no signs, no blanks, nothing unseen.
    private static final Pattern ANY_SCRIPT =
            Pattern.compile("[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_+=&'-]*(?:\\.[\\p{L}\\p{M}\\p{N}_+=&'-]+)*+");

    private Names() {}

    /// A domain in the one spelling that is stored: lower case, A-labels, no dot at the end.
    ///
    /// @return empty when it can be no mail domain
    public static Optional<String> domain(String text) {
        if (text.isEmpty() || text.length() > DOMAIN_CHARS_MAX || text.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        String lower = DomainName.ascii(text);
        if (lower.length() > DOMAIN_CHARS_MAX) {
            return Optional.empty();
        }
        for (String label : lower.split("\\.", -1)) {
            if (!LABEL.matcher(label).matches()) {
                return Optional.empty();
            }
        }
        return Optional.of(lower);
    }

    /// A local part in the one spelling that is stored: lower case, a subset of RFC 5321's Dot-string that is safe as
    /// a
    /// folder's name and in a `.qmail` line.
    ///
    /// @return empty when no mailbox may have this name
    public static Optional<String> local(String text) {
        if (text.length() > LOCAL_CHARS_MAX) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return LOCAL.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
    }

    /// The local part of an alias in the one spelling that is stored: like that of a mailbox, or in letters of any
    /// script (RFC 6531), composed and in lower case. An alias is no folder.
    ///
    /// @return empty when no alias may have this name
    public static Optional<String> alias(String text) {
        Optional<String> ascii = local(text);
        if (ascii.isPresent() || text.length() > LOCAL_CHARS_MAX) {
            return ascii;
        }
        String name = composed(composed(text).toLowerCase(Locale.ROOT));
        return name.getBytes(UTF_8).length <= LOCAL_CHARS_MAX
                        && ANY_SCRIPT.matcher(name).matches()
                ? Optional.of(name)
                : Optional.empty();
    }

    /// Text of any script in the one spelling that bytes are compared in (RFC 6532 §3.1).
    public static String composed(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }
}
