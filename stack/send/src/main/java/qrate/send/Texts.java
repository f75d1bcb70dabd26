package qrate.send;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Address;

/// What can be done with a text that came from somebody else: put it in a log line, in a field, in a paragraph; find
/// the status code in it.
final class Texts {
    /// Longest Diagnostic-Code, in characters.
    private static final int DIAGNOSTIC_CHARS_MAX = 500;

    private static final Pattern ENHANCED = Pattern.compile("(?<![\\d.])[45]\\.\\d{1,3}\\.\\d{1,3}(?![.]?\\d)");
    private static final Pattern REPLY = Pattern.compile("(?m)(?:^|said: )([45]\\d\\d[ -].*)$");

    private Texts() {}

    /// For a log line in qmail-log(5)'s way: no blanks, `/` for a line end, `_` for what is not printable ASCII.
    static String oneWord(String text) {
        StringBuilder word = new StringBuilder(text.length());
        for (char c : text.stripTrailing().toCharArray()) {
            word.append(c == '\n' ? '/' : c <= ' ' || c > '~' ? '_' : c);
        }
        return word.toString();
    }

    /// For a header or report field: one line, no control characters.
    static String field(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.chars().forEach(c -> safe.append(Character.isISOControl(c) ? ' ' : (char) c));
        return safe.toString().strip();
    }

    /// For an address in angle brackets: no control characters, quoted where it must be.
    static String address(String text) {
        String safe = field(text);
        int domain = safe.lastIndexOf('@') + 1;
        return Address.quoted(safe.substring(0, domain) + safe.substring(domain).replace(' ', '_'));
    }

    /// For a paragraph of a bounce (QSBMF): lines that are not blank, without control characters.
    static String paragraph(String text) {
        StringBuilder lines = new StringBuilder();
        text.lines()
                .map(Texts::field)
                .filter(line -> !line.isEmpty())
                .forEach(line -> lines.append(line).append('\n'));
        return lines.isEmpty() ? "No reason was given.\n" : lines.toString();
    }

    /// The enhanced status code in it (RFC 3463), the first of class 4 or 5.
    static Optional<String> status(String text) {
        Matcher matcher = ENHANCED.matcher(text);
        return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
    }

    /// The SMTP reply in it, if it quotes one.
    static Optional<String> reply(String text) {
        Matcher matcher = REPLY.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String reply = field(matcher.group(1));
        return Optional.of(reply.substring(0, Math.min(DIAGNOSTIC_CHARS_MAX, reply.length())));
    }

    /// Whether the first line of a report is this one.
    static boolean opensWith(String report, String line) {
        return report.equals(line) || report.startsWith(line + "\n");
    }

    /// Decodes xtext (RFC 3461 §4); empty when it is not xtext, or hides a control character.
    static Optional<String> xtext(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '+') {
                if (i + 2 >= text.length() || !text.substring(i + 1, i + 3).matches("[0-9A-F]{2}")) {
                    return Optional.empty();
                }
                c = (char) Integer.parseInt(text.substring(i + 1, i + 3), 16);
                i += 2;
            }
            if (c < ' ' || c == 0x7f) {
                return Optional.empty();
            }
            plain.append(c);
        }
        return Optional.of(plain.toString());
    }
}
