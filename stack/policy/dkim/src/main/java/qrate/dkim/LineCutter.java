package qrate.dkim;

import qrate.message.HeaderEnd;

/// Cuts a message into lines while it goes by: LF and CRLF end one; of a CR alone {@link Content.Form} says
/// what it is.
final class LineCutter {
    private static final byte[] CR = {'\r'};
    private static final byte[] BLANK = {' '};

    private final Content.Form form;
    private final Content.Reader lines;
    private final HeaderEnd header = new HeaderEnd();
    private boolean lineStart = true;
    private boolean afterCr;

    LineCutter(Content.Form form, Content.Reader lines) {
        this.form = form;
        this.lines = lines;
    }

    void write(byte[] bytes, int from, int to) {
        int body = header.in(bytes, from, to);
        write(bytes, from, body, true);
        write(bytes, body, to, false);
    }

    private void write(byte[] bytes, int from, int to, boolean inHeader) {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            if (afterCr && b != '\n') {
                cr(inHeader);
            }
            afterCr = b == '\r';
            if (b == '\n') {
                newline();
                at++;
            } else if (afterCr) {
                at++;
            } else {
                int end = at + 1;
                while (end < to && bytes[end] != '\n' && bytes[end] != '\r') {
                    end++;
                }
                text(bytes, at, end);
                at = end;
            }
        }
    }

    /// A CR that no LF follows.
    private void cr(boolean inHeader) {
        switch (form) {
            case RECEIVED -> text(CR, 0, 1);
            case SENT -> {
                if (inHeader) {
                    text(BLANK, 0, 1);
                } else {
                    newline();
                }
            }
        }
    }

    private void text(byte[] bytes, int from, int to) {
        lineStart = false;
        lines.text(bytes, from, to);
    }

    private void newline() {
        lineStart = true;
        lines.newline();
    }

    /// Ends the last line, if it was not.
    void end() {
        if (afterCr && form == Content.Form.RECEIVED) {
            text(CR, 0, 1);
        }
        if (!lineStart || afterCr) {
            newline();
        }
        afterCr = false;
    }
}
