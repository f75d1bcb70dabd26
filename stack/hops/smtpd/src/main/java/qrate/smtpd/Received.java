package qrate.smtpd;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import qrate.core.Connection;
import qrate.message.TraceFields;

/// The trace line that qmail-smtpd puts in front of a message (RFC 5321 §4.4), in qmail's form.
final class Received {
    private Received() {}

    /// @param me name of this host
    static byte[] line(Connection connection, SessionState.Transaction state, String me, Instant now) {
        TraceFields.Peer peer = TraceFields.Peer.of(connection.environment())
                .calling(state.client().hello());
        String with = protocol(connection, state) + (connection.secured() ? " (" + connection.cipher() + ")" : "");
        return TraceFields.received(peer, me, with, now).getBytes(StandardCharsets.US_ASCII);
    }

    /// `ESMTPSA` and so on (RFC 3848, RFC 6531 §3.7.3).
    static String protocol(Connection connection, SessionState.Transaction state) {
        SessionState.Client client = state.client();
        boolean utf8 = state.mail().parameters().smtpUtf8();
        String name = utf8 ? "UTF8SMTP" : client.extended() ? "ESMTP" : "SMTP";
        return utf8 || client.extended()
                ? name + (connection.secured() ? "S" : "") + (client.isKnown() ? "A" : "")
                : name;
    }
}
