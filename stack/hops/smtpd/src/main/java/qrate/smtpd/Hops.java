package qrate.smtpd;

import java.util.HashSet;
import java.util.Set;
import qrate.message.Field;
import qrate.message.HeaderReader;
import qrate.message.TraceFields;
import qrate.message.Wanted;

/// Counts Received and Delivered-To fields, which tell a loop (RFC 5321 §6.3), and keeps what the second say.
final class Hops {
    /// Most hops of a message, as qmail counts them.
    static final int HOPS_MAX = 100;

    private static final String DELIVERED_TO = "Delivered-To: ";

    /// Most lines of a header: delivery looks at a few more, some of which are added on the way.
    static final int HEADER_LINES_MAX = Wanted.Limits.USUAL.lines() - 100;

    static final Wanted WANTED = Wanted.some("received", "delivered-to")
            .within(new Wanted.Limits(
                    HEADER_LINES_MAX,
                    Long.MAX_VALUE,
                    HOPS_MAX,
                    TraceFields.DELIVERED_TO_BYTES_MAX,
                    HOPS_MAX * TraceFields.DELIVERED_TO_BYTES_MAX));

    private final HeaderReader reader = new HeaderReader(WANTED);

    /// What takes the message while it goes by.
    HeaderReader reader() {
        return reader;
    }

    boolean tooMany() {
        return reader.cut();
    }

    /// What its Delivered-To fields say, letter by letter; asked for once the message is whole.
    Set<String> delivered() {
        Set<String> delivered = new HashSet<>();
        for (Field field : reader.header().fields()) {
            if (field.line().startsWith(DELIVERED_TO)) {
                delivered.add(field.line().substring(DELIVERED_TO.length()));
            }
        }
        return delivered;
    }
}
