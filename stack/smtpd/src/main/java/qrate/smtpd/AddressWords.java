package qrate.smtpd;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The words of an address field, comments and blanks left out (RFC 5322 §3.2), and mailboxes made of them.
final class AddressWords {
    private static final int COMMENT_DEPTH_MAX = 20;
    private static final String MARKS = "<>,:;@.";
    private static final char ATOM = 'a';
    private static final char QUOTED = '"';
    private static final char LITERAL = '[';

    /// One word.
    ///
    /// @param mark one of `< > , : ; @ .`, or what kind of text it is
    record Word(char mark, String text) {
        private boolean isText() {
            return mark == ATOM || mark == QUOTED;
        }
    }

    private final String text;
    private final List<Word> words = new ArrayList<>();
    private int at;

    private AddressWords(String text) {
        this.text = text;
    }

    /// The words of a field.
    ///
    /// @return empty when something in it is not closed, or is a control character
    static Optional<List<Word>> of(String text) {
        AddressWords reading = new AddressWords(text);
        return reading.read() ? Optional.of(reading.words) : Optional.empty();
    }

    private boolean read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean good = true;
            if (c == ' ' || c == '\t') {
                at++;
            } else if (c == '(') {
                good = comment();
            } else if (c == '"') {
                good = quoted();
            } else if (c == '[') {
                good = literal();
            } else if (MARKS.indexOf(c) >= 0) {
                words.add(new Word(c, ""));
                at++;
            } else {
                good = atom();
            }
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private boolean comment() {
        int depth = 0;
        while (at < text.length() && depth < COMMENT_DEPTH_MAX) {
            char c = text.charAt(at++);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            at += c == '\\' ? 1 : 0;
            if (depth == 0) {
                return at <= text.length();
            }
        }
        return false;
    }

    private boolean quoted() {
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                words.add(new Word(QUOTED, inside.toString()));
                return true;
            }
            if (c == '\\' && ++at < text.length()) {
                c = text.charAt(at);
            }
            inside.append(c);
        }
        return false;
    }

    private boolean literal() {
        int end = text.indexOf(']', at);
        if (end < 0) {
            return false;
        }
        words.add(new Word(LITERAL, text.substring(at, end + 1)));
        at = end + 1;
        return true;
    }

    private boolean atom() {
        int from = at;
        while (at < text.length() && isAtom(text.charAt(at))) {
            at++;
        }
        words.add(new Word(ATOM, text.substring(from, at)));
        return at > from;
    }

    private static boolean isAtom(char c) {
        return c > ' ' && c != 0x7f && MARKS.indexOf(c) < 0 && "()\"[]\\".indexOf(c) < 0;
    }

    /// One mailbox: an address, or a name and an address in angle brackets.
    static Optional<String> mailbox(List<Word> words) {
        int open = indexOf(words, '<', 0);
        if (open < 0) {
            return address(words);
        }
        int close = words.size() - 1;
        boolean named = words.subList(0, open).stream().allMatch(w -> w.isText() || w.mark == '.');
        if (!named || indexOf(words, '>', 0) != close) {
            return Optional.empty();
        }
        int colon = indexOf(words, ':', open); // an old route ends there
        return address(words.subList(Math.max(open, colon) + 1, close));
    }

    private static int indexOf(List<Word> words, char mark, int from) {
        for (int i = from; i < words.size(); i++) {
            if (words.get(i).mark == mark) {
                return i;
            }
        }
        return -1;
    }

    /// `local@domain`, the local part without its quotes, as addresses are everywhere inside.
    private static Optional<String> address(List<Word> words) {
        int sign = indexOf(words, '@', 0);
        if (sign < 1) {
            return Optional.empty();
        }
        List<Word> domain = words.subList(sign + 1, words.size());
        boolean literal = domain.size() == 1 && domain.getFirst().mark == LITERAL;
        Optional<String> local = dotted(words.subList(0, sign), true);
        Optional<String> host = literal ? Optional.of(domain.getFirst().text) : dotted(domain, false);
        return local.isPresent() && host.isPresent() ? Optional.of(local.get() + "@" + host.get()) : Optional.empty();
    }

    /// Texts with one dot between each two.
    private static Optional<String> dotted(List<Word> words, boolean quotes) {
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            boolean good = i % 2 == 1 ? word.mark == '.' : word.mark == ATOM || (quotes && word.mark == QUOTED);
            if (!good) {
                return Optional.empty();
            }
            whole.append(word.mark == '.' ? "." : word.text);
        }
        return words.size() % 2 == 1 ? Optional.of(whole.toString()) : Optional.empty();
    }
}
