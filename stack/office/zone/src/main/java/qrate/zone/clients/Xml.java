package qrate.zone.clients;

import java.util.ArrayDeque;
import java.util.Deque;

/// Writes a document, an element a line. Whatever the texts, what comes out is well-formed.
final class Xml {
    private final StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    private final Deque<String> open = new ArrayDeque<>();

    /// A line of the prologue, as it is.
    Xml line(String line) {
        out.append(line).append('\n');
        return this;
    }

    /// @param attributes names and values in turn
    Xml open(String name, String... attributes) {
        begin(name, attributes).append(">\n");
        open.push(name);
        return this;
    }

    Xml close() {
        String name = open.pop();
        indent().append("</").append(name).append(">\n");
        return this;
    }

    Xml leaf(String name, String text) {
        begin(name).append('>').append(escaped(text)).append("</").append(name).append(">\n");
        return this;
    }

    Xml empty(String name) {
        begin(name).append("/>\n");
        return this;
    }

    private StringBuilder begin(String name, String... attributes) {
        indent().append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ')
                    .append(attributes[i])
                    .append("=\"")
                    .append(escaped(attributes[i + 1]))
                    .append('"');
        }
        return out;
    }

    private StringBuilder indent() {
        return out.repeat("  ", open.size());
    }

    /// What XML cannot hold at all becomes a question mark (XML 1.0 §2.2).
    private static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default -> {
                    boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
                    boolean allowed = c == '\t' || c == '\n' || (c >= ' ' && !surrogate && c != 0xfffe && c != 0xffff);
                    safe.appendCodePoint(allowed ? c : '?');
                }
            }
        });
        return safe.toString();
    }

    /// The document, once all is closed.
    String text() {
        return out.toString();
    }
}
