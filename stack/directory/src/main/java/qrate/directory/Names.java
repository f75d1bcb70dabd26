package qrate.directory;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import qrate.core.DomainName;

/// Which names may become a domain or a mailbox, and so a file or folder: one place that says it.
public final class Names {
    /// Longest domain in characters (RFC 1035 §2.3.4).
    public static final int DOMAIN_CHARS_MAX = 253;

    /// Longest local part in characters (RFC 5321 §4.5.3.1.1).
    public static final int LOCAL_CHARS_MAX = 64;

    private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern LOCAL = Pattern.compile("[a-z0-9_][a-z0-9_+=&'-]*(?:\\.[a-z0-9_+=&'-]+)*+");

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
    /// @return empty when no mailbox or alias may have this name
    public static Optional<String> local(String text) {
        if (text.length() > LOCAL_CHARS_MAX) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return LOCAL.matcher(lower).matches() ? Optional.of(lower) : Optional.empty();
    }
}
