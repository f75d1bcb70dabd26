package qrate.smtpd;

import java.io.IOException;

/// Turns what follows DATA or BDAT into lines ended by LF. Only CRLF.CRLF ends DATA.
///
/// A bare CR or LF, which others might take for an ending, stops everything in a stranger's DATA. Where it can do no
/// harm, since the sender is known or the length is (BDAT), it is mended: it ends a line and nothing else, and a dot
/// behind it is a dot.
final class ContentDecoder {
    /// Longest line of a message in bytes without its ending; RFC 5321 §4.5.3.1.6 asks for 998, real mail has more.
    static final int LINE_BYTES_MAX = 65_536;

    /// Takes the decoded content.
    interface Sink {
        /// A piece of a line.
        void text(byte[] bytes, int offset, int length) throws IOException;

        /// The end of a line.
        void newline() throws IOException;
    }

    private enum At {
        /// behind CRLF, or at the beginning
        LINE_START,
        /// behind a bare CR or LF
        MENDED_START,
        IN_LINE,
        CR,
        DOT,
        DOT_CR,
        END,
        BARE
    }

    private final boolean dots;
    private final boolean mends;
    private final Sink sink;
    private At at = At.LINE_START;
    private long lineBytes;
    private long crs;
    private boolean nul;
    private boolean longLine;

    /// @param dots whether this is DATA, with dot-stuffing and a lone dot at its end
    /// @param mends whether a bare CR or LF ends a line
    ContentDecoder(boolean dots, boolean mends, Sink sink) {
        this.dots = dots;
        this.mends = mends;
        this.sink = sink;
    }

    /// Decodes a piece.
    ///
    /// @return behind the last byte that belongs to the message: less than `to` once it has ended or is broken
    int feed(byte[] bytes, int from, int to) throws IOException {
        int i = from;
        while (i < to && at != At.END && at != At.BARE) {
            if (at == At.IN_LINE) {
                i = run(bytes, i, to);
                if (i == to) {
                    break;
                }
            }
            i = step(bytes[i], i);
        }
        return i;
    }

    /// Passes on everything up to the next CR or LF.
    private int run(byte[] bytes, int from, int to) throws IOException {
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            if (b <= '\r' && b >= 0) {
                if (b == '\r' || b == '\n') {
                    break;
                }
                nul |= b == 0;
            }
            i++;
        }
        if (i > from) {
            lineBytes += i - from;
            longLine |= lineBytes > LINE_BYTES_MAX;
            sink.text(bytes, from, i - from);
        }
        return i;
    }

    /// Takes one byte, or leaves it to the next step or run.
    private int step(byte b, int i) throws IOException {
        switch (at) {
            case LINE_START -> {
                if (b == '.' && dots) {
                    at = At.DOT;
                } else {
                    inLine(b);
                }
            }
            case MENDED_START, IN_LINE -> inLine(b);
            case DOT -> {
                if (b == '\r') {
                    at = At.DOT_CR;
                } else {
                    inLine(b);
                }
            }
            case DOT_CR -> {
                if (b == '\n') {
                    at = At.END;
                } else {
                    crs = 1;
                    return behindCr(b, i);
                }
            }
            case CR -> {
                return behindCr(b, i);
            }
            case END, BARE -> throw new IllegalStateException("fed behind its end");
        }
        return at == At.IN_LINE ? i : i + 1; // a byte of a line belongs to the next run
    }

    private void inLine(byte b) throws IOException {
        if (b == '\r') {
            at = At.CR;
            crs = 1;
        } else if (b != '\n') {
            at = At.IN_LINE;
        } else if (mends) {
            newline(At.MENDED_START);
        } else {
            at = At.BARE;
        }
    }

    /// @return what {@link #step} does
    private int behindCr(byte b, int i) throws IOException {
        if (b == '\n') {
            newline(At.LINE_START); // CRs in front of a CRLF are part of that ending
            return i + 1;
        }
        if (!mends) {
            at = At.BARE;
            return i + 1;
        }
        if (b == '\r') {
            at = At.CR;
            crs++;
            return i + 1;
        }
        bareCrs();
        return i;
    }

    private void bareCrs() throws IOException {
        for (; crs > 0; crs--) {
            newline(At.MENDED_START);
        }
    }

    private void newline(At next) throws IOException {
        at = next;
        lineBytes = 0;
        sink.newline();
    }

    /// Whether CRLF.CRLF has come.
    boolean ended() {
        return at == At.END;
    }

    /// Whether a bare CR or LF has come that nothing mends.
    boolean bare() {
        return at == At.BARE;
    }

    /// Whether a NUL has come.
    boolean nul() {
        return nul;
    }

    /// Whether a line over the limit has come.
    boolean longLine() {
        return longLine;
    }

    /// Says that the last chunk is over; an unfinished last line is finished, since it may go on by DATA.
    void finish() throws IOException {
        if (at == At.CR && !mends) {
            at = At.BARE;
        } else if (at == At.CR) {
            bareCrs();
        } else if (at == At.IN_LINE) {
            newline(At.LINE_START);
        }
    }
}
