package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Writes JSON (RFC 8259): what `--json` prints, and what REST answers.
///
/// A value is a map with texts as keys, a list, a text, a whole number or a truth. What does not show, or would steer a
/// terminal, is escaped; the rest of Unicode stands as it is.
public final class JsonWriter {
    private static final HexFormat HEX = HexFormat.of();

    private JsonWriter() {}

    /// A value in one line.
    ///
    /// @throws IllegalArgumentException for a value that is none of these
    public static String write(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    /// Prints a value and a line end, in UTF-8 whatever the locale is.
    public static void print(Object value, PrintStream out) {
        out.writeBytes((write(value) + "\n").getBytes(UTF_8));
    }

    /// Prints a list of any length, an item a line. What is not ended was cut off and is no JSON, on purpose.
    public static final class Items {
        private final PrintStream out;
        private String before = "[\n";

        /// @param out what it is printed to
        public Items(PrintStream out) {
            this.out = out;
        }

        /// Prints one more.
        public void add(Object value) {
            out.writeBytes((before + write(value)).getBytes(UTF_8));
            before = ",\n";
        }

        /// No more come.
        public void end() {
            out.writeBytes((before.equals(",\n") ? "\n]\n" : "[]\n").getBytes(UTF_8));
        }
    }

    private static void write(Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                Iterator<? extends Map.Entry<?, ?>> members = map.entrySet().iterator();
                while (members.hasNext()) {
                    Map.Entry<?, ?> member = members.next();
                    text((String) member.getKey(), out);
                    out.append(':');
                    write(member.getValue(), out);
                    out.append(members.hasNext() ? "," : "");
                }
                out.append('}');
            }
            case List<?> list -> {
                out.append('[');
                Iterator<?> items = list.iterator();
                while (items.hasNext()) {
                    write(items.next(), out);
                    out.append(items.hasNext() ? "," : "");
                }
                out.append(']');
            }
            case String text -> text(text, out);
            case Number number -> out.append(number.longValue());
            case Boolean truth -> out.append(truth.booleanValue());
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static void text(String text, StringBuilder out) {
        out.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> out.append('\\').append((char) c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (shows(c)) {
                        out.appendCodePoint(c);
                    } else {
                        for (char unit : Character.toChars(c)) {
                            out.append("\\u").append(HEX.toHexDigits(unit));
                        }
                    }
                }
            }
        });
        out.append('"');
    }

    private static boolean shows(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
