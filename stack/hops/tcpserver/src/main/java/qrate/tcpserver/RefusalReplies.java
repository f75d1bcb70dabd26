package qrate.tcpserver;

import java.nio.charset.StandardCharsets;

/// What a client hears that is not let in, as a line of its protocol.
///
/// @param busy that it is over its limit (`421 …`), before any TLS
/// @param closing that the door closes, and that it may come back
public record RefusalReplies(String busy, String closing) {
    /// For a protocol that has none.
    public static final RefusalReplies NONE = new RefusalReplies("", "");

    byte[] busyLine() {
        return busy.getBytes(StandardCharsets.US_ASCII);
    }

    byte[] closingLine() {
        return closing.getBytes(StandardCharsets.US_ASCII);
    }

    /// The same where TLS comes first: nothing can be said before it.
    public RefusalReplies insideTls() {
        return new RefusalReplies("", closing);
    }
}
