package qrate.wordings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Texts with words in braces. A brace with anything else behind it is a brace.
final class Braces {
    /// Longest word, in characters.
    private static final int WORD_CHARS_MAX = 30;

    /// Longest line that a message of ours has, in characters; in UTF-8 below the 998 bytes of RFC 5322 §2.1.1.
    private static final int LINE_CHARS_MAX = 240;

    private Braces() {}

    /// The words, in their order.
    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', at + 1)) {
            word(text, at).ifPresent(words::add);
        }
        return words;
    }

    private static Optional<String> word(String text, int brace) {
        int end = brace + 1;
        while (end < text.length() && end - brace <= WORD_CHARS_MAX && isLetter(text.charAt(end))) {
            end++;
        }
        boolean is = end > brace + 1 && end < text.length() && text.charAt(end) == '}';
        return is ? Optional.of(text.substring(brace + 1, end)) : Optional.empty();
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    /// The text with what stands for its words; a word without anything stays.
    static String filled(String text, Map<Placeholder, String> values) {
        StringBuilder filled = new StringBuilder(text.length());
        int from = 0;
        for (int at = text.indexOf('{'); at >= 0; at = text.indexOf('{', from)) {
            Optional<String> word = word(text, at);
            Optional<String> value = word.flatMap(Placeholder::of).map(values::get);
            filled.append(text, from, at).append(value.orElse("{"));
            from = at + (value.isPresent() ? word.orElseThrow().length() + 2 : 1);
        }
        return filled.append(text.substring(from)).toString();
    }

    /// The text with lines that a message can have, ended by LF: what is longer goes on in another one, at a blank if
    /// there is one, and not within a character.
    static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length() + 1);
        for (String line : text.split("\n", -1)) {
            String rest = line;
            while (rest.length() > LINE_CHARS_MAX) {
                int blank = rest.lastIndexOf(' ', LINE_CHARS_MAX);
                int end = blank > 0 ? blank : LINE_CHARS_MAX;
                end -= Character.isHighSurrogate(rest.charAt(end - 1)) ? 1 : 0;
                folded.append(rest, 0, end).append('\n');
                rest = rest.substring(blank > 0 ? end + 1 : end);
            }
            folded.append(rest).append('\n');
        }
        return text.endsWith("\n") ? folded.substring(0, folded.length() - 1) : folded.toString();
    }
}
