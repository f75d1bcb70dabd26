package qrate.migration;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The lines of a file of the old tree, each with its number.
final class Lines {
    /// Longest line, in bytes.
    static final int LINE_BYTES_MAX = 16 << 10;

    /// Most lines of one file.
    static final int LINES_MAX = 1_000_000;

    private Lines() {}

    /// One line.
    ///
    /// @param number from 1
    /// @param text without its end; empty when there is a problem
    /// @param problem why it cannot be read, or nothing
    record Line(int number, String text, String problem) {}

    /// Splits at LF; what stands behind the last LF is a line too, unless it is empty.
    static List<Line> of(byte[] content) {
        List<Line> lines = new ArrayList<>();
        int from = 0;
        while (from < content.length && lines.size() < LINES_MAX) {
            int end = from;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            lines.add(line(lines.size() + 1, content, from, end));
            from = end + 1;
        }
        if (from < content.length) {
            lines.add(new Line(lines.size() + 1, "", "more than " + LINES_MAX + " lines: the rest is skipped"));
        }
        return lines;
    }

    private static Line line(int number, byte[] content, int from, int end) {
        if (end - from > LINE_BYTES_MAX) {
            return new Line(number, "", "longer than " + LINE_BYTES_MAX + " bytes");
        }
        Optional<String> text = utf8(ByteBuffer.wrap(content, from, end - from));
        if (text.isEmpty()) {
            return new Line(number, "", "not UTF-8");
        }
        String line = text.get();
        boolean control = line.chars().anyMatch(c -> c < ' ' && c != '\t' && c != '\r');
        return control ? new Line(number, "", "control characters") : new Line(number, line, "");
    }

    /// Bytes as text, if they are UTF-8.
    static Optional<String> utf8(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException _) {
            return Optional.empty();
        }
    }
}
