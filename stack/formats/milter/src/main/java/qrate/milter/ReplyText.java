package qrate.milter;

import java.util.ArrayList;
import java.util.List;

/// A reply of SMTP as it travels: lines with their codes, CRLF between them (RFC 5321 §4.2.1).
final class ReplyText {
    private static final int CODE_CHARS = 3;

    private ReplyText() {}

    /// Percent signs are doubled, since Sendmail takes the text for a format.
    static String of(MilterReply.Code reply) {
        List<String> lines = new ArrayList<>();
        for (String line : reply.lines()) {
            char mark = lines.size() + 1 == reply.lines().size() ? ' ' : '-';
            lines.add("" + reply.code() + mark + line.replace("%", "%%"));
        }
        return String.join("\r\n", lines);
    }

    /// Reads what {@link #of} made, or libmilter, or others, who do not double percent signs.
    ///
    /// @throws IllegalArgumentException when it is no reply of SMTP
    static MilterReply.Code parsed(String text) {
        List<String> lines = new ArrayList<>();
        int from = 0;
        int end = text.indexOf("\r\n");
        while (end >= 0 && lines.size() < MilterReply.REPLY_LINES_MAX) {
            lines.add(line(text, text.substring(from, end), '-'));
            from = end + 2;
            end = text.indexOf("\r\n", from);
        }
        lines.add(line(text, text.substring(from), ' '));
        return new MilterReply.Code(Integer.parseInt(text, 0, CODE_CHARS, 10), lines);
    }

    private static String line(String text, String line, char mark) {
        boolean whole = line.length() > CODE_CHARS
                && line.charAt(CODE_CHARS) == mark
                && line.startsWith(text.substring(0, CODE_CHARS))
                && line.chars().limit(CODE_CHARS).allMatch(c -> c >= '0' && c <= '9');
        if (!whole) {
            throw new IllegalArgumentException("no reply of SMTP");
        }
        return line.substring(CODE_CHARS + 1).replace("%%", "%");
    }
}
