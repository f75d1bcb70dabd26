package qrate.queue;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import qrate.core.Envelope;
import qrate.core.Recipient;

/// The records of the journal, and how each stands in bytes.
sealed interface Entry {
    /// The message it is about.
    long id();

    /// A message: accepted, accepted in a bounce's place, or moved here from an older segment.
    ///
    /// @param ends id of the message that this one is the bounce of and that ends with it, or 0
    /// @param attempted when its last attempt was made, in milliseconds since 1970, or 0
    /// @param recipients how many there are
    /// @param endings how far it had got when it was moved
    /// @param about what the message reports, and is recorded with it
    record Message(
            long id,
            long ends,
            long birth,
            long attempted,
            int recipients,
            Stored body,
            List<Queue.Ending> endings,
            Marks marks,
            About about)
            implements Entry {
        /// A message as it is accepted, or moved, if it reports nothing.
        Message(
                long id,
                long ends,
                long birth,
                long attempted,
                int recipients,
                Stored body,
                List<Queue.Ending> endings) {
            this(id, ends, birth, attempted, recipients, body, endings, Marks.NONE, About.NOTHING);
        }
    }

    /// What is remembered of a message beside its endings.
    ///
    /// @param held it waits for an administrator
    /// @param warned its sender was told that it is late
    record Marks(boolean held, boolean warned) {
        static final Marks NONE = new Marks(false, false);
    }

    /// What a message reports of another one.
    ///
    /// @param id the other one's, or 0
    record About(long id, List<Queue.Ending> endings, boolean late) {
        static final About NOTHING = new About(0, List.of(), false);
    }

    /// Ends of deliveries.
    record Settled(long id, List<Queue.Ending> endings) implements Entry {}

    /// An attempt that left somebody owed.
    record Deferred(long id, long attempted) implements Entry {}

    /// A message ended whatever was owed.
    record Dropped(long id) implements Entry {}

    /// A message held or let go.
    record Held(long id, boolean held) implements Entry {}

    /// The ledger holds everything before a mark; about no message, so its id is 0.
    record Traced(Queue.Mark mark) implements Entry {
        @Override
        public long id() {
            return 0;
        }
    }

    /// Where a body is.
    sealed interface Stored {
        /// In the record.
        record Inline(int at, int size) implements Stored {}

        /// In a file of its own.
        record File(long size, int crc) implements Stored {}
    }

    /// A record that its check calls whole and that makes no sense: of another version, or a bug.
    final class Nonsense extends Exception {
        private static final long serialVersionUID = 1L;

        Nonsense(String why) {
            super(why);
        }
    }

    /// Bytes of a message record before its envelope.
    int MESSAGE_HEAD_BYTES = 1 + 4 * 8 + 2 * 4;

    /// Place of the field `attempted` in a message record.
    int ATTEMPTED_AT = 1 + 3 * 8;

    /// A message record begins with this letter, and the marks in two bits that it leaves free.
    byte MESSAGE = 'A';

    int HELD_BIT = 0x20;
    int WARNED_BIT = 0x10;

