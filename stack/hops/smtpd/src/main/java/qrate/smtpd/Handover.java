package qrate.smtpd;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Connection;
import qrate.core.Envelope;
import qrate.core.Verdict;

/// Judges the messages of one connection and hands them to the queue, with the lines that go in front of them.
final class Handover {
    private final Smtpd.Parts parts;
    private final Kind kind;
    private final Connection connection;
    private final Policy policy;
    private int messages;

    Handover(Smtpd.Parts parts, Kind kind, Connection connection, Policy policy) {
        this.parts = parts;
        this.kind = kind;
        this.connection = connection;
        this.policy = policy;
    }

    /// Judges a message, shows it to milters, and hands it on.
    ///
    /// @param me name of this host
    /// @return what the client is told
    String take(SessionState.Filled filled, Incoming message, Filtering filtering, String me) {
        Optional<Submitted> submitted = message.submitted();
        Optional<String> refusal = message.refusal();
        if (refusal.isEmpty() && submitted.isPresent()) {
            refusal = header(filled.client(), submitted.get());
        }
        if (refusal.isEmpty()) {
            refusal = round(filled, message);
        }
        String reply = refusal.isPresent() ? refusal.get() : accept(filled, message, filtering, me);
        filled.recipients().forEach(one -> parts.refused(one.address(), reply));
        log("from=<" + Replies.field(filled.mail().from().address()) + "> rcpt=<"
                + Replies.field(filled.recipients().getFirst().address()) + "> rcpts="
                + filled.recipients().size() + " size=" + message.size() + " remote="
                + connection.environment().getOrDefault("TCPREMOTEIP", "unknown") + " helo="
                + Replies.field(filled.client().hello())
                + (filled.client().isKnown() ? " login=" + filled.client().login() : "")
                + (filtering.id().isEmpty() ? "" : " i=" + filtering.id()) + " " + Replies.logged(reply));
        return reply;
    }

    private Optional<String> header(SessionState.Client client, Submitted message) {
        try {
            return policy.header(client, message);
        } catch (IOException e) {
            log("unable to check the header: " + e.getMessage());
            return Optional.of(Replies.LATER);
        }
    }

    private Optional<String> round(SessionState.Filled filled, Incoming message) {
        try {
            return policy.round(filled.recipients(), message.delivered());
        } catch (IOException e) {
            log("unable to check Delivered-To: " + e.getMessage());
            return Optional.of(Replies.LATER);
        }
    }

    private void log(String what) {
        parts.log().line("qmail-smtpd: " + what);
    }

    private String accept(SessionState.Filled filled, Incoming message, Filtering filtering, String me) {
        Envelope envelope = new Envelope(
                filled.mail().from().address(),
                filled.mail().parameters().travelling(),
                client(filled),
                filled.recipients());
        Instant now = parts.clock().instant();
        byte[] received = Received.line(connection, filled, me, now);
        try {
            Body body = message.body();
            Optional<Submitted> submitted = message.submitted();
            if (submitted.isPresent()) {
                String unique = MessageId.unique(now, connection.environment(), ++messages);
                body = body.prefixed(submitted.get().missing(filled.client().login(), now, unique, me));
            }
            return filtering.accept(envelope, body, received);
        } catch (IOException e) {
            log("unable to read the spool: " + e.getMessage());
            return Replies.of(new Verdict.Later("unable to read the message back"));
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
                connection.environment().containsKey(Client.RELAYCLIENT),
                false,
                filled.client().isKnown());
    }
}
