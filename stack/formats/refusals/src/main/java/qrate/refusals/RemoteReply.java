package qrate.refusals;

import java.util.Optional;

/// The SMTP reply in a delivery's text, taken apart.
///
/// @param code 400 to 599
/// @param status the enhanced status code (RFC 3463), `5.7.26`; empty where there is none
/// @param words what it says: lower case, one blank between words, without the codes that begin each of its lines
record RemoteReply(int code, String status, String words) {
    /// Characters of a text that are looked at: qmail-remote keeps 6000 of a reply.
    static final int TEXT_CHARS_MAX = 8_192;

    private static final String SAID = "remote host said: ";
    private static final int CODE_CHARS = 3;
    private static final int NUMBER_DIGITS_MAX = 3;

    /// Finds the reply in a text.
    ///
    /// @param text as qmail-remote wrote it, or as qmail-send's log has it: `_` for a blank, `/` for a line's end
    /// @return empty where no host said anything, or nothing with a code
    static Optional<RemoteReply> in(String text) {
        String plain = plain(text);
        int said = plain.indexOf(SAID);
        String reply = said < 0 ? "" : plain.substring(said + SAID.length());
        if (reply.length() < CODE_CHARS || !isCode(reply)) {
            return Optional.empty();
        }
        String code = reply.substring(0, CODE_CHARS);
        String[] tokens = reply.split(" ", -1);
        String status = status(tokens, code.charAt(0));
        return Optional.of(new RemoteReply(Integer.parseInt(code), status, words(tokens, code, status)));
    }

    /// For comparing: lower case in ASCII, and each run of blanks, control characters, `_` and `/` as one blank.
    static String plain(String text) {
        int length = Math.min(text.length(), TEXT_CHARS_MAX);
        StringBuilder plain = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > ' ' && c != '_' && c != '/') {
                plain.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
            } else if (!plain.isEmpty() && plain.charAt(plain.length() - 1) != ' ') {
                plain.append(' ');
            }
        }
        return plain.toString();
    }

    private static boolean isCode(String reply) {
        char first = reply.charAt(0);
        boolean ended = reply.length() == CODE_CHARS || !isDigit(reply.charAt(CODE_CHARS));
        return (first == '4' || first == '5') && isDigit(reply.charAt(1)) && isDigit(reply.charAt(2)) && ended;
    }

    /// The first status code of either class; qmail's stand in brackets, behind a `#`.
    private static String status(String[] tokens, char reply) {
        String other = "";
        for (String token : tokens) {
            String bare = bare(token);
            int from = bare.length() > CODE_CHARS + 1 && bare.charAt(CODE_CHARS) == '-' ? CODE_CHARS + 1 : 0;
            String candidate = bare.substring(from);
            if (isStatus(candidate)) {
                if (candidate.charAt(0) == reply) {
                    return candidate;
                }
                other = other.isEmpty() ? candidate : other;
            }
        }
        return other;
    }

    private static String bare(String token) {
        int from = 0;
        int to = token.length();
        while (from < to && !isDigit(token.charAt(from))) {
            from++;
        }
        while (to > from && !isDigit(token.charAt(to - 1))) {
            to--;
        }
        return token.substring(from, to);
    }

    /// `5.7.26`, and no address and no version.
    private static boolean isStatus(String text) {
        if (text.length() < 2 || (text.charAt(0) != '4' && text.charAt(0) != '5')) {
            return false;
        }
        int dots = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (digits == 0 || (dots == 0 && digits != 1)) {
                    return false;
                }
                dots++;
                digits = 0;
            } else if (!isDigit(c) || ++digits > NUMBER_DIGITS_MAX) {
                return false;
            }
        }
        return dots == 2 && digits > 0;
    }

    /// A sentence may go over several lines, each of which begins with the codes.
    private static String words(String[] tokens, String code, String status) {
        StringBuilder words = new StringBuilder();
        for (String token : tokens) {
            String word = token.startsWith(code + "-") ? token.substring(CODE_CHARS + 1) : token;
            if (!word.isEmpty() && !word.equals(code) && !word.equals(status)) {
                words.append(words.isEmpty() ? "" : " ").append(word);
            }
        }
        return words.toString();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