    /// Reads a record.
    static Entry decode(byte[] content) throws Nonsense {
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            byte kind = in.get();
            long id = in.getLong();
            if ((kind & ~(HELD_BIT | WARNED_BIT)) == MESSAGE) {
                return message(in, id, new Marks((kind & HELD_BIT) != 0, (kind & WARNED_BIT) != 0));
            }
            return switch (kind) {
                case 'S' -> new Settled(id, endings(in));
                case 'D' -> new Deferred(id, in.getLong());
                case 'X' -> new Dropped(id);
                case 'H' -> new Held(id, in.get() != 0);
                case 'K' -> new Traced(new Queue.Mark(in.getLong(), in.getLong()));
                default -> throw new Nonsense("unknown kind " + kind);
            };
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            Nonsense nonsense = new Nonsense("ends too early");
            nonsense.initCause(e);
            throw nonsense;
        }
    }

    private static Message message(ByteBuffer in, long id, Marks marks) throws Nonsense {
        long ends = in.getLong();
        long birth = in.getLong();
        long attempted = in.getLong();
        int recipients = in.getInt();
        int envelope = in.getInt();
        if (recipients < 1 || recipients > Limits.RECIPIENTS_MAX || envelope < 0 || envelope > in.remaining()) {
            throw new Nonsense("envelope of " + envelope + " bytes, " + recipients + " recipients");
        }
        in.position(in.position() + envelope);
        Stored body = switch (in.get()) {
            case 0 -> {
                int size = in.getInt();
                Stored inline = new Stored.Inline(in.position(), size);
                in.position(in.position() + size);
                yield inline;
            }
            case 1 -> new Stored.File(in.getLong(), in.getInt());
            default -> throw new Nonsense("unknown kind of body");
        };
        List<Queue.Ending> endings = endings(in);
        About about = in.hasRemaining() ? new About(in.getLong(), endings(in), in.get() != 0) : About.NOTHING;
        return new Message(id, ends, birth, attempted, recipients, body, endings, marks, about);
    }

    private static List<Queue.Ending> endings(ByteBuffer in) throws Nonsense {
        int count = in.getInt();
        if (count < 0 || count > Limits.RECIPIENTS_MAX) {
            throw new Nonsense(count + " endings");
        }
        List<Queue.Ending> endings = new ArrayList<>(Math.min(count, in.remaining() / 6));
        for (int i = 0; i < count; i++) {
            int number = in.getInt();
            int length = in.getShort();
            endings.add(length < 0 ? new Queue.Ending.Done(number) : new Queue.Ending.Failed(number, text(in, length)));
        }
        return endings;
    }

    private static String text(ByteBuffer in, int length) {
        String text = new String(in.array(), in.position(), Math.min(length, in.remaining()), StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }

    /// Reads the envelope of a message record that {@link #decode} took.
    static Envelope envelope(byte[] content) throws Nonsense {
        ByteBuffer in = ByteBuffer.wrap(content).position(MESSAGE_HEAD_BYTES - 8);
        try {
            int count = in.getInt();
            in.getInt();
            String sender = text(in, in.getShort());
            String parameters = text(in, in.getShort());
            List<Recipient> recipients = new ArrayList<>(Math.min(count, in.remaining() / 4));
            for (int i = 0; i < count; i++) {
                recipients.add(new Recipient(text(in, in.getShort()), text(in, in.getShort())));
            }
            return Envelope.travelled(sender, parameters, recipients);
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            Nonsense nonsense = new Nonsense("bad envelope");
            nonsense.initCause(e);
            throw nonsense;
        }
    }

    /// Writes records.
    final class Encoder {
        private byte[] bytes;
        private int length;

        Encoder(int guess) {
            bytes = new byte[guess];
        }

        byte[] bytes() {
            return bytes;
        }

        int length() {
            return length;
        }

        /// Begins a message record; the body and the endings follow. That it is held stands in the marks, and no
        /// more in its envelope: who sends it on does not hold it again.
        Encoder message(long id, long ends, long birth, Envelope envelope) {
            room(MESSAGE_HEAD_BYTES);
            ByteBuffer.wrap(bytes, length, MESSAGE_HEAD_BYTES)
                    .put((byte) (MESSAGE | (envelope.held() ? HELD_BIT : 0)))
                    .putLong(id)
                    .putLong(ends)
                    .putLong(birth)
                    .putLong(0)
                    .putInt(envelope.recipients().size())
                    .putInt(0);
            length += MESSAGE_HEAD_BYTES;
            int start = length;
            text(envelope.sender());
            text(envelope.notHeld().travelling());
            for (Recipient recipient : envelope.recipients()) {
                text(recipient.address());
                text(recipient.parameters());
            }
            ByteBuffer.wrap(bytes).putInt(start - 4, length - start);
            return this;
        }

        /// Bytes of the envelope of the message begun.
        int envelopeBytes() {
            return ByteBuffer.wrap(bytes).getInt(MESSAGE_HEAD_BYTES - 4);
        }

        /// Leaves room for a body and says where it must be put.
        int inlineBody(int size) {
            room(5 + size);
            bytes[length] = 0;
            ByteBuffer.wrap(bytes).putInt(length + 1, size);
            length += 5 + size;
            return length - size;
        }

        Encoder fileBody(long size, int crc) {
            room(13);
            ByteBuffer.wrap(bytes, length, 13).put((byte) 1).putLong(size).putInt(crc);
            length += 13;
            return this;
        }

        Encoder settled(long id, List<Queue.Ending> endings) {
            head('S', id);
            return endings(endings);
        }

        Encoder deferred(long id, long attempted) {
            head('D', id);
            room(8);
            ByteBuffer.wrap(bytes).putLong(length, attempted);
            length += 8;
            return this;
        }

        Encoder dropped(long id) {
            head('X', id);
            return this;
        }

        Encoder held(long id, boolean held) {
            head('H', id);
            room(1);
            bytes[length++] = (byte) (held ? 1 : 0);
            return this;
        }

        Encoder traced(Queue.Mark mark) {
            head('K', 0);
            room(16);
            ByteBuffer.wrap(bytes).putLong(length, mark.segment()).putLong(length + 8, mark.offset());
            length += 16;
            return this;
        }

        /// What the message reports, behind its endings.
        Encoder about(About about) {
            room(8);
            ByteBuffer.wrap(bytes).putLong(length, about.id());
            length += 8;
            endings(about.endings());
            room(1);
            bytes[length++] = (byte) (about.late() ? 1 : 0);
            return this;
        }

        /// Copies a message record up to its endings, as it stands now.
        Encoder moved(byte[] content, int endingsAt, Message now) {
            room(endingsAt);
            System.arraycopy(content, 0, bytes, 0, endingsAt);
            length = endingsAt;
            bytes[0] = (byte) (MESSAGE
                    | (now.marks().held() ? HELD_BIT : 0)
                    | (now.marks().warned() ? WARNED_BIT : 0));
            ByteBuffer.wrap(bytes).putLong(9, 0).putLong(ATTEMPTED_AT, now.attempted());
            return endings(now.endings());
        }

        Encoder endings(List<Queue.Ending> endings) {
            room(4);
            ByteBuffer.wrap(bytes).putInt(length, endings.size());
            length += 4;
            for (Queue.Ending ending : endings) {
                room(6);
                ByteBuffer.wrap(bytes).putInt(length, ending.number());
                length += 4;
                switch (ending) {
                    case Queue.Ending.Done _ -> {
                        ByteBuffer.wrap(bytes).putShort(length, (short) -1);
                        length += 2;
                    }
                    case Queue.Ending.Failed failed -> text(failed.why());
                }
            }
            return this;
        }

        private void head(char kind, long id) {
            room(9);
            bytes[length] = (byte) kind;
            ByteBuffer.wrap(bytes).putLong(length + 1, id);
            length += 9;
        }

        private void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            room(2 + utf8.length);
            ByteBuffer.wrap(bytes).putShort(length, (short) utf8.length);
            System.arraycopy(utf8, 0, bytes, length + 2, utf8.length);
            length += 2 + utf8.length;
        }

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
            }
        }
    }

    /// Where the endings begin in a message record, which is where a copy of it stops.
    static int endingsAt(byte[] content, Message message) {
        return switch (message.body()) {
            case Stored.Inline inline -> inline.at() + inline.size();
            case Stored.File _ -> MESSAGE_HEAD_BYTES + ByteBuffer.wrap(content).getInt(MESSAGE_HEAD_BYTES - 4) + 13;
        };
    }
}
