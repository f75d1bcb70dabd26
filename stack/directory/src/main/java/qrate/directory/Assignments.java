package qrate.directory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import qrate.cdb.CdbWriter;

/// `users/assign` to `users/cdb`, byte for byte as qmail-newu(8) makes it.
///
/// A simple assignment is stored under `!local\0`, a wildcard under `!loc`, both lower case, with the first six
/// fields separated by NUL as value. The empty key holds each last character of a wildcard once: where an address
/// may be cut in the search for one.
public final class Assignments {
    private static final int FIELDS = 7;

    private Assignments() {}

    /// Makes the database of assignment lines without the closing dot.
    ///
    /// @throws IOException when a line is no assignment (qmail-users(5))
    public static CdbWriter toCdb(List<String> lines) throws IOException {
        CdbWriter cdb = new CdbWriter();
        StringBuilder wild = new StringBuilder();
        for (String line : lines) {
            // bytes as characters, so that the last byte of a wildcard is what counts
            String bytes = new String(line.getBytes(UTF_8), ISO_8859_1);
            char kind = bytes.isEmpty() ? 0 : bytes.charAt(0);
            String[] fields = bytes.split(":", FIELDS + 1);
            if ((kind != '+' && kind != '=') || fields.length < FIELDS || bytes.indexOf('\0') >= 0) {
                throw new IOException("users/assign: not an assignment: " + line);
            }
            String name = fields[0].substring(1);
            String key = "!" + lower(name) + (kind == '=' ? "\0" : "");
            if (kind == '+' && !name.isEmpty()) {
                char last = name.charAt(name.length() - 1);
                if (wild.indexOf(String.valueOf(last)) < 0) {
                    wild.append(last);
                }
            }
            String value = String.join("\0", Arrays.asList(fields).subList(1, FIELDS));
            cdb.put(key.getBytes(ISO_8859_1), value.getBytes(ISO_8859_1));
        }
        return cdb.put(new byte[0], wild.toString().getBytes(ISO_8859_1));
    }

    private static String lower(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = chars[i] < 0x80 ? Character.toLowerCase(chars[i]) : chars[i];
        }
        return new String(chars);
    }
}
