package qrate.inject;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.Wanted;

/// A message on its way in: its header, and what follows the empty line, or begins with the first line that is no
/// field.
record Incoming(List<Field> header, InputStream rest) {
    /// Largest header, in bytes: its recipients may be as many as an address field can have.
    static final int HEADER_BYTES_MAX = 1 << 20;

    /// How it went.
    sealed interface Read {
        record Good(Incoming message) implements Read {}

        record Bad(String why) implements Read {}
    }

    static Read read(InputStream in) throws IOException {
        Header.Split split = Header.split(in, Wanted.all(HEADER_BYTES_MAX));
        return split.header().cut()
                ? new Read.Bad("the header is larger than " + HEADER_BYTES_MAX + " bytes")
                : new Read.Good(new Incoming(
                        split.header().fields().stream().map(Field::tidy).toList(), split.body()));
    }

    /// A header as it goes out, with the empty line behind it.
    static byte[] bytes(List<Field> fields) {
        StringBuilder lines = new StringBuilder();
        fields.forEach(field -> lines.append(field.raw()));
        return lines.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
