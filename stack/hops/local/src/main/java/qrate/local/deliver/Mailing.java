package qrate.local.deliver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Spawner;
import qrate.message.Header;
import qrate.message.TraceFields;
import qrate.message.Wanted;

/// One message on its way to one recipient, with the lines that delivery adds (qmail-local(8)).
///
/// @param to the recipient, split
public record Mailing(Spawner.Job job, Spawner.Delivery delivery, Address to) {
    static Mailing of(Spawner.Job job, Spawner.Delivery delivery) {
        return new Mailing(job, delivery, Address.of(delivery.recipient().address()));
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
        String line = deliveredTo();
        Wanted.Limits limits = Wanted.Limits.USUAL;
        Wanted wanted = Wanted.some("delivered-to")
                .within(new Wanted.Limits(
                        limits.lines(),
                        limits.bytes(),
                        limits.lines(),
                        TraceFields.DELIVERED_TO_BYTES_MAX,
                        Integer.MAX_VALUE));
        Header header = Header.of(job.body(), wanted);
        return header.cut() || header.fields().stream().anyMatch(field -> (field.line() + "\n").equals(line));
    }
}
