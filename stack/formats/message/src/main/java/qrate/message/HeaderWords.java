package qrate.message;

import java.nio.charset.StandardCharsets;

/// How words of a header are written (RFC 5322 §3.2).
public final class HeaderWords {
    private HeaderWords() {}

    /// Text from outside a message, as the bytes it has there (see {@link AddressList}).
    public static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// Whether a byte may stand in an atom, read leniently: all but blanks, controls and specials.
    static boolean atom(char c) {
        return c > ' ' && c != 0x7f && "()<>[]:;@\\,.\"".indexOf(c) < 0;
    }

    /// A local part, quoted if it must be.
    public static String local(String local) {
        boolean dots = local.isEmpty() || local.startsWith(".") || local.endsWith(".") || local.contains("..");
        boolean plain = !dots && local.chars().allMatch(c -> c == '.' || atom((char) c));
        return plain ? local : quoted(local);
    }

    /// A display name in quotes, in which any can stand.
    public static String phrase(String name) {
        return quoted(name);
    }

    /// The text of a comment, escaped.
    public static String comment(String text) {
        return "(" + escaped(text, "()\\") + ")";
    }

    private static String quoted(String text) {
        return "\"" + escaped(text, "\"\\") + "\"";
    }

    private static String escaped(String text, String special) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (special.indexOf(c) >= 0) {
                safe.append('\\');
            }
            safe.append(c == '\r' || c == '\n' || c == 0 ? ' ' : c);
        }
        return safe.toString();
    }
}
