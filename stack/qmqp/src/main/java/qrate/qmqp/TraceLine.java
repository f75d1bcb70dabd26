package qrate.qmqp;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import qrate.message.HeaderDate;

/// The Received line of a server that knows its client by the TCP environment (tcp-environ(5), RFC 5321 §4.4).
final class TraceLine {
    private TraceLine() {}

    /// @param protocol `QMQP` or `QMTP`
    /// @param me name of this host
    static byte[] of(Map<String, String> environment, String protocol, String me, Instant now) {
        String info = environment.getOrDefault("TCPREMOTEINFO", "");
        String line = "Received: from " + safe(environment.getOrDefault("TCPREMOTEHOST", "unknown")) + " ("
                + (info.isEmpty() ? "" : safe(info) + "@") + safe(environment.getOrDefault("TCPREMOTEIP", "unknown"))
                + ")\n  by " + safe(me) + " with " + protocol + "; " + HeaderDate.of(now) + "\n";
        return line.getBytes(StandardCharsets.US_ASCII);
    }

    /// What cannot change the meaning of the line; everything else becomes a question mark.
    private static String safe(String text) {
        return text.replaceAll("[^A-Za-z0-9.@=/+:_%\\[\\]-]", "?");
    }
}
