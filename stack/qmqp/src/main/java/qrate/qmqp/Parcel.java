package qrate.qmqp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Connection;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.core.Verdict;

/// One message as it comes in: read to its last byte whatever is wrong with it, since nothing may be answered before.
final class Parcel {
    /// Largest message in bytes.
    static final long MESSAGE_BYTES_MAX = 2L << 30;

    /// All addresses together, in bytes.
    static final int ENVELOPE_BYTES_MAX = 8 << 20;

    /// Most recipients.
    static final int RECIPIENTS_MAX = 100_000;

    /// One address with its parameters, in bytes; {@link Envelope} checks each more closely.
    static final int ADDRESS_BYTES_MAX = 6 * Envelope.TEXT_BYTES_MAX + 1;

    /// What came.
    sealed interface Read {
        /// A message to hand on; the spool is the receiver's to close.
        ///
        /// @param taken bytes that the envelope holds of the client's share of the memory, to be given back
        record Message(Envelope envelope, Spool.Held spool, long taken) implements Read {}

        /// Read to its end, and refused.
        record Refused(Verdict verdict) implements Read {}

        /// The client closed the connection between two messages.
        record End() implements Read {}
    }

    private static final Read BAD = new Read.Refused(new Verdict.Never("bad envelope (#5.5.2)"));
    private static final Read NO_ROOM =
            new Read.Refused(new Verdict.Later("more than I can hold for one client now (#4.3.1)"));

    private final Netstring netstring;
    private final InputStream in;
    private final Budget.Share memory;
    private final Spool spools;

    private Parcel(Connection connection, Spool spools) {
        this.in = connection.in();
        this.memory = connection.memory();
        this.spools = spools;
        this.netstring = new Netstring(in, Netstring.DIGITS_MAX + 1);
    }

    /// Reads one.
    ///
    /// @param first its first byte, or -1 for the end
    /// @throws Netstring.Malformed when the bytes are no QMQP; the connection is of no more use
    static Read read(int first, Connection connection, Spool spools) throws IOException {
        return first < 0 ? new Read.End() : new Parcel(connection, spools).read(first);
    }

    private Read read(int first) throws IOException {
        long length = netstring.length(first);
        if (length > MESSAGE_BYTES_MAX + ENVELOPE_BYTES_MAX) {
            throw new Netstring.Malformed("a message of " + length + " bytes");
        }
        netstring.enter(length);
        Read read = content();
        netstring.drain();
        netstring.enter(1);
        try {
            netstring.comma();
        } catch (IOException e) {
            if (read instanceof Read.Message message) {
                message.spool().close();
                memory.give(message.taken());
            }
            throw e;
        }
        return read;
    }

    private Read content() throws IOException {
        long size = netstring.length();
        netstring.claim(size);
        if (size > MESSAGE_BYTES_MAX) {
            in.skipNBytes(size);
            return new Read.Refused(new Verdict.Never("message too large (#5.3.4)"));
        }
        Spool.Held spool;
        try {
            spool = spools.exactly(in, size, memory);
        } catch (Spool.Full e) {
            // how much of the message is left to read nobody knows any more: no answer is a temporary failure too
            throw new IOException("unable to spool: " + e.getMessage(), e);
        }
        boolean handed = false;
        try {
            netstring.comma();
            Read read = envelope(spool);
            handed = read instanceof Read.Message;
            return read;
        } finally {
            if (!handed) {
                spool.close();
            }
        }
    }

    /// What the envelope is, with the spool for its message if it is one.
    private Read envelope(Spool.Held spool) throws IOException {
        if (netstring.left() > ENVELOPE_BYTES_MAX) {
            return BAD;
        }
        Optional<Recipient> from = recipient();
        List<Recipient> recipients = new ArrayList<>();
        long taken = 0;
        boolean good = from.isPresent();
        Read read = BAD;
        try {
            while (good && netstring.left() > 0) {
                Optional<Recipient> one = recipient();
                good = one.isPresent() && recipients.size() < RECIPIENTS_MAX;
                long cost = good ? cost(one.get().address(), one.get().parameters()) : 0;
                if (!memory.take(cost)) {
                    return NO_ROOM;
                }
                taken += cost;
                one.ifPresent(recipients::add);
            }
            if (good && !recipients.isEmpty()) {
                Envelope envelope =
                        Envelope.travelled(from.get().address(), from.get().parameters(), recipients);
                read = new Read.Message(envelope, spool, taken);
            }
            return read;
        } finally {
            if (!(read instanceof Read.Message)) {
                memory.give(taken);
            }
        }
    }

    /// What a recipient costs from here to the queue's journal, in bytes of heap.
    static long cost(String address, String parameters) {
        return 2 * (Budget.cost(address) + Budget.cost(parameters));
    }

    /// Reads one; empty for what cannot be one.
    private Optional<Recipient> recipient() throws IOException {
        Optional<byte[]> bytes = netstring.bytes(ADDRESS_BYTES_MAX);
        try {
            return bytes.isPresent() ? Optional.of(address(bytes.get())) : Optional.empty();
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return Optional.empty();
        }
    }

    /// An address, and behind a NUL its ESMTP parameters.
    private static Recipient address(byte[] bytes) throws CharacterCodingException {
        int nul = 0;
        while (nul < bytes.length && bytes[nul] != 0) {
            nul++;
        }
        String parameters = nul < bytes.length ? utf8(bytes, nul + 1, bytes.length) : "";
        return new Recipient(utf8(bytes, 0, nul), parameters);
    }

    private static String utf8(byte[] bytes, int from, int to) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, to - from))
                .toString();
    }
}
