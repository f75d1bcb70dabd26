package qrate.remote.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Parameters;
import qrate.core.Recipient;
import qrate.message.Header;
import qrate.message.Wanted;

/// A message to be sent.
///
/// @param wish what its sender wants of the way
public record Outgoing(Envelope envelope, Body body, Survey survey, Wish wish) {
    /// What a sender wants of the way (RFC 8689).
    public enum Wish {
        /// nothing: as the domains want it
        NONE,
        /// a sure one, or none (REQUIRETLS)
        SURE,
        /// any, whatever the domains want (`TLS-Required: No`)
        ANY
    }

    private static final Wanted TLS_REQUIRED = Wanted.some("tls-required");

    public static Outgoing of(Envelope envelope, Body body) throws IOException {
        return new Outgoing(envelope, body, Survey.of(body), wish(envelope, body));
    }

    /// A notice is not lost for want of a sure way (RFC 8689 §5); a field says nothing beside REQUIRETLS (§4.1).
    private static Wish wish(Envelope envelope, Body body) throws IOException {
        if (envelope.requiresTls()) {
            boolean notice = envelope.sender().isEmpty() || envelope.sender().equals(Envelope.DOUBLE_BOUNCE_SENDER);
            return notice ? Wish.NONE : Wish.SURE;
        }
        Optional<String> field = Header.of(body, TLS_REQUIRED).value("tls-required");
        return field.filter(value -> value.strip().equalsIgnoreCase("no")).isPresent() ? Wish.ANY : Wish.NONE;
    }

    /// Whether it can be offered over a session.
    boolean fits(Session session) {
        return wish != Wish.SURE || (session.sure() && session.offered().has(Envelope.REQUIRETLS));
    }

    /// Whether the next host is told that it goes over sure connections only.
    boolean saysRequireTls(Session session) {
        return envelope.requiresTls() && session.sure() && session.offered().has(Envelope.REQUIRETLS);
    }

    /// Whether text has anything beyond ASCII, so that it needs SMTPUTF8 (RFC 6531).
    static boolean international(String text) {
        return text.chars().anyMatch(c -> c > 0x7f);
    }

    /// Whether the message as a whole, whoever gets it, needs SMTPUTF8.
    boolean international() {
        return international(envelope.sender())
                || (survey.headerEightBit() && new Parameters(envelope.parameters()).has("SMTPUTF8"));
    }

    /// The MAIL command, with what the server offers.
    String mail(Session session) {
        Extensions offered = session.offered();
        // DEVIATION: qmail-remote(8) sends the double bounce's sender `#@[]` as it is, which RFC 5321 §4.1.2 does not
        // allow; to everyone else it is the null sender.
        String sender = envelope.sender().equals(Envelope.DOUBLE_BOUNCE_SENDER) ? "" : envelope.sender();
        StringBuilder command =
                new StringBuilder("MAIL FROM:<").append(path(sender).orElse("")).append('>');
        if (offered.has("SIZE")) {
            command.append(" SIZE=").append(survey.wireBytes());
        }
        // DEVIATION: RFC 6152 §3 would have us convert or bounce 8-bit content for a server without 8BITMIME; like
        // qmail-remote(8) we send it as it is.
        if (survey.eightBit() && offered.has("8BITMIME")) {
            command.append(" BODY=8BITMIME");
        }
        if (offered.has("SMTPUTF8")
                && (international() || envelope.recipients().stream().anyMatch(r -> international(r.address())))) {
            command.append(" SMTPUTF8");
        }
        if (offered.has("DSN")) {
            append(command, new Parameters(envelope.parameters()).only("RET", "ENVID"));
        }
        if (saysRequireTls(session)) {
            command.append(' ').append(Envelope.REQUIRETLS);
        }
        return command.toString();
    }

    /// The RCPT command, with what the server offers.
    static String rcpt(Recipient recipient, Extensions offered) {
        StringBuilder command = new StringBuilder("RCPT TO:<")
                .append(path(recipient.address()).orElse(""))
                .append('>');
        if (offered.has("DSN")) {
            append(command, new Parameters(recipient.parameters()).only("NOTIFY", "ORCPT"));
        }
        return command.toString();
    }

    private static void append(StringBuilder command, Parameters parameters) {
        if (!parameters.text().isEmpty()) {
            command.append(' ').append(parameters.text());
        }
    }

    /// An address as it goes between angle brackets: the local part quoted where RFC 5321 §4.1.2 wants it.
    ///
    /// @return empty when the domain holds what could end the path or start a parameter
    static Optional<String> path(String address) {
        int at = address.lastIndexOf('@');
        String domain = at < 0 ? "" : address.substring(at);
        if (domain.chars().anyMatch(c -> c <= ' ' || c == 0x7f || "<>()\",;\\".indexOf(c) >= 0)) {
            return Optional.empty();
        }
        return Optional.of(Address.quoted(address));
    }

    /// A command's bytes.
    static byte[] bytes(String command) {
        return (command + "\r\n").getBytes(StandardCharsets.UTF_8);
    }
}
