package qrate.message;

/// Finds where a header ends while a message goes by: behind its first empty line, LF or CRLF alone (RFC 5322
/// §2.1).
///
/// For whoever passes a message on and needs nothing else of its header. {@link HeaderReader} ends a header at
/// the same place, and before it at a line that can be none of a header.
public final class HeaderEnd {
    private enum At {
        LINE_START,
        /// behind a CR that begins a line
        CR,
        LINE,
        BODY
    }

    private At at = At.LINE_START;

    /// Takes the next piece of a message.
    ///
    /// @return where the body begins in it: `from` when it began before, `to` when it does not begin here
    public int in(byte[] bytes, int from, int to) {
        if (at == At.BODY) {
            return from;
        }
        At now = at;
        int i = from;
        while (i < to) {
            byte b = bytes[i++];
            if (b == '\n') {
                if (now != At.LINE) {
                    at = At.BODY;
                    return i;
                }
                now = At.LINE_START;
            } else if (b == '\r' && now == At.LINE_START) {
                now = At.CR;
            } else {
                now = At.LINE;
                while (i < to && bytes[i] != '\n') {
                    i++;
                }
            }
        }
        at = now;
        return to;
    }
}
