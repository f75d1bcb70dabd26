package qrate.remote.session;

import java.io.IOException;
import java.io.InputStream;
import qrate.core.Body;
import qrate.message.HeaderEnd;

/// What must be known of a message before it is offered.
///
/// @param wireBytes its size with CRLF line endings, without doubled dots (RFC 1870 §3)
/// @param eightBit whether any byte is above 127
/// @param headerEightBit whether one is above 127 in the header (RFC 6532)
record Survey(long wireBytes, boolean eightBit, boolean headerEightBit) {
    private static final int BUFFER_BYTES = 16 << 10;

    /// What was seen of one part of a message.
    ///
    /// @param afterCr whether it ends with a CR
    private record Part(long wireBytes, boolean eightBit, boolean afterCr) {}

    static Survey of(Body body) throws IOException {
        long bytes = 0;
        boolean eightBit = false;
        boolean headerEightBit = false;
        boolean afterCr = false;
        HeaderEnd header = new HeaderEnd();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = body.open()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int end = header.in(buffer, 0, n);
                Part above = look(buffer, 0, end, afterCr, 0);
                Part below = look(buffer, end, n, above.afterCr, 1);
                bytes += above.wireBytes + below.wireBytes;
                headerEightBit |= above.eightBit;
                eightBit |= above.eightBit || below.eightBit;
                afterCr = below.afterCr;
            }
        }
        return new Survey(bytes, eightBit, headerEightBit);
    }

    /// @param bareCr bytes that a CR without LF gains: {@link qrate.smtp.DataWriter} makes a blank of it in the header,
    ///     and a line end in the body
    private static Part look(byte[] bytes, int from, int to, boolean afterCr, int bareCr) {
        long wire = (long) to - from;
        int all = 0;
        boolean cr = afterCr;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            all |= b;
            if (b == '\n') {
                wire += cr ? 0 : 1;
            } else if (cr) {
                wire += bareCr;
            }
            cr = b == '\r';
        }
        return new Part(wire, all < 0, cr);
    }
}
