package qrate.smtpd;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import qrate.core.Connection;
import qrate.message.HeaderDate;

/// The trace line that qmail-smtpd puts in front of a message (RFC 5321 §4.4), in qmail's form.
final class Received {
    private Received() {}

    /// @param me name of this host
    static byte[] line(Connection connection, State.Transaction state, String me, Instant now) {
        State.Client client = state.client();
        StringBuilder text = new StringBuilder(200);
        String host = connection.environment().getOrDefault("TCPREMOTEHOST", "unknown");
        text.append("Received: from ");
        safe(text, host);
        if (!client.hello().equalsIgnoreCase(host)) {
            text.append(" (HELO ");
            safe(text, client.hello());
            text.append(')');
        }
        text.append(" (");
        if (connection.environment().containsKey("TCPREMOTEINFO")) {
            safe(text, connection.environment().get("TCPREMOTEINFO"));
            text.append('@');
        }
        safe(text, connection.environment().getOrDefault("TCPREMOTEIP", "unknown"));
        text.append(")\n  by ");
        safe(text, me);
        text.append(" with ");
        protocol(text, connection, state);
        text.append("; ");
        text.append(HeaderDate.of(now)).append('\n');
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// `ESMTPSA (TLSv1.3 cipher)` and so on (RFC 3848, RFC 6531 §3.7.3).
    private static void protocol(StringBuilder text, Connection connection, State.Transaction state) {
        State.Client client = state.client();
        boolean utf8 = state.mail().parameters().smtpUtf8();
        text.append(utf8 ? "UTF8SMTP" : client.extended() ? "ESMTP" : "SMTP");
        if (utf8 || client.extended()) {
            text.append(connection.secured() ? "S" : "").append(client.isKnown() ? "A" : "");
        }
        if (connection.secured()) {
            text.append(" (").append(connection.cipher()).append(')');
        }
    }

    /// Copies what cannot change the meaning of the line; everything else becomes a question mark.
    private static void safe(StringBuilder text, String from) {
        for (int i = 0; i < from.length(); i++) {
            char c = from.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            text.append(plain || ".@=/+:_%-[]".indexOf(c) >= 0 ? c : '?');
        }
    }
}
