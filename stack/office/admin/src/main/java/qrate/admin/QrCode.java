package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A text as a QR code (ISO/IEC 18004), drawn by the server: the template `qr` shows it, no script runs and nothing is
/// fetched.
///
/// @param side modules from edge to edge, the quiet zone included
/// @param path what is dark, as the path of an SVG image whose unit is a module
record QrCode(int side, String path) {
    /// Longest text: a code of it is still read from a screen by an old phone.
    static final int TEXT_BYTES_MAX = 600;

    /// Light modules around the code that readers look for (ISO/IEC 18004 §6.3.8).
    static final int QUIET = 4;

    /// @throws IllegalArgumentException for a text that is too long: what it is made of has its limits before
    static QrCode of(String text) {
        if (text.getBytes(UTF_8).length > TEXT_BYTES_MAX) {
            throw new IllegalArgumentException("too long for a QR code: " + text.length() + " characters");
        }
        io.nayuki.qrcodegen.QrCode code =
                io.nayuki.qrcodegen.QrCode.encodeText(text, io.nayuki.qrcodegen.QrCode.Ecc.MEDIUM);
        StringBuilder path = new StringBuilder();
        for (int y = 0; y < code.size; y++) {
            int x = 0;
            while (x < code.size) {
                int start = x;
                while (code.getModule(x, y)) { // light beyond the edge
                    x++;
                }
                int run = x - start;
                if (run > 0) {
                    path.append('M').append(start + QUIET).append(' ').append(y + QUIET);
                    path.append('h').append(run).append("v1h-").append(run).append('z');
                }
                x++;
            }
        }
        return new QrCode(code.size + 2 * QUIET, path.toString());
    }
}
