package qrate.dmarc;

import java.util.Optional;
import qrate.core.DomainName;

/// Domains as DMARC compares and cuts them.
public final class DomainNames {
    private static final int NAME_CHARS_MAX = 253;
    private static final int LABEL_CHARS_MAX = 63;

    private DomainNames() {}

    /// A name as A-labels in lower case, without the root's dot (RFC 9989 §5.3.1); empty for what is no name of
    /// a host.
    public static Optional<String> of(String text) {
        String ascii = DomainName.ascii(text);
        String name = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
            return Optional.empty();
        }
        int label = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean dot = c == '.';
            if (dot ? label == 0 : !isOfLabel(c) || label == LABEL_CHARS_MAX) {
                return Optional.empty();
            }
            label = dot ? 0 : label + 1;
        }
        return label == 0 ? Optional.empty() : Optional.of(name);
    }

    /// The name without its left label; empty for a single one.
    static Optional<String> parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? Optional.empty() : Optional.of(name.substring(dot + 1));
    }

    /// The right labels of a name, so many of them or all.
    static String last(String name, int labels) {
        int dot = name.length();
        for (int i = 0; i < labels && dot >= 0; i++) {
            dot = name.lastIndexOf('.', dot - 1);
        }
        return name.substring(dot + 1);
    }

    static int labels(String name) {
        return 1 + (int) name.chars().filter(c -> c == '.').count();
    }

    /// Whether a name is another or below it.
    static boolean isWithin(String name, String other) {
        return name.equals(other) || name.endsWith("." + other);
    }

    private static boolean isOfLabel(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
