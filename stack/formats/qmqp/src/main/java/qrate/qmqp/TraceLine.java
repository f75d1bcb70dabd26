package qrate.qmqp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import qrate.message.TraceFields;

/// The Received line of a server that knows its client by the TCP environment (tcp-environ(5), RFC 5321 §4.4).
final class TraceLine {
    private TraceLine() {}

    /// @param protocol `QMQP` or `QMTP`
    /// @param me name of this host
    static byte[] of(Map<String, String> environment, String protocol, String me, Instant now) {
        return TraceFields.received(TraceFields.Peer.of(environment), me, protocol, now)
                .getBytes(StandardCharsets.US_ASCII);
    }
}
