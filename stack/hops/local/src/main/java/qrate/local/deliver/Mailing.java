package qrate.local.deliver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Spawner;
import qrate.message.TraceFields;

/// One message on its way to one recipient, with the lines that delivery adds (qmail-local(8)).
///
/// @param to the recipient, split
/// @param trail where the message was before
public record Mailing(Spawner.Job job, Spawner.Delivery delivery, Address to, Trail trail) {
    static Mailing of(Spawner.Job job, Spawner.Delivery delivery) {
        return of(job, delivery, new Trail(job.body()));
    }

    /// The same for one recipient of several.
    static Mailing of(Spawner.Job job, Spawner.Delivery delivery, Trail trail) {
        return new Mailing(job, delivery, Address.of(delivery.recipient().address()), trail);
    }

    Notes.Key key() {
        return new Notes.Key(job.id(), delivery.number(), job.birth().toEpochMilli());
    }

    /// Whether what is sent on of it goes over sure connections only.
    boolean requiresTls() {
        return job.envelope(List.of(delivery.recipient())).requiresTls();
    }

    /// `Delivered-To: recipient`, with its line end.
    String deliveredTo() {
        return TraceFields.deliveredTo(to.toString());
    }

    /// `Return-Path: <sender>`, with its line end.
    String returnPath() {
        return TraceFields.returnPath(Address.quoted(job.sender()));
    }

    /// The message as it goes into a mailbox.
    Body forMailbox() {
        return job.body().prefixed((returnPath() + deliveredTo()).getBytes(StandardCharsets.UTF_8));
    }

    /// The message as it is sent on.
    Body forForward() {
        return job.body().prefixed(deliveredTo().getBytes(StandardCharsets.UTF_8));
    }

    /// Whether the header already has exactly our Delivered-To line, so that the message is going round; or more lines
    /// than a header has.
    boolean loops() throws IOException {
        return trail.has(deliveredTo());
    }
}
