package qrate.lists;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import qrate.core.Body;

/// The header of a message, field by field; bytes as they are.
///
/// @param fields each with its continuation lines and line ends, as Latin-1 text so that no byte changes
/// @param bytes how long it is in the message, the empty line behind it not counted
record Header(List<String> fields, int bytes) {
    /// Longest header in bytes; a message with more is refused.
    static final int BYTES_MAX = 256 << 10;

    private static final Set<String> BULK = Set.of("bulk", "junk", "list");

    /// Reads a header.
    ///
    /// @throws IOException when it is too long or cannot be read
    static Header of(Body message) throws IOException {
        List<String> fields = new ArrayList<>();
        int bytes = 0;
        try (InputStream in = new BufferedInputStream(message.open())) {
            for (String line = line(in, BYTES_MAX); ; line = line(in, BYTES_MAX - bytes)) {
                if (line.isEmpty() || line.equals("\n") || line.equals("\r\n")) {
                    return new Header(List.copyOf(fields), bytes);
                }
                boolean more = (line.startsWith(" ") || line.startsWith("\t")) && !fields.isEmpty();
                if (!more && line.indexOf(':') < 0) {
                    return new Header(List.copyOf(fields), bytes); // no header line: the body begins
                }
                bytes += line.length();
                fields.add(more ? fields.removeLast() + line : line);
            }
        }
    }

    private static String line(InputStream in, int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (line.size() >= most) {
                throw new IOException("header: longer than " + BYTES_MAX + " bytes");
            }
            line.write(b);
            if (b == '\n') {
                break;
            }
        }
        return line.toString(ISO_8859_1);
    }

    static String name(String field) {
        return field.substring(0, Math.max(0, field.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
    }

    /// The value of the first field of a name, without blanks around it.
    Optional<String> value(String name) {
        return fields.stream()
                .filter(field -> name(field).equalsIgnoreCase(name))
                .map(field -> field.substring(field.indexOf(':') + 1).strip())
                .findFirst();
    }

    /// Why a message is not one that a person sent to a list; empty when it may be one.
    Optional<String> automatic() {
        if (value("Mailing-List").isPresent()) {
            return Optional.of("this message is from a mailing list already (#5.7.2)");
        }
        if (value("Precedence")
                .filter(v -> BULK.contains(v.toLowerCase(Locale.ROOT)))
                .isPresent()) {
            return Optional.of("this message is bulk mail: it has a Precedence field (#5.7.2)");
        }
        boolean auto = value("Auto-Submitted")
                .filter(v -> !v.toLowerCase(Locale.ROOT).startsWith("no"))
                .isPresent();
        return auto ? Optional.of("this message was sent by a program: Auto-Submitted (#5.7.2)") : Optional.empty();
    }

    /// The message with new lines in front, without some fields, and with its subject changed.
    Body rewritten(Body message, String front, Predicate<String> removed, String prefix) {
        StringBuilder header = new StringBuilder(bytes(front));
        boolean subject = false;
        for (String field : fields) {
            String name = name(field);
            if (name.equals("subject") && !prefix.isEmpty()) {
                subject = true;
                header.append(prefixed(field, prefix));
            } else if (!removed.test(name)) {
                header.append(field);
            }
        }
        if (!subject && !prefix.isEmpty()) {
            header.append("Subject: ").append(word(prefix)).append('\n');
        }
        byte[] lines = header.toString().getBytes(ISO_8859_1);
        return new Body() {
            @Override
            public long size() {
                return lines.length + message.size() - bytes;
            }

            @Override
            public InputStream open() throws IOException {
                InputStream rest = message.open();
                rest.skipNBytes(bytes);
                return new SequenceInputStream(new ByteArrayInputStream(lines), rest);
            }
        };
    }

    /// A subject that has the prefix already, as replies have, stays.
    private static String prefixed(String field, String prefix) {
        int colon = field.indexOf(':');
        return field.contains(bytes(prefix)) || field.contains(word(prefix))
                ? field
                : field.substring(0, colon + 1) + " " + word(prefix) + " "
                        + field.substring(colon + 1).stripLeading();
    }

    /// Text of ours in the form that fields have here.
    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /// A prefix as a subject can have it: what is not ASCII as an encoded word (RFC 2047 §2).
    private static String word(String prefix) {
        boolean ascii = prefix.chars().allMatch(c -> c < 0x80);
        return ascii ? prefix : "=?utf-8?B?" + Base64.getEncoder().encodeToString(prefix.getBytes(UTF_8)) + "?=";
    }
}
