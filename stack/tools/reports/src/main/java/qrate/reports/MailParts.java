package qrate.reports;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import qrate.core.Body;
import qrate.message.Header;
import qrate.message.Wanted;

/// The attachments of a message that may be reports, decoded (RFC 2045, RFC 2046). What is broken is as far as it can
/// be
/// read, and never an error.
final class MailParts {
    /// How deep parts may lie in parts.
    static final int DEPTH_MAX = 4;

    /// Most parts that are looked at.
    static final int PARTS_MAX = 50;

    private static final int HEADER_BYTES_MAX = 64 << 10;
    private static final int BOUNDARY_CHARS_MAX = 70; // RFC 2046 §5.1.1

    private static final Wanted WANTED =
            Wanted.some("content-type", "content-transfer-encoding", "content-disposition");
    private static final List<String> TYPES = List.of("gzip", "zip", "xml", "json", "octet-stream");
    private static final List<String> NAMES = List.of(".xml", ".gz", ".zip", ".json");

    private MailParts() {}

    /// A part of a message: where it begins, where it ends, and how deep it lies.
    private record Range(int from, int to, int depth) {}

    /// @param message the whole of it
    static List<byte[]> of(byte[] message) throws IOException {
        List<byte[]> found = new ArrayList<>();
        Deque<Range> open = new ArrayDeque<>(List.of(new Range(0, message.length, 0)));
        for (int looked = 0; looked < PARTS_MAX && !open.isEmpty(); looked++) {
            Range part = open.removeFirst();
            byte[] begin = Arrays.copyOfRange(message, part.from, Math.min(part.to, part.from + HEADER_BYTES_MAX));
            Header header = Header.of(Body.of(begin), WANTED);
            int body = part.from + (int) header.bytes() + header.separator();
            String type = header.value("content-type").orElse("text/plain");
            String boundary = parameter(type, "boundary");
            if (word(type).startsWith("multipart/") && isBoundary(boundary)) {
                if (part.depth < DEPTH_MAX) {
                    ranges(message, new Range(body, part.to, part.depth + 1), boundary)
                            .reversed()
                            .forEach(open::addFirst);
                }
            } else if (mayBeReport(word(type), header)) {
                found.add(decoded(
                        Arrays.copyOfRange(message, body, part.to),
                        word(header.value("content-transfer-encoding").orElse(""))));
            }
        }
        return found;
    }

    private static boolean isBoundary(String text) {
        return !text.isEmpty() && text.length() <= BOUNDARY_CHARS_MAX;
    }

    private static boolean mayBeReport(String type, Header header) {
        String name = parameter(header.value("content-disposition").orElse(""), "filename");
        String called = name.isEmpty() ? parameter(header.value("content-type").orElse(""), "name") : name;
        return TYPES.stream().anyMatch(type::contains)
                || NAMES.stream().anyMatch(called.toLowerCase(Locale.ROOT)::endsWith);
    }

    /// The value's first word, in lower case: `application/gzip`.
    private static String word(String value) {
        int end = value.indexOf(';');
        return value.substring(0, end < 0 ? value.length() : end).strip().toLowerCase(Locale.ROOT);
    }

    /// A parameter of a field (RFC 2045 §5.1), without its quotes; empty where there is none.
    static String parameter(String value, String name) {
        int at = 0;
        while (at >= 0 && at < value.length()) {
            int semicolon = end(value, at, ";");
            int begin = semicolon + 1;
            int equals = end(value, begin, "=;");
            if (equals < value.length()
                    && value.charAt(equals) == '='
                    && value.substring(Math.min(begin, equals), equals).strip().equalsIgnoreCase(name)) {
                String text =
                        value.substring(equals + 1, end(value, equals + 1, ";")).strip();
                return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                        ? text.substring(1, text.length() - 1).replace("\\", "")
                        : text;
            }
            at = semicolon >= value.length() ? -1 : begin;
        }
        return "";
    }

    /// Where one of these characters stands outside of quotes, or the end.
    private static int end(String value, int from, String characters) {
        boolean quoted = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (!quoted && characters.indexOf(c) >= 0) {
                return i;
            }
        }
        return value.length();
    }

    /// The parts between the lines of a boundary.
    private static List<Range> ranges(byte[] message, Range whole, String boundary) {
        byte[] line = ("--" + boundary).getBytes(ISO_8859_1);
        List<Range> all = new ArrayList<>();
        int begun = -1;
        for (int at = whole.from; at < whole.to && all.size() < PARTS_MAX; at = next(message, at, whole.to)) {
            if (startsWith(message, at, whole.to, line)) {
                if (begun >= 0) {
                    all.add(new Range(begun, Math.max(begun, at - 1), whole.depth));
                }
                begun = next(message, at, whole.to);
                if (startsWith(message, at + line.length, whole.to, new byte[] {'-', '-'})) {
                    return all;
                }
            }
        }
        if (begun >= 0 && begun < whole.to) {
            all.add(new Range(begun, whole.to, whole.depth)); // it was cut off
        }
        return all;
    }

    private static int next(byte[] message, int at, int end) {
        int i = at;
        while (i < end && message[i] != '\n') {
            i++;
        }
        return Math.min(i + 1, end);
    }

    private static boolean startsWith(byte[] message, int at, int end, byte[] what) {
        return at + what.length <= end && Arrays.equals(message, at, at + what.length, what, 0, what.length);
    }

    private static byte[] decoded(byte[] content, String encoding) {
        return switch (encoding) {
            case "base64" -> base64(content);
            case "quoted-printable" -> quotedPrintable(content);
            default -> content;
        };
    }

    private static byte[] base64(byte[] content) {
        try {
            return Base64.getMimeDecoder().decode(content);
        } catch (IllegalArgumentException _) {
            return new byte[0];
        }
    }

    private static byte[] quotedPrintable(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length);
        for (int i = 0; i < content.length; i++) {
            if (content[i] != '=') {
                out.write(content[i]);
            } else if (i + 2 < content.length && isHex(content[i + 1]) && isHex(content[i + 2])) {
                out.write(Character.digit(content[i + 1], 16) << 4 | Character.digit(content[i + 2], 16));
                i += 2;
            } else {
                i = next(content, i, content.length) - 1; // a line that goes on
            }
        }
        return out.toByteArray();
    }

    private static boolean isHex(byte b) {
        return Character.digit(b, 16) >= 0;
    }
}
