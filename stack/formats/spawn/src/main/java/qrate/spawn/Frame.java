package qrate.spawn;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Verdict;

/// One frame of the stream; the layout stands on the package's page.
sealed interface Frame {
    /// Largest frame, in bytes behind its length.
    int BYTES_MAX = 64 << 10;

    /// Largest piece of a body in one frame, in bytes.
    int CHUNK_BYTES_MAX = 32 << 10;

    /// What stands in front of a piece of a body: length, kind, job.
    int PIECE_HEAD_BYTES = Integer.BYTES + 1 + Long.BYTES;

    /// Longest text of an answer, in characters; the rest is cut.
    int ANSWER_CHARS_MAX = 8000;

    /// Most recipients of one job.
    int RECIPIENTS_MAX = 10_000;

    /// Most numbers in one {@link Settled}.
    int SETTLED_MAX = 10_000;

    /// What a connection begins with.
    String VERSION = "qrate-spawn-1";

    /// First frame in both directions.
    record Hello(String version) implements Frame {}

    /// A job is announced.
    record Job(long job, Head head, long bodyBytes, int recipients) implements Frame {}

    /// What a job says of its message.
    record Head(long id, long birth, String sender, String parameters, String host) {}

    /// A recipient of a job.
    record To(long job, int number, Recipient recipient) implements Frame {}

    /// A piece of a job's body.
    record Piece(long job, ByteBuffer part) implements Frame {}

    /// A delivery ended.
    record Answer(long job, int number, Verdict verdict) implements Frame {}

    /// A job's host lets it wait, or does so no longer ({@link qrate.core.Spawner.Answers#waits}). It looks like an
    /// answer for a recipient that there is none of, which 0.2.0 and before pass over.
    record Waits(long job, boolean waits) implements Frame {
        private static final int WAITS = -1;
        private static final int GOES_ON = -2;
    }

    /// Deliveries of a message are settled.
    record Settled(long id, List<Integer> numbers) implements Frame {
        public Settled {
            numbers = List.copyOf(numbers);
        }
    }

    /// A job is called off, because its body cannot be read; nobody answers it.
    record Cancel(long job) implements Frame {}

    /// Still there.
    record Ping() implements Frame {}

    /// A frame that breaks the protocol.
    final class Nonsense extends IOException {
        private static final long serialVersionUID = 1L;

        Nonsense(String why) {
            super(why);
        }
    }

    /// The frame as bytes, its length in front.
    default byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(0);
            switch (this) {
                case Hello(var version) -> {
                    out.writeByte('H');
                    text(out, version);
                }
                case Job(var job, var head, var bodyBytes, var recipients) -> {
                    out.writeByte('J');
                    out.writeLong(job);
                    out.writeLong(head.id);
                    out.writeLong(head.birth);
                    out.writeLong(bodyBytes);
                    out.writeInt(recipients);
                    text(out, head.sender);
                    text(out, head.parameters);
                    text(out, head.host);
                }
                case To(var job, var number, var recipient) -> {
                    out.writeByte('R');
                    out.writeLong(job);
                    out.writeInt(number);
                    text(out, recipient.address());
                    text(out, recipient.parameters());
                }
                case Piece(var job, var piece) -> {
                    out.writeByte('B');
                    out.writeLong(job);
                    out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
                }
                case Answer(var job, var number, var verdict) -> {
                    out.writeByte('A');
                    out.writeLong(job);
                    out.writeInt(number);
                    out.writeByte(verdict.code());
                    String said = verdict.text();
                    text(out, said.substring(0, Math.min(ANSWER_CHARS_MAX, said.length())));
                }
                case Waits(var job, var waits) -> {
                    out.writeByte('A');
                    out.writeLong(job);
                    out.writeInt(waits ? Waits.WAITS : Waits.GOES_ON);
                    out.writeByte(new Verdict.Later("").code());
                    text(out, "");
                }
                case Settled(var id, var numbers) -> {
                    out.writeByte('S');
                    out.writeLong(id);
                    out.writeInt(numbers.size());
                    for (int number : numbers) {
                        out.writeInt(number);
                    }
                }
                case Cancel(var job) -> {
                    out.writeByte('C');
                    out.writeLong(job);
                }
                case Ping() -> out.writeByte('P');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        byte[] frame = bytes.toByteArray();
        ByteBuffer.wrap(frame).putInt(0, frame.length - Integer.BYTES);
        return frame;
    }

