package qrate.qmqp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Connection;
import qrate.core.Spool;
import qrate.core.Verdict;

/// One package of QMTP, read to its last byte whatever is wrong with it, since nothing may be answered before.
///
/// @param spool the message with lines ended by LF, the receiver's to close; empty when it was refused
/// @param refusal why nobody gets it, if so
/// @param sender empty when it is no address
/// @param recipients in order, each empty when it is no address
/// @param taken bytes that the recipients hold of the client's share of the memory, to be given back
record QmtpPackage(
        Optional<Spool.Held> spool,
        Optional<Verdict> refusal,
        Optional<String> sender,
        List<Optional<String>> recipients,
        long taken) {
    private static final Verdict NO_ROOM =
            new Verdict.Later("sorry, that is more than I can hold for one client now (#4.3.1)");

    private static final Verdict TOO_LARGE =
            new Verdict.Never("sorry, that message size exceeds my databytes limit (#5.3.4)");

    /// Reads one.
    ///
    /// @param first its first byte
    /// @param bytesMax most bytes of the message, 0 for no limit but {@link Parcel#MESSAGE_BYTES_MAX}
    /// @throws Netstring.Malformed when the bytes are no QMTP; the connection is of no more use
    static QmtpPackage read(int first, Connection connection, long bytesMax, Spool spools) throws IOException {
        InputStream in = connection.in();
        Netstring netstring = new Netstring(in, Netstring.DIGITS_MAX + 1);
        long length = netstring.length(first);
        if (length == 0 || length > Parcel.MESSAGE_BYTES_MAX) {
            throw new Netstring.Malformed("a message of " + length + " bytes");
        }
        Content content = new Content(in, length - 1);
        InputStream lines = switch (in.read()) {
            case '\n' -> content;
            case '\r' -> new Lines(content);
            case -1 -> throw new EOFException("the connection ended in a package");
            default -> throw new Netstring.Malformed("a message that says not how its lines end");
        };
        Optional<Spool.Held> spool = Optional.empty();
        Optional<Verdict> refusal = Optional.empty();
        try {
            spool = Optional.of(
                    spools.all(lines, bytesMax > 0 ? bytesMax : Parcel.MESSAGE_BYTES_MAX, connection.memory()));
        } catch (Spool.TooLarge _) {
            refusal = Optional.of(TOO_LARGE);
        } catch (Spool.Full e) {
            refusal = Optional.of(new Verdict.Later("unable to keep the message: " + e.getMessage() + " (#4.3.1)"));
        }
        boolean whole = false;
        try {
            content.transferTo(java.io.OutputStream.nullOutputStream());
            netstring.enter(1);
            netstring.comma();
            netstring.enter(Netstring.DIGITS_MAX + 2L + Parcel.ENVELOPE_BYTES_MAX);
            Optional<String> sender = netstring.bytes(Parcel.ADDRESS_BYTES_MAX).flatMap(QmtpPackage::address);
            Addresses recipients = Addresses.read(in, connection.memory());
            whole = true;
            return new QmtpPackage(
                    spool,
                    recipients.refused() ? Optional.of(NO_ROOM) : refusal,
                    sender,
                    recipients.all(),
                    recipients.taken());
        } finally {
            if (!whole && spool.isPresent()) {
                spool.get().close();
            }
        }
    }

    /// The recipients; past the client's share of the memory they are counted and no more.
    ///
    /// @param taken bytes of that share
    private record Addresses(List<Optional<String>> all, long taken, boolean refused) {
        static Addresses read(InputStream in, Budget.Share memory) throws IOException {
            Netstring netstring = new Netstring(in, Netstring.DIGITS_MAX + 1);
            long length = netstring.length();
            if (length > Parcel.ENVELOPE_BYTES_MAX) {
                throw new Netstring.Malformed("an envelope of " + length + " bytes");
            }
            netstring.enter(length);
            List<Optional<String>> recipients = new ArrayList<>();
            int count = 0;
            long taken = 0;
            boolean room = true;
            try {
                while (netstring.left() > 0) {
                    if (count++ == Parcel.RECIPIENTS_MAX) {
                        throw new Netstring.Malformed("more than " + Parcel.RECIPIENTS_MAX + " recipients");
                    }
                    Optional<String> one =
                            netstring.bytes(Parcel.ADDRESS_BYTES_MAX).flatMap(QmtpPackage::address);
                    long cost = Parcel.cost(one.orElse(""), "");
                    room &= memory.take(room ? cost : 0);
                    if (room) {
                        taken += cost;
                        recipients.add(one);
                    } else {
                        memory.give(taken);
                        taken = 0;
                        recipients = List.of();
                    }
                }
                netstring.enter(1);
                netstring.comma();
            } catch (IOException e) {
                memory.give(taken);
                throw e;
            }
            return room
                    ? new Addresses(recipients, taken, false)
                    : new Addresses(Collections.nCopies(count, Optional.empty()), 0, true);
        }
    }

    private static Optional<String> address(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return Optional.of(qrate.core.Recipient.of(text).address());
        } catch (CharacterCodingException | IllegalArgumentException _) {
            return Optional.empty(); // refused by its place in the list
        }
    }

    /// So many bytes of a stream, no fewer and no more.
    private static final class Content extends InputStream {
        private final InputStream in;
        private long left;

        Content(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended in a message");
            }
            left--;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (left == 0 && count > 0) {
                return -1;
            }
            int n = in.read(bytes, offset, (int) Math.min(left, count));
            if (n < 0) {
                throw new EOFException("the connection ended in a message");
            }
            left -= n;
            return n;
        }
    }

    /// Ends lines by LF where CRLF ended them; every other CR stays.
    private static final class Lines extends InputStream {
        private static final int NONE = -2;

        private final InputStream in;
        private int held = NONE;

        Lines(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int b = held == NONE ? in.read() : held;
            held = NONE;
            if (b == '\r') {
                int after = in.read();
                if (after == '\n') {
                    return after;
                }
                held = after;
            }
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            int n = 0;
            while (n < count) {
                int b = read();
                if (b < 0) {
                    held = b;
                    return n == 0 && count > 0 ? -1 : n;
                }
                bytes[offset + n++] = (byte) b;
            }
            return n;
        }
    }
}
