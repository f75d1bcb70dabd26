package qrate.smtpd;

import java.io.IOException;

/// Turns what follows DATA or BDAT into lines ended by LF. Only CRLF ends a line and only CRLF.CRLF ends DATA; a bare
/// CR or LF, which others might take for one, stops everything.
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
        LINE_START,
        IN_LINE,
        CR,
        DOT,
        DOT_CR,
        END,
        BARE
    }

    private final boolean dots;
    private final Sink sink;
    private At at = At.LINE_START;
    private long lineBytes;
    private boolean nul;
    private boolean longLine;

    /// @param dots whether this is DATA, with dot-stuffing and a lone dot at its end
    ContentDecoder(boolean dots, Sink sink) {
        this.dots = dots;
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
            i = step(bytes, i);
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

    private int step(byte[] bytes, int i) throws IOException {
        byte b = bytes[i];
        switch (at) {
            case LINE_START -> at = b == '.' && dots ? At.DOT : inLine(b);
            case IN_LINE -> at = inLine(b);
            case DOT -> at = b == '\r' ? At.DOT_CR : inLine(b);
            case DOT_CR -> at = b == '\n' ? At.END : At.BARE;
            case CR -> {
                at = b == '\n' ? At.LINE_START : At.BARE;
                if (at == At.LINE_START) {
                    lineBytes = 0;
                    sink.newline();
                }
            }
            case END, BARE -> throw new IllegalStateException("fed behind its end");
        }
        return at == At.IN_LINE ? i : i + 1; // a byte of a line belongs to the next run
    }

    private static At inLine(byte b) {
        return b == '\r' ? At.CR : b == '\n' ? At.BARE : At.IN_LINE;
    }

    /// Whether CRLF.CRLF has come.
    boolean ended() {
        return at == At.END;
    }

    /// Whether a bare CR or LF has come.
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
        if (at == At.CR) {
            at = At.BARE;
        } else if (at == At.IN_LINE) {
            sink.newline();
        }
    }
}
