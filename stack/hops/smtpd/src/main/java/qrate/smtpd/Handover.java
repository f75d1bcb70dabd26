package qrate.smtpd;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Connection;
import qrate.core.Envelope;
import qrate.core.Verdict;

/// Hands the messages of one connection to the queue, with the lines that go in front of them.
final class Handover {
    private final Smtpd.Parts parts;
    private final Kind kind;
    private final Connection connection;
    private int messages;

    Handover(Smtpd.Parts parts, Kind kind, Connection connection) {
        this.parts = parts;
        this.kind = kind;
        this.connection = connection;
    }

    /// @param submitted what its header says, when a user sends it
    /// @param me name of this host
    Verdict accept(SessionState.Filled filled, Incoming message, Optional<Submitted> submitted, String me) {
        Envelope envelope = new Envelope(
                filled.mail().from().address(),
                filled.mail().parameters().travelling(),
                client(filled),
                filled.recipients());
        Instant now = parts.clock().instant();
        byte[] received = Received.line(connection, filled, me, now);
        try {
            Body body = message.body();
            if (submitted.isPresent()) {
                String unique = MessageId.unique(now, connection.environment(), ++messages);
                body = body.prefixed(submitted.get().missing(filled.client().login(), now, unique, me));
            }
            return parts.intake().accept(envelope, body.prefixed(received));
        } catch (IOException e) {
            parts.log().line("qmail-smtpd: unable to read the spool: " + e.getMessage());
            return new Verdict.Later("unable to read the message back");
        }
    }

    private Client client(SessionState.Filled filled) {
        return new Client(
                connection.environment().getOrDefault("TCPREMOTEIP", ""),
                connection.environment().getOrDefault("TCPREMOTEHOST", ""),
                filled.client().hello(),
                Received.protocol(connection, filled),
                filled.client().login(),
                connection.secured() ? connection.cipher() : "",
                kind.door(),
                connection.environment().containsKey(Client.RELAYCLIENT));
    }
}
