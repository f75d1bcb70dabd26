package qrate.core;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/// Where messages stand while they come in or go through: in memory while they are small and there is room,
/// else in a
/// file that has no name.
///
/// A file's name is deleted as soon as the file is open: whatever ends the process, `kill -9` too, the system
/// takes the
/// file back, and no other process can come by it.
public final class Spool {
    /// Most bytes of one message in memory.
    public static final int MEMORY_BYTES_MAX = 256 << 10;

    private static final int FIRST_BYTES = 4 << 10;
    private static final int CHUNK_BYTES = 16 << 10;

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
            byte[] chunk = new byte[CHUNK_BYTES];
            while (!exactly || held.size() < bytesMax) {
                int wanted = exactly ? (int) Math.min(bytesMax - held.size(), chunk.length) : chunk.length;
                int n = in.read(chunk, 0, wanted);
                if (n < 0) {
                    break;
                }
                if (held.size() + n > bytesMax) {
                    throw new TooLarge(bytesMax);
                }
                held.write(chunk, 0, n);
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
        private byte[] buffer = {};
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
                if (length == buffer.length) {
                    grow();
                }
                int n = Math.min(count - done, buffer.length - length);
                System.arraycopy(bytes, offset + done, buffer, length, n);
                length += n;
                done += n;
            }
            size += count;
        }

        /// Adds a byte.
        public void write(byte b) throws Full {
            if (length == buffer.length) {
                grow();
            }
            buffer[length++] = b;
            size++;
        }

        private void grow() throws Full {
            int more = Math.max(FIRST_BYTES, buffer.length * 4) - buffer.length;
            if (buffer.length == 0) {
                buffer = new byte[more]; // counted with the connection: without these few nothing can be written
            } else if (file == null && buffer.length < MEMORY_BYTES_MAX && memory.take(more)) {
                taken += more;
                buffer = Arrays.copyOf(buffer, buffer.length + more);
            } else {
                spill();
            }
        }

        private void spill() throws Full {
            try {
                if (file == null) {
                    file = nameless();
                }
                file.write(buffer, 0, length);
                length = 0;
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
            return file == null ? new ByteArrayInputStream(buffer, 0, length) : new Reading();
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
