package qrate.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Comma-separated values (RFC 4180), read in one pass and written. A line may end with LF alone, as many programs end
/// theirs.
final class Csv {
    /// Most lines that say something, the first with the names of columns among them.
    static final int LINES_MAX = 301;

    /// Most fields of a line.
    static final int FIELDS_MAX = 20;

    /// Longest field, in characters.
    static final int FIELD_CHARS_MAX = 400;

    /// What spreadsheets take for the beginning of a formula; and the apostrophe, which stands in front of such.
    private static final String FORMULA = "=+-@\t\r'";

    /// A line.
    ///
    /// @param number where it begins in the text, from 1
    record Line(int number, List<String> fields) {
        Line {
            fields = List.copyOf(fields);
        }
    }

    /// What was read.
    sealed interface Parsed {
        /// @param lines without those that are empty
        record Good(List<Line> lines) implements Parsed {}

        /// @param line where it is wrong, from 1
        record Bad(int line, Trouble trouble) implements Parsed {}
    }

    /// What can be wrong.
    enum Trouble {
        QUOTE,
        FIELDS,
        FIELD,
        LINES
    }

    private final String text;
    private int at;
    private int number = 1;

    private Csv(String text) {
        this.text = text;
    }

    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final Trouble trouble;

        Wrong(Trouble trouble) {
            super(trouble.name());
            this.trouble = trouble;
        }
    }

    /// Reads a text.
    static Parsed parse(String text) {
        Csv csv = new Csv(text);
        try {
            List<Line> lines = new ArrayList<>();
            while (csv.at < text.length()) {
                Line line = csv.line();
                if (line.fields.size() > 1 || !line.fields.getFirst().isEmpty()) {
                    lines.add(line);
                }
                if (lines.size() > LINES_MAX) {
                    throw new Wrong(Trouble.LINES);
                }
            }
            return new Parsed.Good(List.copyOf(lines));
        } catch (Wrong e) {
            return new Parsed.Bad(csv.number, e.trouble);
        }
    }

    private boolean ends() {
        return at >= text.length() || text.charAt(at) == '\n' || text.startsWith("\r\n", at);
    }

    private Line line() throws Wrong {
        int begun = number;
        List<String> fields = new ArrayList<>(List.of(field()));
        while (!ends()) {
            at++; // the comma
            fields.add(field());
            if (fields.size() > FIELDS_MAX) {
                throw new Wrong(Trouble.FIELDS);
            }
        }
        at = Math.min(text.length(), at + (text.startsWith("\r", at) ? 2 : 1));
        number++;
        return new Line(begun, fields);
    }

    /// Up to a comma or the end of the line.
    private String field() throws Wrong {
        StringBuilder field = new StringBuilder();
        boolean quoted = text.startsWith("\"", at);
        at += quoted ? 1 : 0;
        for (boolean open = quoted; open || !(ends() || text.charAt(at) == ','); at++) {
            char c = at < text.length() ? text.charAt(at) : '"';
            boolean twice = open && text.startsWith("\"\"", at);
            if (c == '"' && !twice && (!open || at >= text.length())) {
                throw new Wrong(Trouble.QUOTE);
            }
            if (c == '"' && !twice) {
                open = false;
            } else if (!open && quoted) {
                throw new Wrong(Trouble.QUOTE);
            } else {
                field.append(c);
                at += twice ? 1 : 0;
                number += c == '\n' ? 1 : 0;
            }
            if (field.length() > FIELD_CHARS_MAX) {
                throw new Wrong(Trouble.FIELD);
            }
        }
        return formula(quoted ? field.toString() : field.toString().strip());
    }

    /// Without what {@link #line(List)} puts in front.
    private static String formula(String field) {
        return field.length() > 1 && field.charAt(0) == '\'' && FORMULA.indexOf(field.charAt(1)) >= 0
                ? field.substring(1)
                : field;
    }

    /// A line with its end. What a spreadsheet would take for a formula begins with an apostrophe, which it does not
    /// show.
    static String line(List<String> fields) {
        return fields.stream()
                        .map(field -> !field.isEmpty() && FORMULA.indexOf(field.charAt(0)) >= 0 ? "'" + field : field)
                        .map(field ->
                                field.chars().anyMatch(c -> ",\"\r\n".indexOf(c) >= 0) || !field.equals(field.strip())
                                        ? "\"" + field.replace("\"", "\"\"") + "\""
                                        : field)
                        .collect(Collectors.joining(","))
                + "\r\n";
    }
}
