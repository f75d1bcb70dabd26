package qrate.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import qrate.core.Body;

/// What a {@link HeaderReader} has read.
///
/// @param fields those that were asked for, in order
/// @param bytes how much of the message it takes in whole lines, without the empty line behind it
/// @param separator length of the empty line behind it in bytes, 0 where there is none
/// @param headless whether the message begins with text instead of a header
/// @param cut whether there is more than the limits allow, and something is missing
public record Header(List<Field> fields, long bytes, int separator, boolean headless, boolean cut) {
    private static final int BLOCK_BYTES = 8 << 10;

    public Header {
        fields = List.copyOf(fields);
    }

    /// A header and what stands behind it.
    ///
    /// @param body without the empty line between them; nothing where the header is cut
    public record Split(Header header, InputStream body) {}

    /// Reads as much of a message as its header needs, in blocks.
    public static Header of(Body message, Wanted wanted) throws IOException {
        try (InputStream in = message.open()) {
            return split(in, wanted).header;
        }
    }

    /// Reads a header off a message.
    ///
    /// @param in is read further by the body of what is given back
    public static Split split(InputStream in, Wanted wanted) throws IOException {
        HeaderReader reader = new HeaderReader(wanted);
        byte[] block = new byte[BLOCK_BYTES];
        long before = 0;
        int n = 0;
        while (!reader.ended()) {
            before += n;
            n = in.read(block);
            if (n < 0) {
                break;
            }
            reader.lines(block, 0, n);
        }
        Header header = reader.header();
        long body = header.bytes + header.separator;
        // a line that is none of a header may have begun in a block before this one
        byte[] line = Arrays.copyOf(reader.begun(), (int) Math.max(0, before - body));
        int from = (int) Math.max(0, body - before);
        InputStream rest = n < 0 || header.cut
                ? InputStream.nullInputStream()
                : new SequenceInputStream(new ByteArrayInputStream(block, from, n - from), in);
        return new Split(header, new SequenceInputStream(new ByteArrayInputStream(line), rest));
    }

    /// The first field of a name.
    ///
    /// @param name lower case
    public Optional<Field> field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /// The value of the first field of a name, bytes as characters.
    ///
    /// @param name lower case
    public Optional<String> value(String name) {
        return field(name).map(Field::value);
    }

    /// All fields of a name.
    ///
    /// @param name lower case
    public List<Field> named(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).toList();
    }
}
