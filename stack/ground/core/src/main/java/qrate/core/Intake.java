package qrate.core;

import java.util.Map;

/// The way into the queue, the one interface of whoever has a message: smtpd, inject, forwards, bounces.
///
/// Behind it stand the queue itself in one process, a QMQP client, or a program named by `QMAILQUEUE`.
@FunctionalInterface
public interface Intake {
    /// Takes responsibility for a message.
    ///
    /// @return {@link Verdict.Delivered} only once the message is durable, with a text that names it
    ///     (`ok 1764000000 qp 17`); {@link Verdict.Later} or {@link Verdict.Never} when nothing was accepted.
    ///     Broken I/O is a `Later`, never an exception, so that each door answers it in its own protocol.
    Verdict accept(Envelope envelope, Body body);

    /// Takes a message that an address here sends on.
    ///
    /// @param domain of that address
    default Verdict sentOn(Envelope envelope, Body body, String domain) {
        Envelope marked = envelope.sentOnBy(domain);
        Verdict verdict = accept(marked, body);
        // another's QMQP server takes no parameters of ours; what must travel by TLS goes with them or not at all
        return verdict instanceof Verdict.Never && !marked.parameters().isEmpty() && !marked.requiresTls()
                ? accept(envelope.with(""), body)
                : verdict;
    }

    /// The same for whoever hands on a message that a program was given (RFC 8689 §6): what becomes of one that goes
    /// over sure connections only goes over such connections too.
    ///
    /// @param environment of that program
    default Intake asTold(Map<String, String> environment) {
        return environment.containsKey(Envelope.REQUIRETLS_VARIABLE) ? requiringTls() : this;
    }

    /// The same for messages that go over sure connections only.
    default Intake requiringTls() {
        return (envelope, body) -> accept(envelope.requiringTls(), body);
    }
}
