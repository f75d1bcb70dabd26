package qrate.snapshots;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import qrate.cdb.CdbWriter;

/// `users/assign` to `users/cdb`, byte for byte as qmail-newu(8) makes it.
///
/// A simple assignment is stored under `!local\0`, a wildcard under `!loc`, both lower case, with the first six
/// fields separated by NUL as value. The empty key holds each last character of a wildcard once: where an address
/// may be cut in the search for one.
public final class Assignments {
    /// Fields of a line, and whatever stands behind the last colon.
    private static final int FIELDS = 8;

    private final CdbWriter cdb = new CdbWriter();
    private final StringBuilder wild = new StringBuilder();

    private Assignments() {}

    /// Text that holds no assignments (qmail-users(5)).
    static final class BadFormat extends IOException {
        private static final long serialVersionUID = 1L;

        BadFormat(String why) {
            super("bad format in users/assign: " + why);
        }
    }

    /// Makes the database of assignment lines without the closing dot.
    ///
    /// @throws IOException when a line is no assignment (qmail-users(5))
    public static CdbWriter toCdb(List<String> lines) throws IOException {
        Assignments all = new Assignments();
        for (String line : lines) {
            // bytes as characters, so that the last byte of a wildcard is what counts
            all.add(new String(line.getBytes(UTF_8), ISO_8859_1), line);
        }
        return all.end();
    }

    /// Lines of a file that are not a domain's of ours.
    ///
    /// @param own names of the domains that are or were of ours
    static List<String> ofOthers(List<String> lines, Set<String> own) {
        return lines.stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("."))
                .filter(line -> !own.contains(wildcard(line)))
                .toList();
    }

    private static String wildcard(String line) {
        int end = line.indexOf("-:");
        return line.startsWith("+") && end > 0 ? line.substring(1, end) : "";
    }

    /// Makes the database of a whole users/assign, which ends at the first line that begins with a dot.
    ///
    /// @throws BadFormat when a line is no assignment, or there is no such end
    static CdbWriter ofFile(byte[] content) throws BadFormat {
        Assignments all = new Assignments();
        String[] lines = new String(content, ISO_8859_1).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].startsWith(".")) {
                return all.end();
            }
            if (i == lines.length - 1) {
                break;
            }
            all.add(lines[i], "line " + (i + 1));
        }
        throw new BadFormat("no dot at the end");
    }

    private void add(String line, String name) throws BadFormat {
        char kind = line.isEmpty() ? 0 : line.charAt(0);
        String[] fields = line.split(":", FIELDS);
        if ((kind != '+' && kind != '=') || fields.length < FIELDS || line.indexOf('\0') >= 0) {
            throw new BadFormat(name);
        }
        String local = fields[0].substring(1);
        String key = "!" + lower(local) + (kind == '=' ? "\0" : "");
        if (kind == '+' && !local.isEmpty()) {
            // DEVIATION: qmail-newu keeps its case here, and then qmail-lspawn never finds a wildcard ending in a
            // capital
            char last = lower(local).charAt(local.length() - 1);
            if (wild.indexOf(String.valueOf(last)) < 0) {
                wild.append(last);
            }
        }
        String value = String.join("\0", Arrays.asList(fields).subList(1, FIELDS - 1));
        cdb.put(key.getBytes(ISO_8859_1), value.getBytes(ISO_8859_1));
    }

    private CdbWriter end() {
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
