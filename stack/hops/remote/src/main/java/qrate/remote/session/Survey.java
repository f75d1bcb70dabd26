package qrate.remote.session;

import java.io.IOException;
import java.io.InputStream;
import qrate.core.Body;

/// What must be known of a message before it is offered.
///
/// @param wireBytes its size with CRLF line endings, without doubled dots (RFC 1870 §3)
/// @param eightBit whether any byte is above 127
/// @param headerEightBit whether one is above 127 in the header (RFC 6532)
record Survey(long wireBytes, boolean eightBit, boolean headerEightBit) {
    private static final int BUFFER_BYTES = 16 << 10;

    static Survey of(Body body) throws IOException {
        long bytes = 0;
        boolean eightBit = false;
        boolean headerEightBit = false;
        boolean header = true;
        boolean afterCr = false;
        boolean emptyLine = true;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = body.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    byte b = buffer[i];
                    bytes++;
                    if (afterCr && b != '\n') {
                        bytes += header ? 0 : 1;
                        emptyLine = false;
                    }
                    if (b == '\n') {
                        bytes += afterCr ? 0 : 1;
                        header &= !emptyLine;
                        emptyLine = true;
                    } else if (b < 0) {
                        eightBit = true;
                        headerEightBit |= header;
                        emptyLine = false;
                    } else if (b != '\r') {
                        emptyLine = false;
                    }
                    afterCr = b == '\r';
                }
            }
        }
        return new Survey(bytes, eightBit, headerEightBit);
    }
}
