package qrate.inject;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the header off a message.
final class Incoming {
    /// Largest header, in bytes.
    static final int HEADER_BYTES_MAX = 1 << 20;

    /// How it went.
    sealed interface Read {
        /// A header and what follows it.
        record Good(List<Field> header, InputStream rest) implements Read {}

        /// No header that could be understood.
        record Bad(String why) implements Read {}
    }

    private final InputStream in;
    private final List<Field> fields = new ArrayList<>();
    private int bytes;

    private Incoming(InputStream in) {
        this.in = in;
    }

    /// Reads up to the empty line, or to the first line that is no field: that one begins the body.
    ///
    /// @param in buffered
    static Read read(InputStream in) throws IOException {
        return new Incoming(in).read();
    }

    private Read read() throws IOException {
        while (true) {
            ByteArrayOutputStream bytesRead = new ByteArrayOutputStream();
            boolean ended = line(bytesRead);
            if (bytes > HEADER_BYTES_MAX) {
                return new Read.Bad("the header is larger than " + HEADER_BYTES_MAX + " bytes");
            }
            String line = bytesRead.toString(StandardCharsets.ISO_8859_1);
            String text = (line.endsWith("\r") ? line.substring(0, line.length() - 1) : line).replace('\r', ' ');
            boolean over = !ended && line.isEmpty();
            if (text.isEmpty()) {
                return new Read.Good(fields, over ? InputStream.nullInputStream() : in);
            }
            if ((text.startsWith("From ") || text.startsWith(">From ")) && fields.isEmpty()) {
                continue; // the separator of an mbox
            }
            if ((text.charAt(0) == ' ' || text.charAt(0) == '\t') && !fields.isEmpty()) {
                Field last = fields.removeLast();
                fields.add(new Field(last.name(), last.lines() + text + "\n"));
                continue;
            }
            int colon = text.indexOf(':');
            String name = colon < 0 ? "" : text.substring(0, colon).stripTrailing();
            if (name.isEmpty() || !name.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                byte[] begin = (line + (ended ? "\n" : "")).getBytes(StandardCharsets.ISO_8859_1);
                return new Read.Good(fields, new SequenceInputStream(new ByteArrayInputStream(begin), in));
            }
            fields.add(new Field(name, name + text.substring(colon) + "\n"));
        }
    }

    /// Reads a line without its LF, or as much as is allowed.
    ///
    /// @return whether there was an LF
    private boolean line(ByteArrayOutputStream line) throws IOException {
        while (bytes <= HEADER_BYTES_MAX) {
            int b = in.read();
            if (b < 0) {
                return false;
            }
            bytes++;
            if (b == '\n') {
                return true;
            }
            line.write(b);
        }
        return false;
    }
}
