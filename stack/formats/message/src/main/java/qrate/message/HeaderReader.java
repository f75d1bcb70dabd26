package qrate.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Cuts a header into fields while a message goes by, whatever its bytes are: the one reader of headers (RFC 5322
/// §2.2).
///
/// A field is a name of printable ASCII, blanks, a colon, and what follows up to a line that does not begin with a
/// blank. Lines end with LF or CRLF. The first empty line ends the header. A separator of an mbox on top is passed
/// over.
public final class HeaderReader {
    /// Longest name with the blanks behind it, in bytes: a line may be no longer (RFC 5322 §2.1.1).
    private static final int NAME_BYTES_MAX = 998;

    private enum At {
        LINE_START,
        /// behind a CR that begins a line
        CR,
        NAME,
        BLANKS,
        VALUE,
        /// what nobody asked for
        NOTHING,
        BODY
    }

    private final Wanted wanted;
    private final Wanted.Limits limits;
    private final List<Field> fields = new ArrayList<>();
    /// Of the line that may begin a field, or of the field.
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream(0);

    private At at = At.LINE_START;
    private byte[] odd = {};
    private long position;
    private long lineStart;
    private int separator;
    private int lines;
    private int places;
    private int kept;
    private boolean open;
    private boolean whole = true;
    private boolean begun;
    private boolean headless;
    private boolean cut;

    /// @param wanted what is kept, and how much of it
    public HeaderReader(Wanted wanted) {
        this.wanted = wanted;
        this.limits = wanted.limits();
    }

    /// Takes a piece of a message, with line ends in it; what stands behind the header is passed over.
    public void lines(byte[] bytes, int from, int to) {
        int start = from;
        for (int i = from; i < to && at != At.BODY; i++) {
            if (bytes[i] == '\n') {
                text(bytes, start, i - start);
                newline();
                start = i + 1;
            }
        }
        text(bytes, start, to - start);
    }

    /// Takes a piece of a line.
    public void text(byte[] bytes, int offset, int count) {
        int end = offset + (int) Math.min(count, Math.max(0, limits.bytes() - position));
        for (int i = offset; i < end && at != At.BODY; i++) {
            if (at == At.VALUE || at == At.NOTHING) {
                rest(bytes, i, end - i);
                break;
            }
            position++;
            take(bytes[i]);
        }
        if (end < offset + count && at != At.BODY) {
            stop();
        }
    }

    private void rest(byte[] bytes, int offset, int count) {
        if (at == At.VALUE) {
            keep(bytes, offset, count);
        }
        position += count;
    }

    private void take(byte b) {
        boolean blank = b == ' ' || b == '\t';
        switch (at) {
            case LINE_START -> {
                if (blank && begun) {
                    at = open ? At.VALUE : At.NOTHING;
                    if (open) {
                        keep(new byte[] {b}, 0, 1);
                    }
                } else {
                    close();
                    raw.write(b);
                    at = b == '\r' ? At.CR : At.NAME;
                    if (!printable(b) && b != '\r') {
                        odd();
                    }
                }
            }
            case CR -> odd(); // a CR alone is no line end
            case NAME, BLANKS -> name(b, blank);
            case VALUE, NOTHING, BODY -> throw new IllegalStateException("taken as a whole");
        }
    }

    private void name(byte b, boolean blank) {
        boolean goesOn = blank || (at == At.NAME && printable(b));
        if (b == ':') {
            raw.write(b);
            colon();
        } else if (goesOn && raw.size() < NAME_BYTES_MAX) {
            raw.write(b);
            at = blank ? At.BLANKS : At.NAME;
        } else {
            raw.write(b);
            odd();
        }
    }

    private static boolean printable(byte b) {
        return b > ' ' && b < 0x7f && b != ':'; // bytes beyond ASCII are negative
    }

    private void colon() {
        begun = true;
        places++;
        at = At.NOTHING;
        String name = raw.toString(StandardCharsets.US_ASCII);
        name = name.substring(0, name.length() - 1).stripTrailing().toLowerCase(Locale.ROOT);
        if (!wanted.names().isEmpty() && !wanted.names().contains(name)) {
            raw.reset();
        } else if (fields.size() >= limits.fields()) {
            cut = true;
            raw.reset();
        } else {
            byte[] line = raw.toByteArray();
            raw.reset();
            open = true;
            keep(line, 0, line.length);
            at = At.VALUE;
        }
    }

    /// A line that is no field and continues none.
    private void odd() {
        String line = raw.toString(StandardCharsets.ISO_8859_1);
        raw.reset();
        boolean separates = !begun && (line.startsWith("From ") || line.startsWith(">From "));
        if (separates || (begun && !wanted.strict())) {
            at = At.NOTHING;
            return;
        }
        headless = !begun;
        odd = line.getBytes(StandardCharsets.ISO_8859_1);
        position = lineStart;
        at = At.BODY;
    }

    private void keep(byte[] bytes, int offset, int count) {
        int room = Math.min(limits.fieldBytes() - raw.size(), limits.keptBytes() - kept);
        int most = Math.max(0, Math.min(room, count));
        raw.write(bytes, offset, most);
        kept += most;
        whole &= most == count;
    }

    private void close() {
        if (open) {
            fields.add(new Field(raw.toString(StandardCharsets.ISO_8859_1), places - 1, whole));
        }
        raw.reset();
        open = false;
        whole = true;
    }

    /// Takes the end of a line.
    public void newline() {
        switch (at) {
            case BODY -> {
                return;
            }
            case LINE_START, CR -> {
                separator = at == At.CR ? 2 : 1;
                position = lineStart;
                end();
                return;
            }
            case NAME, BLANKS -> odd();
            case VALUE -> keep(new byte[] {'\n'}, 0, 1);
            case NOTHING -> {
                // nobody asked for it
            }
        }
        if (at != At.BODY) {
            at = At.LINE_START;
            position++;
            lines++;
            if (lines > limits.lines() || position > limits.bytes()) {
                stop();
            } else {
                lineStart = position;
            }
        }
    }

    private void stop() {
        cut = true;
        whole = false;
        position = lineStart;
        end();
    }

    private void end() {
        close();
        at = At.BODY;
    }

    /// Whether the header is over, and nothing more is read.
    public boolean ended() {
        return at == At.BODY;
    }

    /// Whether there is more than the limits allow, so far.
    public boolean cut() {
        return cut;
    }

    /// What was read; asked for once there is no more.
    public Header header() {
        if (at == At.NAME || at == At.BLANKS || at == At.CR) {
            odd();
        }
        if (at != At.BODY) {
            end();
        }
        return new Header(fields, position, separator, headless, cut);
    }

    /// What was taken of the line that begins the body, where it stands in place of a field.
    public byte[] begun() {
        return odd.clone();
    }
}
