package qrate.gate;

import java.util.List;

/// What becomes of a message.
public sealed interface Ruling {
    /// It goes on.
    record Passed() implements Ruling {}

    /// It is put aside for people to look at.
    ///
    /// @param reason in words, printable ASCII
    record Quarantined(String reason) implements Ruling {}

    /// It is refused.
    ///
    /// @param code of the reply: 451 for now, 550 for good
    /// @param lines of the reply, each with the enhanced code in front; printable ASCII
    record Refused(int code, List<String> lines) implements Ruling {
        /// Longest line, in characters: with code and line end 512 may not be passed (RFC 5321 §4.5.3.1.5).
        static final int LINE_CHARS_MAX = 500;

        public Refused {
            lines = lines.stream().map(Ruling::plain).toList();
        }

        static Refused of(int code, String enhanced, List<String> words) {
            return new Refused(
                    code, words.stream().map(line -> enhanced + " " + line).toList());
        }
    }

    /// A text, short and printable.
    static String plain(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().limit(Refused.LINE_CHARS_MAX).forEach(c -> out.append(c < ' ' || c > '~' ? '?' : (char) c));
        return out.toString();
    }
}
