package qrate.smtpd;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import qrate.core.Connection;

/// The trace line that qmail-smtpd puts in front of a message (RFC 5321 §4.4), in qmail's form.
final class Received {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

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
        date(text, now);
        text.append('\n');
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

    /// `24 Nov 2026 06:06:07 -0000`, as qmail writes dates.
    static void date(StringBuilder text, Instant now) {
        ZonedDateTime utc = now.atZone(ZoneOffset.UTC);
        text.append(utc.getDayOfMonth())
                .append(' ')
                .append(MONTHS[utc.getMonthValue() - 1])
                .append(' ')
                .append(utc.getYear())
                .append(' ');
        two(text, utc.getHour()).append(':');
        two(text, utc.getMinute()).append(':');
        two(text, utc.getSecond()).append(" -0000");
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
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
