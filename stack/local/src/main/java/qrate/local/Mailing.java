package qrate.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Spawner;
import qrate.message.TraceFields;

/// One message on its way to one recipient, with the lines that delivery adds (qmail-local(8)).
///
/// @param to the recipient, split
public record Mailing(Spawner.Job job, Spawner.Delivery delivery, Address to) {
    /// Header lines looked at for a loop; a header with more is looping or not a header.
    private static final int HEADER_LINES_MAX = 10_000;

    static Mailing of(Spawner.Job job, Spawner.Delivery delivery) {
        return new Mailing(job, delivery, Address.of(delivery.recipient().address()));
    }

    Notes.Key key() {
        return new Notes.Key(job.id(), delivery.number(), job.birth().toEpochMilli());
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

    /// Whether the header already has exactly our Delivered-To line, so that the message is going round.
    boolean loops() throws IOException {
        byte[] line = deliveredTo().getBytes(StandardCharsets.UTF_8);
        try (InputStream in = new BufferedInputStream(job.body().open())) {
            for (int i = 0; i < HEADER_LINES_MAX; i++) {
                switch (headerLine(in, line)) {
                    case SAME -> {
                        return true;
                    }
                    case END -> {
                        return false;
                    }
                    case OTHER -> {}
                }
            }
            return true;
        }
    }

    private enum HeaderLine {
        SAME,
        OTHER,
        END
    }

    private static HeaderLine headerLine(InputStream in, byte[] wanted) throws IOException {
        boolean same = true;
        for (int at = 0; ; at++) {
            int b = in.read();
            if (b < 0 || (b == '\n' && at == 0)) {
                return HeaderLine.END;
            }
            same = same && at < wanted.length && b == (wanted[at] & 0xff);
            if (b == '\n') {
                return same && at == wanted.length - 1 ? HeaderLine.SAME : HeaderLine.OTHER;
            }
        }
    }
}
