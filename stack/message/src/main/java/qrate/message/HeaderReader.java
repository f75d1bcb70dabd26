package qrate.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Keeps some fields of a header while a message goes by.
///
/// A line that is no field and continues none is passed over, as some programs do, so that whatever anybody takes for
/// a field is one here.
public final class HeaderReader {
    /// Longest value that is kept, in bytes; nobody has names that long.
    public static final int VALUE_BYTES_MAX = 8192;

    /// Most bytes that are kept in all.
    public static final int KEPT_BYTES_MAX = 64 << 10;

    /// Most fields that are kept.
    public static final int KEPT_FIELDS_MAX = 200;

    private static final int NAME_BYTES_MAX = 64;

    /// One field.
    ///
    /// @param name lower case
    /// @param value behind the colon, unfolded; what is no UTF-8 in it is replaced
    /// @param place how many fields stand before it
    /// @param whole false when it was longer than what is kept
    public record Field(String name, String value, int place, boolean whole) {}

    private enum At {
        LINE_START,
        NAME,
        BLANKS,
        VALUE,
        NOTHING,
        BODY
    }

    private final Set<String> names;
    private final List<Field> fields = new ArrayList<>();
    private final byte[] name = new byte[NAME_BYTES_MAX];
    private final ByteArrayOutputStream value = new ByteArrayOutputStream(0);
    private String open = "";
    private At at = At.LINE_START;
    private int length;
    private int places;
    private int kept;
    private boolean begun;
    private boolean headless;
    private boolean cut;
    private boolean overfull;

    /// @param names lower case, at most 64 bytes each
    public HeaderReader(Set<String> names) {
        this.names = Set.copyOf(names);
    }

    /// Takes a piece of a line.
    public void text(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count && at != At.NOTHING && at != At.BODY; i++) {
            take(bytes[i]);
        }
    }

    private void take(byte b) {
        boolean blank = b == ' ' || b == '\t';
        switch (at) {
            case LINE_START -> {
                if (blank) {
                    at = open.isEmpty() ? At.NOTHING : At.VALUE;
                    keep(b);
                } else {
                    close();
                    length = 0;
                    at = At.NAME;
                    name(b);
                }
            }
            case NAME -> name(b);
            case BLANKS -> {
                if (b == ':') {
                    colon();
                } else if (!blank) {
                    at = At.NOTHING;
                }
            }
            case VALUE -> keep(b);
            case NOTHING, BODY -> {
                // nothing to us
            }
        }
    }

    private void name(byte b) {
        if (b == ':' && length > 0) {
            colon();
        } else if ((b == ' ' || b == '\t') && length > 0) {
            at = At.BLANKS;
        } else if (b <= ' ' || b == 0x7f || b == ':') {
            at = At.NOTHING; // bytes beyond ASCII are negative
        } else {
            if (length < NAME_BYTES_MAX) {
                name[length] = (byte) (b >= 'A' && b <= 'Z' ? b + 32 : b);
            }
            length++;
        }
    }

    private void colon() {
        begun = true;
        places++;
        at = At.NOTHING;
        String own = named();
        if (names.contains(own)) {
            if (fields.size() < KEPT_FIELDS_MAX) {
                open = own;
                at = At.VALUE;
            } else {
                overfull = true;
            }
        }
    }

    private String named() {
        return length > NAME_BYTES_MAX ? "" : new String(name, 0, length, StandardCharsets.US_ASCII);
    }

    private void keep(byte b) {
        if (open.isEmpty()) {
            return;
        }
        if (value.size() == VALUE_BYTES_MAX || kept == KEPT_BYTES_MAX) {
            cut = true;
        } else {
            value.write(b);
            kept++;
        }
    }

    private void close() {
        if (!open.isEmpty()) {
            fields.add(new Field(open, value.toString(StandardCharsets.UTF_8), places - 1, !cut));
            open = "";
            value.reset();
            cut = false;
        }
    }

    /// Takes the end of a line.
    public void newline() {
        if (at == At.BODY) {
            return;
        }
        if (at == At.LINE_START) {
            end();
            return;
        }
        if (!begun) {
            String word = at == At.NOTHING || at == At.BLANKS ? named() : "";
            boolean separator = word.equals("from") || word.equals(">from"); // of an mbox; the header is behind it
            headless = !separator;
            at = headless ? At.BODY : At.LINE_START;
            length = 0;
            return;
        }
        at = At.LINE_START;
    }

    private void end() {
        close();
        at = At.BODY;
    }

    /// Says that there is no more.
    public void finish() {
        if (at != At.BODY) {
            if (at != At.LINE_START) {
                newline();
            }
            end();
        }
    }

    /// Those that were asked for, in order.
    public List<Field> fields() {
        return List.copyOf(fields);
    }

    /// Whether the message begins with text instead of a header.
    public boolean headless() {
        return headless;
    }

    /// Whether there were more than anybody needs, and some are missing.
    public boolean overfull() {
        return overfull;
    }
}
