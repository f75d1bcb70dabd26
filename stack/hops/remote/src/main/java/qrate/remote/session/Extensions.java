package qrate.remote.session;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What a server offers after EHLO (RFC 5321 §4.1.1.1): keywords in upper case, each with its parameters.
record Extensions(Map<String, String> keywords) {
    Extensions {
        keywords = Map.copyOf(keywords);
    }

    /// None, as after HELO.
    static Extensions none() {
        return new Extensions(Map.of());
    }

    /// From the lines of the reply; the first is the server's name.
    static Extensions of(List<String> lines) {
        Map<String, String> found = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String text = line.strip();
            int end = 0;
            while (end < text.length() && text.charAt(end) != ' ' && text.charAt(end) != '=') {
                end++; // `AUTH=PLAIN` is how some old servers write it
            }
            String parameters = end < text.length() ? text.substring(end + 1).strip() : "";
            found.merge(text.substring(0, end).toUpperCase(Locale.ROOT), parameters, (a, b) -> a + " " + b);
        }
        return new Extensions(found);
    }

    boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /// Whether a keyword's parameters hold a word, as AUTH's hold PLAIN.
    boolean has(String keyword, String word) {
        return List.of(keywords.getOrDefault(keyword, "")
                        .toUpperCase(Locale.ROOT)
                        .split("\\s+", -1))
                .contains(word);
    }

    /// The largest message taken, in bytes; a very large number when the server does not say (RFC 1870).
    long sizeMax() {
        String text = keywords.getOrDefault("SIZE", "");
        if (!text.matches("[0-9]{1,18}")) {
            return Long.MAX_VALUE;
        }
        long size = Long.parseLong(text);
        return size == 0 ? Long.MAX_VALUE : size;
    }
}
