package qrate.core;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// A value as keys and certificates are written (X.690 §8.1, distinguished encoding rules).
public final class DerValue {
    private static final int LONG_LENGTH = 0x80;

    private DerValue() {}

    /// Tag, length and content.
    ///
    /// @param parts of the content, one behind the other
    public static byte[] of(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
        out.write(tag);
        if (length < LONG_LENGTH) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + Byte.SIZE - 1) / Byte.SIZE;
            out.write(LONG_LENGTH | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >> (i * Byte.SIZE));
            }
        }
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
