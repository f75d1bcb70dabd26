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
        text.append(protocol(connection, state));
        if (connection.secured()) {
            text.append(" (").append(connection.cipher()).append(')');
        }
        text.append("; ");
        text.append(HeaderDate.of(now)).append('\n');
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// `ESMTPSA` and so on (RFC 3848, RFC 6531 §3.7.3).
    static String protocol(Connection connection, State.Transaction state) {
        State.Client client = state.client();
        boolean utf8 = state.mail().parameters().smtpUtf8();
        String name = utf8 ? "UTF8SMTP" : client.extended() ? "ESMTP" : "SMTP";
        return utf8 || client.extended()
                ? name + (connection.secured() ? "S" : "") + (client.isKnown() ? "A" : "")
                : name;
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
