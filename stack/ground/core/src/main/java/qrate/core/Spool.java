package qrate.core;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Where messages stand while they come in or go through: in memory while they are small and there is room,
/// else in a
/// file that has no name.
///
/// A file's name is deleted as soon as the file is open: whatever ends the process, `kill -9` too, the system
/// takes the
/// file back, and no other process can come by it.
public final class Spool {
    /// Most bytes of one message in memory: what is larger is rare, and what is smaller would cost more to write to a
    /// file and read again than all else that is done to it.
    public static final int MEMORY_BYTES_MAX = 2 << 20;

    /// A message stands in pieces, each larger than the one before, so that nothing is copied when it grows.
    private static final int PIECE_BYTES_MIN = 4 << 10;

    private static final int PIECE_BYTES_MAX = 64 << 10;

    /// Names of what versions before this one left behind when they crashed, and of what this one leaves if it
    /// ends
    /// between making a file and deleting its name.
    private static final Pattern LEFT =
            Pattern.compile("(smtpd-|message-)\\d+\\.tmp|spool-\\d+|qrate\\d+\\.body|qrate-\\d+\\.spool");

    /// The message is larger than allowed.
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(long bytesMax) {
            super("larger than " + bytesMax + " bytes");
        }
    }

    /// The spool's folder is full or broken; the input is in order.
    public static final class Full extends IOException {
        private static final long serialVersionUID = 1L;

        Full(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Path folder;

    /// @param folder where files go; must exist once one is needed
    public Spool(Path folder) {
        this.folder = folder;
    }

    /// For a program by hand: where the system keeps what is temporary.
    public static Spool temporary() {
        return new Spool(Path.of(System.getProperty("java.io.tmpdir")));
    }

    /// Where files go.
    public Path folder() {
        return folder;
    }

    /// For a daemon: makes the folder, and deletes what one before it left there when it crashed.
    public static Spool swept(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (LEFT.matcher(file.getFileName().toString()).matches()
                        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.isWritable(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return new Spool(folder);
    }

    /// Room for a message that will be written piece by piece.
    ///
    /// @param memory asked for every byte of heap; what it does not give goes to a file
    public Held hold(Budget.Share memory) {
        return new Held(memory);
    }

    /// Reads a stream to its end.
    public Held all(InputStream in) throws IOException {
        return all(in, Long.MAX_VALUE, Budget.ENDLESS);
    }

    /// Reads a stream to its end.
    ///
    /// @throws TooLarge when there is more than allowed
    /// @throws Full when it cannot be kept
    public Held all(InputStream in, long bytesMax, Budget.Share memory) throws IOException {
        return fill(in, bytesMax, false, memory);
    }

    /// Reads exactly so many bytes.
    ///
    /// @throws Full when they cannot be kept; they have then been read in part
    public Held exactly(InputStream in, long bytes, Budget.Share memory) throws IOException {
        return fill(in, bytes, true, memory);
    }

    private Held fill(InputStream in, long bytesMax, boolean exactly, Budget.Share memory) throws IOException {
        Held held = hold(memory);
        boolean whole = false;
        try {
            while (!exactly || held.size() < bytesMax) {
                if (held.read(in, exactly ? bytesMax - held.size() : Long.MAX_VALUE) < 0) {
                    break;
                }
                if (held.size() > bytesMax) {
                    throw new TooLarge(bytesMax);
                }
            }
            if (exactly && held.size() < bytesMax) {
                throw new EOFException("the message ended early");
            }
            held.body();
            whole = true;
            return held;
        } finally {
            if (!whole) {
                held.close();
            }
        }
    }

    /// One message. Written by one thread until it is whole, then read by as many as like.
    public final class Held implements Body, AutoCloseable {
        private final Budget.Share memory;
        private final List<byte[]> pieces = new ArrayList<>();
        /// the last of the pieces, and how much of it is filled
        private byte[] last = {};
        private int length;
        private long size;
        private RandomAccessFile file;
        private long taken;
        private boolean closed;

        Held(Budget.Share memory) {
            this.memory = memory;
        }

        /// Adds a piece.
        ///
        /// @throws Full when it cannot be kept
        public void write(byte[] bytes, int offset, int count) throws Full {
            int done = 0;
            while (done < count) {
                if (length == last.length) {
                    grow();
                }
                int n = Math.min(count - done, last.length - length);
                System.arraycopy(bytes, offset + done, last, length, n);
                length += n;
                done += n;
            }
            size += count;
        }

        /// Adds a byte.
        public void write(byte b) throws Full {
            if (length == last.length) {
                grow();
            }
            last[length++] = b;
            size++;
        }

        /// Adds what comes next.
        ///
        /// @return how much came, -1 at the end
        private int read(InputStream in, long most) throws IOException {
            if (length == last.length) {
                int first = in.read(); // no memory is asked for where nothing follows
                if (first >= 0) {
                    write((byte) first);
                }
                return first < 0 ? -1 : 1;
            }
            int n = in.read(last, length, (int) Math.min(most, last.length - length));
            length += Math.max(n, 0);
            size += Math.max(n, 0);
            return n;
        }

        private void grow() throws Full {
            if (pieces.isEmpty()) {
                add(PIECE_BYTES_MIN); // counted with the connection: without these few nothing can be written
                return;
            }
            int more = Math.clamp(3 * size, PIECE_BYTES_MIN, PIECE_BYTES_MAX);
            if (file == null && size + more <= MEMORY_BYTES_MAX && memory.take(more)) {
                taken += more;
                add(more);
            } else {
                spill();
            }
        }

        private void add(int bytes) {
            last = new byte[bytes];
            length = 0;
            pieces.add(last);
        }

        /// Puts all into the file, and keeps one piece for what is to come.
        private void spill() throws Full {
            try {
                if (file == null) {
                    file = nameless();
                }
                for (byte[] full : pieces.subList(0, pieces.size() - 1)) {
                    file.write(full);
                }
                file.write(last, 0, length);
                length = 0;
                if (pieces.size() > 1) {
                    pieces.clear();
                    pieces.add(last);
                    memory.give(taken - last.length);
                    taken = last.length;
                }
            } catch (IOException e) {
                throw new Full(e);
            }
        }

        private RandomAccessFile nameless() throws IOException {
            Path name = Files.createTempFile(folder, "qrate-", ".spool");
            RandomAccessFile opened = new RandomAccessFile(name.toFile(), "rw");
            try {
                Files.deleteIfExists(name);
                return opened;
            } catch (IOException e) {
                opened.close();
                throw e;
            }
        }

        /// The message, which is whole now; valid until {@link #close()}.
        ///
        /// @throws Full when the last of it cannot be kept
        public Body body() throws Full {
            if (file != null && length > 0) {
                spill();
            }
            return this;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream open() {
            return file == null ? new InMemory() : new Reading();
        }

        private synchronized int read(long at, byte[] bytes, int offset, int count) throws IOException {
            file.seek(at);
            return file.read(bytes, offset, count);
        }

        /// Gives memory or file back; a second call does nothing.
        @Override
        public synchronized void close() throws IOException {
            if (!closed) {
                closed = true;
                memory.give(taken);
                if (file != null) {
                    file.close();
                }
            }
        }

        /// From its start, piece by piece.
        private final class InMemory extends InputStream {
            private int piece;
            private int at;

            /// Bytes that are left of the piece that it is at; 0 at the end.
            private int left() {
                if (piece < pieces.size() - 1 && at == pieces.get(piece).length) {
                    piece++;
                    at = 0;
                }
                return pieces.isEmpty() ? 0 : (piece == pieces.size() - 1 ? length : pieces.get(piece).length) - at;
            }

            @Override
            public int read() {
                return left() == 0 ? -1 : pieces.get(piece)[at++] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                int n = Math.min(left(), count);
                if (n == 0) {
                    return count == 0 ? 0 : -1;
                }
                System.arraycopy(pieces.get(piece), at, bytes, offset, n);
                at += n;
                return n;
            }

            @Override
            public long transferTo(OutputStream out) throws IOException {
                long all = 0;
                for (int n = left(); n > 0; n = left()) {
                    out.write(pieces.get(piece), at, n);
                    at += n;
                    all += n;
                }
                return all;
            }
        }

        /// From its start, at its own pace. Not by a channel, which an interrupted reader would close for all
        /// others.
        private final class Reading extends InputStream {
            private long at;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                int n = Held.this.read(at, bytes, offset, count);
                at += Math.max(n, 0);
                return n;
            }
        }
    }
}
