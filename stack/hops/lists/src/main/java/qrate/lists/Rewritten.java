package qrate.lists;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.function.Predicate;
import qrate.core.Body;
import qrate.message.EncodedWords;
import qrate.message.Field;
import qrate.message.Header;
import qrate.message.HeaderWords;

/// A post with the header that the list gives it; every other byte is as it was.
record Rewritten(byte[] lines, Body message, long skipped) implements Body {
    /// New lines in front, some fields gone, and the subject changed.
    ///
    /// @param front bytes as characters
    /// @param removed says which field goes
    /// @param prefix of the subject, or empty
    static Body of(Body message, Header header, String front, Predicate<Field> removed, String prefix) {
        StringBuilder lines = new StringBuilder(front);
        boolean subject = false;
        for (Field field : header.fields()) {
            if (field.name().equals("subject") && !prefix.isEmpty()) {
                subject = true;
                lines.append(prefixed(field.raw(), prefix));
            } else if (!removed.test(field)) {
                lines.append(field.raw());
            }
        }
        if (!subject && !prefix.isEmpty()) {
            lines.append("Subject: ").append(EncodedWords.encoded(prefix)).append('\n');
        }
        return new Rewritten(lines.toString().getBytes(ISO_8859_1), message, header.bytes());
    }

    /// A subject that has the prefix already, as replies have, stays.
    private static String prefixed(String field, String prefix) {
        int colon = field.indexOf(':');
        String word = EncodedWords.encoded(prefix);
        return field.contains(HeaderWords.bytes(prefix)) || field.contains(word)
                ? field
                : field.substring(0, colon + 1) + " " + word + " "
                        + field.substring(colon + 1).stripLeading();
    }

    @Override
    public long size() {
        return lines.length + message.size() - skipped;
    }

    @Override
    public InputStream open() throws IOException {
        InputStream rest = message.open();
        rest.skipNBytes(skipped);
        return new SequenceInputStream(new ByteArrayInputStream(lines), rest);
    }
}
