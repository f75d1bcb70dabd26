package qrate.spf;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A text with macros (RFC 7208 §7), read once.
record SpfMacro(List<Piece> pieces) {
    /// No text at all: the domain whose record it is.
    static final SpfMacro NONE = new SpfMacro(List.of());

    /// Longest name that is asked for; what is longer loses labels on its left (RFC 7208 §7.3).
    static final int NAME_CHARS_MAX = 253;

    private static final String LETTERS = "slodiphv";
    private static final String LETTERS_OF_EXPLANATIONS = "crt";
    private static final String DELIMITERS = ".-+,/_=";
    private static final int PARTS_MAX = 1_000; // more than any value has
    private static final int LABEL_CHARS_MAX = 63;

    sealed interface Piece {
        record Plain(String text) implements Piece {}

        /// @param escaped whether it is escaped for a URL
        /// @param keep parts that are kept, from the right
        /// @param delimiters what separates the parts
        record Value(char letter, boolean escaped, int keep, boolean reversed, String delimiters) implements Piece {}
    }

    SpfMacro {
        pieces = List.copyOf(pieces);
    }

    /// A `domain-spec`: what is looked up.
    static Optional<SpfMacro> domain(String text, SpfFaults faults) {
        Reader reader = new Reader(text, LETTERS, '!', faults);
        Optional<SpfMacro> read = reader.read();
        if (read.isPresent() && !reader.endsInMacro && !endsInTopLabel(text)) {
            faults.add(SpfFaults.shown(text) + " does not end like a domain's name");
            return Optional.empty();
        }
        return read;
    }

    /// A `macro-string`: the value of a modifier that nobody knows.
    static Optional<SpfMacro> modifier(String text, SpfFaults faults) {
        return new Reader(text, LETTERS + LETTERS_OF_EXPLANATIONS, '!', faults).read();
    }

    /// An `explain-string`: the text of an explanation.
    static Optional<SpfMacro> explanation(String text, SpfFaults faults) {
        return new Reader(text, LETTERS + LETTERS_OF_EXPLANATIONS, ' ', faults).read();
    }

    private static final class Reader {
        private final String text;
        private final String letters;
        private final char lowest;
        private final SpfFaults faults;
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder plain = new StringBuilder();
        private int at;
        private boolean endsInMacro;

        Reader(String text, String letters, char lowest, SpfFaults faults) {
            this.text = text;
            this.letters = letters;
            this.lowest = lowest;
            this.faults = faults;
        }

        Optional<SpfMacro> read() {
            while (at < text.length()) {
                char c = text.charAt(at++);
                boolean good = c == '%' ? macro() : c >= lowest && c <= '~';
                if (!good) {
                    faults.add(SpfFaults.shown(text) + " holds a sign that may not stand there or a broken macro");
                    return Optional.empty();
                }
                endsInMacro = c == '%';
                if (c != '%') {
                    plain.append(c);
                }
            }
            endPlain();
            return Optional.of(new SpfMacro(pieces));
        }

        private void endPlain() {
            if (!plain.isEmpty()) {
                pieces.add(new Piece.Plain(plain.toString()));
                plain.setLength(0);
            }
        }

        private boolean macro() {
            switch (at < text.length() ? text.charAt(at++) : 0) {
                case '%' -> plain.append('%');
                case '_' -> plain.append(' ');
                case '-' -> plain.append("%20");
                case '{' -> {
                    return value();
                }
                default -> {
                    return false;
                }
            }
            return true;
        }

        private boolean value() {
            int end = text.indexOf('}', at);
            if (end <= at) {
                return false;
            }
            char letter = text.charAt(at++);
            char lower = Character.toLowerCase(letter);
            int keep = 0;
            int digits = 0;
            for (; text.charAt(at) >= '0' && text.charAt(at) <= '9'; at++, digits++) {
                keep = Math.min(PARTS_MAX, keep * 10 + text.charAt(at) - '0');
            }
            boolean reversed = text.charAt(at) == 'r' || text.charAt(at) == 'R';
            String delimiters = text.substring(reversed ? at + 1 : at, end);
            at = end + 1;
            endPlain();
            int parts = digits == 0 ? PARTS_MAX : keep;
            boolean escaped = letter != lower;
            pieces.add(new Piece.Value(lower, escaped, parts, reversed, delimiters.isEmpty() ? "." : delimiters));
            return letter < 0x80
                    && letters.indexOf(lower) >= 0
                    && parts > 0
                    && delimiters.chars().allMatch(c -> DELIMITERS.indexOf(c) >= 0);
        }
    }

    /// `"." toplabel [ "." ]`, where the label has letters, digits and hyphens within, and not digits alone.
    private static boolean endsInTopLabel(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        int dot = name.lastIndexOf('.');
        String label = name.substring(dot + 1);
        boolean good = dot >= 0 && !label.isEmpty() && !label.startsWith("-") && !label.endsWith("-");
        boolean digits = true;
        for (int i = 0; i < label.length() && good; i++) {
            char c = label.charAt(i);
            good = c == '-' || isAlphanumeric(c);
            digits &= c >= '0' && c <= '9';
        }
        return good && !digits;
    }

    static boolean isAlphanumeric(char c) {
        return c < 0x80 && Character.isLetterOrDigit(c);
    }

    /// The name to look up: of a longer one the labels that fit, without the final dot.
    String name(SpfMacroValues values) {
        StringBuilder name = new StringBuilder();
        for (Piece piece : pieces.reversed()) { // what is cut off in the end is not worked out
            name.insert(0, text(piece, values));
            if (name.length() > NAME_CHARS_MAX + 1) {
                break;
            }
        }
        if (!name.isEmpty() && name.charAt(name.length() - 1) == '.') {
            name.setLength(name.length() - 1);
        }
        int over = name.length() - NAME_CHARS_MAX;
        if (over > 0) {
            int dot = name.indexOf(".", over - 1);
            return dot < 0 ? "" : name.substring(dot + 1);
        }
        return name.toString();
    }

    /// The text, unless it has more characters than that.
    Optional<String> text(SpfMacroValues values, int charsMax) {
        StringBuilder text = new StringBuilder();
        for (Piece piece : pieces) {
            text.append(text(piece, values));
            if (text.length() > charsMax) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toString());
    }

    /// Whether asking for it costs a look-up of its own.
    boolean asksForName() {
        return pieces.stream().anyMatch(piece -> piece instanceof Piece.Value value && value.letter() == 'p');
    }

    private static String text(Piece piece, SpfMacroValues values) {
        return switch (piece) {
            case Piece.Plain(var text) -> text;
            case Piece.Value value -> {
                String plain = transformed(values.of(value.letter()), value);
                yield value.escaped() ? escaped(plain) : plain;
            }
        };
    }

    private static String transformed(String text, Piece.Value value) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (value.delimiters().indexOf(text.charAt(i)) >= 0) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        if (value.reversed()) {
            Collections.reverse(parts);
        }
        return String.join(".", parts.subList(Math.max(0, parts.size() - value.keep()), parts.size()));
    }

    /// All but what RFC 3986 §2.3 leaves unreserved.
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(UTF_8)) {
            char c = (char) (b & 0xff);
            if (isAlphanumeric(c) || "-._~".indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /// Whether DNS could have such a name: labels of 1 to 63 characters of printable ASCII. RFC 8616 §4: one
    /// made of a local part in Unicode is none.
    static boolean isName(String name) {
        String[] labels = name.split("\\.", -1);
        return name.length() <= NAME_CHARS_MAX
                && Arrays.stream(labels).allMatch(label -> !label.isEmpty() && label.length() <= LABEL_CHARS_MAX)
                && name.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
