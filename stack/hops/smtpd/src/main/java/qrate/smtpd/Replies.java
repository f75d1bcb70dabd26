package qrate.smtpd;

import java.util.ArrayList;
import java.util.List;
import qrate.core.Connection;
import qrate.core.Envelope;
import qrate.core.Verdict;
import qrate.milter.MilterVerdict;

/// Replies whose text comes from elsewhere.
final class Replies {
    /// Longest reply in characters (RFC 5321 §4.5.3.1.5), its CRLF left out.
    static final int REPLY_CHARS_MAX = 510;

    private Replies() {}

    /// What cannot be told for now.
    static final String LATER = "451 4.3.0 sorry, that cannot be answered now";

    /// What EHLO is answered with, a line each: the name of this host and what it can (RFC 5321 §4.1.1.1).
    static List<String> hello(String me, long bytesMax, Connection connection) {
        List<String> lines = new ArrayList<>(List.of(
                me,
                "PIPELINING",
                bytesMax == 0 ? "SIZE" : "SIZE " + bytesMax,
                "8BITMIME",
                "SMTPUTF8",
                "CHUNKING",
                "DSN",
                "ENHANCEDSTATUSCODES"));
        if (connection.canStartTls()) {
            lines.add("STARTTLS");
        }
        if (connection.secured()) {
            lines.add("AUTH PLAIN LOGIN");
            lines.add(Envelope.REQUIRETLS); // RFC 8689 §2: inside TLS only
        }
        return lines;
    }

    /// What the client is told about a message: one line, with the verdict's own enhanced code if it has one.
    static String of(Verdict verdict) {
        String text = oneLine(verdict.text());
        return switch (verdict) {
            case Verdict.Delivered _ -> cut("250 2.0.0 " + (text.isEmpty() ? "ok" : text));
            case Verdict.Later _ -> cut("451 " + enhanced(text, '4', "4.3.0"));
            case Verdict.Never _ -> cut("554 " + enhanced(text, '5', "5.3.0"));
        };
    }

    /// What a milter says, its lines parted by CRLF; each has an enhanced code (RFC 2034 §4), the first one's where it
    /// has none itself.
    static String of(MilterVerdict.Refuse refusal) {
        char kind = (char) ('0' + refusal.code() / 100);
        String first = oneLine(refusal.lines().getFirst());
        String usual = isCode(first, 0, kind) ? first.substring(0, first.indexOf(' ')) : kind + ".7.1";
        List<String> lines = new ArrayList<>();
        for (String line : refusal.lines()) {
            String mark = lines.size() + 1 < refusal.lines().size() ? "-" : " ";
            String text = oneLine(line);
            String whole = isCode(text, 0, kind) ? text : (usual + " " + text).strip();
            lines.add(cut(refusal.code() + mark + whole));
        }
        return String.join("\r\n", lines);
    }

    /// A reply as part of a line of the log.
    static String logged(String reply) {
        return reply.replace("\r\n", " / ");
    }

    private static String cut(String reply) {
        return reply.length() <= REPLY_CHARS_MAX ? reply : reply.substring(0, REPLY_CHARS_MAX);
    }

    /// The text behind its own code: in front (`4.3.2 …`), as qmail has it (`… (#4.3.2)`), else the usual one.
    private static String enhanced(String text, char kind, String usual) {
        if (isCode(text, 0, kind)) {
            return text;
        }
        int mark = text.lastIndexOf("(#");
        if (mark >= 0 && isCode(text.replace(')', ' '), mark + 2, kind)) {
            int end = text.indexOf(')', mark);
            return text.substring(mark + 2, end) + " " + (text.substring(0, mark) + text.substring(end + 1)).strip();
        }
        return usual + " " + (text.isEmpty() ? "sorry, that did not work" : text);
    }

    /// Whether `d.d.d ` with numbers of up to three digits stands there.
    private static boolean isCode(String text, int from, char kind) {
        int dots = 0;
        int digits = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits++;
            } else if (c == '.' && digits > 0) {
                dots++;
                digits = 0;
            } else {
                return c == ' ' && dots == 2 && digits > 0 && text.charAt(from) == kind && text.charAt(from + 1) == '.';
            }
            if (digits > 3 || dots > 2) {
                return false;
            }
        }
        return false;
    }

    /// Everything that is not printable ASCII becomes a space or a question mark.
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length() && i < REPLY_CHARS_MAX; i++) {
            char c = text.charAt(i);
            line.append(c == '\r' || c == '\n' || c == '\t' ? ' ' : c < ' ' || c > '~' ? '?' : c);
        }
        return line.toString().strip();
    }

    /// An address or name as one field of a log line: what could look like another field is escaped.
    static String field(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ' ' || c == '<' || c == '>' || c == '\\') {
                return text.replace("\\", "\\x5c")
                        .replace(" ", "\\x20")
                        .replace("<", "\\x3c")
                        .replace(">", "\\x3e");
            }
        }
        return text;
    }
}
