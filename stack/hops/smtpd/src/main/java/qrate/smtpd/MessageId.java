package qrate.smtpd;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import qrate.message.Dates;

/// Left parts of Message-IDs, unique by who sends when, over which connection, and as which of its messages.
final class MessageId {
    private static final int HASH_BYTES = 12;

    private MessageId() {}

    /// @param environment of the connection
    /// @param message which of the connection's messages it is
    static String unique(Instant now, Map<String, String> environment, int message) {
        String what = String.join(
                " ",
                now.toString(),
                environment.getOrDefault("TCPREMOTEIP", ""),
                environment.getOrDefault("TCPREMOTEPORT", ""),
                environment.getOrDefault("TCPLOCALIP", ""),
                Long.toString(ProcessHandle.current().pid()),
                Integer.toString(message));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
            return Dates.stamp(now) + "." + HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
