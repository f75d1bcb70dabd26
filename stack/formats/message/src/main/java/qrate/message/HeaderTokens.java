package qrate.message;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The tokens of an address field (RFC 5322 §3.2): whatever the text, it is cut up to its end, and what is wrong with
/// it is said beside.
///
/// @param list in order; an {@link Kind#END} is the last
/// @param fault what is not closed or not opened, if something is
record HeaderTokens(List<Token> list, Optional<String> fault) {
    enum Kind {
        /// an atom; a backslash outside quotes is a character like others
        WORD,
        /// a quoted string
        QUOTED,
        /// `[…]`
        LITERAL,
        /// `(…)`
        COMMENT,
        /// one of `< > @ , ; : .`, or a bracket or quote that has no partner
        SPECIAL,
        END
    }

    /// One token.
    ///
    /// @param value without quotes and escapes; a comment with its parentheses, as written
    /// @param from where it starts in the text
    /// @param to behind its end
    record Token(Kind kind, String value, int from, int to) {
        boolean is(char special) {
            return kind == Kind.SPECIAL && value.charAt(0) == special;
        }

        /// An atom or a quoted string.
        boolean word() {
            return kind == Kind.WORD || kind == Kind.QUOTED;
        }
    }

    static HeaderTokens of(String text) {
        return new Cutter(text).cut();
    }

    private static final class Cutter {
        private final String text;
        private final List<Token> tokens = new ArrayList<>();
        private final Set<Kind> unclosed = EnumSet.noneOf(Kind.class);
        private Optional<String> fault = Optional.empty();

        Cutter(String text) {
            this.text = text;
        }

        HeaderTokens cut() {
            int[] ends = commentEnds();
            int i = 0;
            while (i < text.length()) {
                char c = text.charAt(i);
                i = switch (c) {
                    case '"' -> delimited(Kind.QUOTED, i, '"');
                    case '[' -> delimited(Kind.LITERAL, i, ']');
                    case '(' ->
                        ends[i] > 0
                                ? add(Kind.COMMENT, text.substring(i, ends[i]), i, ends[i])
                                : alone(i, "no ) at the end");
                    case ')', ']' -> alone(i, "a " + c + " without its beginning");
                    case '<', '>', '@', ',', ';', ':', '.' -> add(Kind.SPECIAL, String.valueOf(c), i, i + 1);
                    default -> HeaderWords.atom(c) || c == '\\' ? atom(i) : i + 1; // blanks and controls separate words
                };
            }
            add(Kind.END, "", i, i);
            return new HeaderTokens(tokens, fault);
        }

        private int add(Kind kind, String value, int from, int to) {
            tokens.add(new Token(kind, value, from, to));
            return to;
        }

        private int alone(int at, String why) {
            fault = fault.or(() -> Optional.of(why));
            return add(Kind.SPECIAL, text.substring(at, at + 1), at, at + 1);
        }

        private int atom(int from) {
            int i = from;
            while (i < text.length() && (HeaderWords.atom(text.charAt(i)) || text.charAt(i) == '\\')) {
                i++;
            }
            return add(Kind.WORD, text.substring(from, i), from, i);
        }

        private int delimited(Kind kind, int from, char end) {
            StringBuilder value = new StringBuilder();
            // where one was not closed no other is: each search that fails reads to the end
            int to = unclosed.contains(kind) ? 0 : text.length();
            for (int i = from + 1; i < to; i++) {
                char c = text.charAt(i);
                if (c == end) {
                    return add(kind, kind == Kind.LITERAL ? "[" + value + "]" : value.toString(), from, i + 1);
                }
                if (c == '\\' && i + 1 < text.length()) {
                    c = text.charAt(++i);
                }
                value.append(c);
            }
            unclosed.add(kind);
            return alone(from, "no " + end + " at the end");
        }

        /// For each `(` the place behind its `)`, or 0 where there is none: one pass, however many are never closed.
        private int[] commentEnds() {
            int[] ends = new int[text.length()];
            int[] open = new int[text.length()];
            int depth = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\') {
                    i++;
                } else if (c == '(') {
                    open[depth++] = i;
                } else if (c == ')' && depth > 0) {
                    ends[open[--depth]] = i + 1;
                }
            }
            return ends;
        }
    }
}
