package qrate.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import qrate.message.Field;

/// The hash over a header that is signed (RFC 6376 §3.4.1, §3.4.2, §3.7).
public final class HeaderHash {
    private HeaderHash() {}

    /// The fields that a list of names means, in its order: of several with one name the last first, and
    /// nothing where none is left (RFC 6376 §5.4.2).
    ///
    /// @param names in any case
    /// @param own the place of the signature itself, which it never means; -1 while that is not in the
    ///     message
    public static List<Field> selected(Content content, List<String> names, int own) {
        Map<String, Integer> left = new HashMap<>();
        List<Field> fields = new ArrayList<>();
        for (String each : names) {
            String name = each.toLowerCase(Locale.ROOT);
            List<Field> all = content.named(name);
            int next = left.getOrDefault(name, all.size()) - 1;
            if (next >= 0 && all.get(next).place() == own) {
                next--;
            }
            if (next >= 0) {
                fields.add(all.get(next));
            }
            left.put(name, Math.max(0, next));
        }
        return fields;
    }

    /// The hash over fields and the signature behind them.
    ///
    /// @param unsigned the signature's own field, without the value of `b=` and without its line end
    public static byte[] of(List<Field> fields, boolean relaxed, String unsigned) {
        MessageDigest digest = Algorithm.sha256();
        for (Field field : fields) {
            digest.update(canonical(field.raw(), relaxed).getBytes(ISO_8859_1));
        }
        String own = canonical(unsigned, relaxed);
        digest.update(own.substring(0, own.length() - 2).getBytes(ISO_8859_1));
        return digest.digest();
    }

    /// A field in canonical form.
    ///
    /// @param raw with LF as line ends; one at its end may be missing
    static String canonical(String raw, boolean relaxed) {
        String field = raw.endsWith("\n") ? raw.substring(0, raw.length() - 1) : raw;
        return (relaxed ? relaxed(field) : field.replace("\n", "\r\n")) + "\r\n";
    }

    private static String relaxed(String field) {
        int colon = Math.max(0, field.indexOf(':'));
        StringBuilder out = new StringBuilder(field.length());
        words(field.substring(0, colon).toLowerCase(Locale.ROOT), out);
        out.append(':');
        words(field.substring(Math.min(field.length(), colon + 1)), out);
        return out.toString();
    }

    /// One blank for any, a line end among them being one, and none at either end.
    private static void words(String text, StringBuilder out) {
        int start = out.length();
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n') {
                blank = out.length() > start;
            } else {
                if (blank) {
                    out.append(' ');
                    blank = false;
                }
                out.append(c);
            }
        }
    }
}
