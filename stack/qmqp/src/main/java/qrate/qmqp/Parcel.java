package qrate.qmqp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Envelope;
import qrate.core.Recipient;
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
        record Message(Envelope envelope, Spool spool) implements Read {}

        /// Read to its end, and refused.
        record Refused(Verdict verdict) implements Read {}

        /// The client closed the connection between two messages.
        record End() implements Read {}
    }

    private final Netstring netstring;
    private final InputStream in;
    private final Path folder;

    private Parcel(InputStream in, Path folder) {
        this.in = in;
        this.folder = folder;
        this.netstring = new Netstring(in, Netstring.DIGITS_MAX + 1);
    }

    /// Reads one.
    ///
    /// @param first its first byte, or -1 for the end
    /// @throws Netstring.Malformed when the bytes are no QMQP; the connection is of no more use
    static Read read(int first, InputStream in, Path folder) throws IOException {
        return first < 0 ? new Read.End() : new Parcel(in, folder).read(first);
    }

    private Read read(int first) throws IOException {
        long length = netstring.length(first);
        if (length > MESSAGE_BYTES_MAX + ENVELOPE_BYTES_MAX) {
            throw new Netstring.Malformed("a message of " + length + " bytes");
        }
        netstring.enter(length);
        Read read = content();
        if (netstring.left() > 0) {
            netstring.drain();
        }
        netstring.enter(1);
        try {
            netstring.comma();
        } catch (IOException e) {
            if (read instanceof Read.Message message) {
                message.spool().close();
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
            return refused(new Verdict.Never("message too large (#5.3.4)"));
        }
        Spool spool;
        try {
            spool = Spool.of(in, size, folder);
        } catch (Spool.Full e) {
            // how much of the message is left to read nobody knows any more: no answer is a temporary failure too
            throw new IOException("unable to spool: " + e.getMessage(), e);
        }
        boolean handed = false;
        try {
            netstring.comma();
            Optional<Envelope> envelope = envelope();
            handed = envelope.isPresent();
            return handed
                    ? new Read.Message(envelope.get(), spool)
                    : refused(new Verdict.Never("bad envelope (#5.5.2)"));
        } finally {
            if (!handed) {
                spool.close();
            }
        }
    }

    private Read refused(Verdict verdict) {
        return new Read.Refused(verdict);
    }

    private Optional<Envelope> envelope() throws IOException {
        if (netstring.left() > ENVELOPE_BYTES_MAX) {
            return Optional.empty();
        }
        byte[] sender = netstring.bytes(ENVELOPE_BYTES_MAX);
        List<byte[]> addresses = new ArrayList<>();
        while (netstring.left() > 0) {
            addresses.add(netstring.bytes(ENVELOPE_BYTES_MAX));
            if (addresses.size() > RECIPIENTS_MAX) {
                return Optional.empty();
            }
        }
        try {
            Recipient from = address(sender);
            List<Recipient> recipients = new ArrayList<>(addresses.size());
            for (byte[] address : addresses) {
                recipients.add(address(address));
            }
            return Optional.of(new Envelope(from.address(), from.parameters(), recipients));
        } catch (IllegalArgumentException | CharacterCodingException _) {
            return Optional.empty(); // refused with the reason above
        }
    }

    /// An address, and behind a NUL its ESMTP parameters.
    private static Recipient address(byte[] bytes) throws CharacterCodingException {
        if (bytes.length > ADDRESS_BYTES_MAX) {
            throw new IllegalArgumentException("address too long");
        }
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
