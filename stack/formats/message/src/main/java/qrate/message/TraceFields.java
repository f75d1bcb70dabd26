package qrate.message;

import java.time.Instant;
import java.util.Map;
import qrate.core.Envelope;

/// The fields that programs put in front of a message on its way, each with the LF at its end (RFC 5321 §4.4, RFC 5322
/// §3.6.1 and §3.6.4).
public final class TraceFields {
    /// Longest Delivered-To field, in bytes, that whoever looks for a loop compares: one of any address that an
    /// envelope
    /// can have is no longer.
    public static final int DELIVERED_TO_BYTES_MAX = deliveredTo("").length() + Envelope.TEXT_BYTES_MAX + 1;

    private TraceFields() {}

    /// Who hands a message over, as far as it is known; whatever could change the meaning of the field becomes `?`.
    ///
    /// @param host name by DNS, `unknown` where there is none
    /// @param helo what it calls itself, the host where it says nothing
    /// @param info what it says of its user (tcp-environ(5)), or empty
    /// @param ip address
    public record Peer(String host, String helo, String info, String ip) {
        /// One that says nothing of itself, by the TCP environment (tcp-environ(5)).
        public static Peer of(Map<String, String> environment) {
            String host = environment.getOrDefault("TCPREMOTEHOST", "unknown");
            return new Peer(
                    host,
                    host,
                    environment.getOrDefault("TCPREMOTEINFO", ""),
                    environment.getOrDefault("TCPREMOTEIP", "unknown"));
        }

        /// The same, which calls itself so.
        public Peer calling(String name) {
            return new Peer(host, name, info, ip);
        }
    }

    /// `Received: from HOST (HELO NAME) (INFO@IP)`, and in a second line `by ME with PROTOCOL; DATE`.
    ///
    /// @param me name of this host
    /// @param protocol as RFC 3848 names it, maybe with a comment
    public static String received(Peer from, String me, String protocol, Instant now) {
        StringBuilder text = new StringBuilder(200).append("Received: from ");
        safe(text, from.host);
        if (!from.helo.equalsIgnoreCase(from.host)) {
            safe(text.append(" (HELO "), from.helo).append(')');
        }
        text.append(" (");
        if (!from.info.isEmpty()) {
            safe(text, from.info).append('@');
        }
        safe(text, from.ip).append(")\n  by ");
        safe(text, me).append(" with ").append(protocol);
        return text.append("; ").append(Dates.header(now)).append('\n').toString();
    }

    /// `Received: (qmail 17 invoked by uid 1000); 24 Nov 2026 06:06:07 -0000` (qmail-queue(8)).
    ///
    /// @param how `by uid 1000`, `from network` and the like
    public static String invoked(long pid, String how, Instant now) {
        return "Received: (qmail " + pid + " invoked " + how + "); " + Dates.header(now) + "\n";
    }

    /// `Delivered-To: ann@example.test`, by which a loop is known (qmail-local(8)).
    ///
    /// @param to as the envelope has it
    public static String deliveredTo(String to) {
        return "Delivered-To: " + to + "\n";
    }

    /// `Return-Path: <ann@example.test>`.
    ///
    /// @param sender in quotes where it must be, empty for nobody
    public static String returnPath(String sender) {
        return "Return-Path: <" + sender + ">\n";
    }

    /// `Date: 24 Nov 2026 06:06:07 -0000`.
    public static String date(Instant now) {
        return "Date: " + Dates.header(now) + "\n";
    }

    /// `Message-ID: <LEFT@HOST>`.
    ///
    /// @param left what no other message of this host has
    public static String messageId(String left, String host) {
        return "Message-ID: <" + left + "@" + host + ">\n";
    }

    private static StringBuilder safe(StringBuilder text, String from) {
        for (int i = 0; i < from.length(); i++) {
            char c = from.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            text.append(plain || ".@=/+:_%-[]".indexOf(c) >= 0 ? c : '?');
        }
        return text;
    }
}