    /// The frame of a piece of a body, which is read straight into it.
    ///
    /// @param bytes its size, at most {@link #CHUNK_BYTES_MAX}
    /// @throws EOFException when the body is shorter
    static byte[] piece(long job, InputStream body, int bytes) throws IOException {
        byte[] frame = new byte[PIECE_HEAD_BYTES + bytes];
        ByteBuffer.wrap(frame)
                .putInt(frame.length - Integer.BYTES)
                .put((byte) 'B')
                .putLong(job);
        if (body.readNBytes(frame, PIECE_HEAD_BYTES, bytes) < bytes) {
            throw new EOFException("the body is shorter than it was");
        }
        return frame;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// Reads the next frame.
    ///
    /// @return empty at the end of the stream between two frames
    /// @throws Nonsense when it is none
    /// @throws java.io.EOFException in the middle of one
    static Optional<Frame> read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length < 1 || length > BYTES_MAX) {
            throw new Nonsense("a frame of " + length + " bytes");
        }
        byte[] content = new byte[length];
        in.readFully(content);
        ByteBuffer buffer = ByteBuffer.wrap(content);
        try {
            Frame frame = parse(buffer);
            if (buffer.hasRemaining() && !mayGrow(frame)) {
                throw new Nonsense("a frame with something behind its end");
            }
            return Optional.of(frame);
        } catch (BufferUnderflowException e) {
            throw new Nonsense("a frame that ends too early");
        } catch (IllegalArgumentException e) {
            throw new Nonsense("a frame with " + e.getMessage());
        }
    }

    /// Behind the fields of these a newer version may put others, which are passed over; a piece has all there is.
    private static boolean mayGrow(Frame frame) {
        return switch (frame) {
            case Job _, To _, Answer _, Waits _, Piece _ -> true;
            case Hello _, Settled _, Cancel _, Ping _ -> false;
        };
    }

    private static Frame parse(ByteBuffer in) throws IOException {
        byte kind = in.get();
        return switch (kind) {
            case 'H' -> new Hello(text(in, VERSION.length()));
            case 'J' -> job(in);
            case 'R' -> new To(in.getLong(), positive(in.getInt()), new Recipient(address(in), address(in)));
            case 'B' -> new Piece(in.getLong(), in);
            case 'A' -> answer(in);
            case 'S' -> {
                long id = in.getLong();
                int count = limited(in.getInt(), SETTLED_MAX);
                List<Integer> numbers = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    numbers.add(positive(in.getInt()));
                }
                yield new Settled(id, numbers);
            }
            case 'C' -> new Cancel(in.getLong());
            case 'P' -> new Ping();
            default -> throw new Nonsense("a frame of kind " + kind);
        };
    }

    private static Frame answer(ByteBuffer in) throws IOException {
        long job = in.getLong();
        int number = in.getInt();
        Verdict verdict = Verdict.of((char) (in.get() & 0xff), text(in, BYTES_MAX));
        return switch (number) {
            case Waits.WAITS -> new Waits(job, true);
            case Waits.GOES_ON -> new Waits(job, false);
            default -> new Answer(job, number, verdict);
        };
    }

    private static Job job(ByteBuffer in) throws IOException {
        long job = in.getLong();
        long id = in.getLong();
        long birth = in.getLong();
        long bodyBytes = in.getLong();
        int recipients = limited(in.getInt(), RECIPIENTS_MAX);
        if (bodyBytes < 0 || recipients == 0) {
            throw new Nonsense("a job without recipients or with a negative body");
        }
        return new Job(job, new Head(id, birth, address(in), address(in), address(in)), bodyBytes, recipients);
    }

    private static int positive(int number) throws IOException {
        return limited(number, Integer.MAX_VALUE);
    }

    private static int limited(int number, int most) throws IOException {
        if (number < 0 || number > most) {
            throw new Nonsense("a number out of range: " + number);
        }
        return number;
    }

    /// An address or parameters, which must be fit for an envelope.
    private static String address(ByteBuffer in) throws IOException {
        String text = text(in, 4 * Envelope.TEXT_BYTES_MAX);
        return new Recipient(text, "").address();
    }

    private static String text(ByteBuffer in, int bytesMax) throws IOException {
        int length = limited(in.getInt(), Math.min(bytesMax, in.remaining()));
        byte[] bytes = Arrays.copyOfRange(in.array(), in.position(), in.position() + length);
        in.position(in.position() + length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Nonsense("a text that is not UTF-8");
        }
    }
}
