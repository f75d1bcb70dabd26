package qrate.send;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Address;

/// What can be done with a text that came from somebody else: put it in a log line, in a field, in a paragraph; find
/// the status code in it.
final class Texts {
    /// Longest Diagnostic-Code, in characters, and what is left of its last line.
    private static final int DIAGNOSTIC_CHARS_MAX = 8_000;

    /// Longest line of it; in UTF-8 below the 998 bytes of RFC 5322 §2.1.1.
    private static final int FOLDED_CHARS_MAX = 240;

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

    /// The SMTP reply in it, if it quotes one, as a Diagnostic-Code has it (RFC 3464 §2.3.6): all its lines, folded.
    ///
    /// @param international whether the field may have more than ASCII (RFC 6533 §3)
    static Optional<String> reply(String text, boolean international) {
        Matcher matcher = REPLY.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        StringBuilder folded = new StringBuilder();
        String code = matcher.group(1).substring(0, 3);
        boolean more = true;
        for (String line : text.substring(matcher.start(1)).lines().toList()) {
            if (!more || !line.startsWith(code) || folded.length() >= DIAGNOSTIC_CHARS_MAX) {
                break;
            }
            more = line.startsWith("-", 3);
            String plain = international ? field(line) : escaped(field(line));
            for (int from = 0; from < plain.length() && folded.length() < DIAGNOSTIC_CHARS_MAX; ) {
                int to = fold(plain, from);
                folded.append(folded.isEmpty() ? "" : "\n ").append(plain, from, to);
                from = to;
            }
        }
        return Optional.of(folded.toString());
    }

    /// Where a line of a field must end: at a blank if there is one, and not within a character.
    private static int fold(String text, int from) {
        int most = from + FOLDED_CHARS_MAX;
        if (most >= text.length()) {
            return text.length();
        }
        int blank = text.lastIndexOf(' ', most);
        int end = blank > from ? blank : most;
        return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }

    /// What is not ASCII in the form of RFC 6533 §3, so that it can be read back.
    private static String escaped(String text) {
        StringBuilder ascii = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c < 0x7f) {
                ascii.appendCodePoint(c);
            } else {
                ascii.append(String.format("\\x{%X}", c));
            }
        });
        return ascii.toString();
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
