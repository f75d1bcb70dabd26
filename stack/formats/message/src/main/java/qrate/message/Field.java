package qrate.message;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/// A field of a header as it stands there, bytes as characters (ISO 8859-1), so that none of them changes.
///
/// @param raw name, colon, value and line ends, those of folded lines too; a last line may have none
/// @param place how many fields stand before it
/// @param whole false when it was longer than what is kept
public record Field(String raw, int place, boolean whole) {
    /// The fields of whoever sends a message on (RFC 5322 §3.6.6).
    public static final Set<String> RESENT = Set.of(
            "resent-date",
            "resent-from",
            "resent-sender",
            "resent-reply-to",
            "resent-to",
            "resent-cc",
            "resent-bcc",
            "resent-message-id");

    /// A field of one's own making.
    ///
    /// @param value without line ends but those that fold it
    public static Field of(String name, String value) {
        return new Field(name + ": " + value + "\n", 0, true);
    }

    /// The name to compare with: lower case, without blanks behind it.
    public String name() {
        return written().toLowerCase(Locale.ROOT);
    }

    /// The name as written, without blanks behind it.
    public String written() {
        int end = colon();
        while (end > 0 && blank(raw.charAt(end - 1))) {
            end--;
        }
        return raw.substring(0, end);
    }

    /// The first line, without its end, as UTF-8 text.
    public String line() {
        int end = raw.indexOf('\n');
        String line = end < 0 ? raw : raw.substring(0, end > 0 && raw.charAt(end - 1) == '\r' ? end - 1 : end);
        return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// What stands behind the colon, in one line (RFC 5322 §2.2.3), without blanks around it; bytes as characters.
    public String value() {
        StringBuilder value = new StringBuilder(raw.length());
        for (int i = colon() + 1; i < raw.length(); i++) {
            char c = raw.charAt(i);
            boolean end = c == '\n' || (c == '\r' && i + 1 < raw.length() && raw.charAt(i + 1) == '\n');
            boolean leading = value.isEmpty() && blank(c);
            if (!end && !leading) {
                value.append(c);
            }
        }
        int length = value.length();
        while (length > 0 && blank(value.charAt(length - 1))) {
            length--;
        }
        value.setLength(length);
        return value.toString();
    }

    /// The value as text; what is no UTF-8 in it is replaced (RFC 6532).
    public String text() {
        return new String(value().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// The same with LF for each line end, a blank for each other CR, and no blanks in front of the colon.
    public Field tidy() {
        String lines =
                (written() + raw.substring(colon())).replace("\r\n", "\n").replace('\r', ' ');
        return new Field(lines.endsWith("\n") ? lines : lines + "\n", place, whole);
    }

    /// The bytes of the message (RFC 6376 §3.4 wants no others).
    public byte[] bytes() {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    private int colon() {
        return Math.max(0, raw.indexOf(':'));
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }
}
