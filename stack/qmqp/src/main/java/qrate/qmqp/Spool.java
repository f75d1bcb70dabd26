package qrate.qmqp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import qrate.core.Body;

/// A message in transit: in memory if it is small, else in a temporary file that goes with {@link #close()}.
public final class Spool implements AutoCloseable {
    /// Largest message held in memory, in bytes.
    public static final int MEMORY_BYTES_MAX = 256 << 10;

    private static final int CHUNK_BYTES = 64 << 10;

    /// The message is larger than allowed.
    public static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(long bytesMax) {
            super("larger than " + bytesMax + " bytes");
        }
    }

    /// The spool folder is full or broken; the input is in order.
    public static final class Full extends IOException {
        private static final long serialVersionUID = 1L;

        Full(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private final Body body;
    private final Optional<Path> file;

    private Spool(Body body, Optional<Path> file) {
        this.body = body;
        this.file = file;
    }

    /// Reads exactly so many bytes.
    ///
    /// @throws Full when they cannot be kept; they have then been read in part
    static Spool of(InputStream in, long bytes, Path folder) throws IOException {
        if (bytes > MEMORY_BYTES_MAX) {
            return toFile(new byte[0], in, bytes, bytes, folder);
        }
        byte[] content = in.readNBytes((int) bytes);
        if (content.length < bytes) {
            throw new EOFException("the message ended early");
        }
        return new Spool(Body.of(content), Optional.empty());
    }

    /// Reads to the end of the stream.
    ///
    /// @throws TooLarge when there is more than allowed
    /// @throws Full when it cannot be kept
    public static Spool all(InputStream in, long bytesMax, Path folder) throws IOException {
        byte[] begin = in.readNBytes((int) Math.min(bytesMax, MEMORY_BYTES_MAX) + 1);
        if (begin.length > bytesMax) {
            throw new TooLarge(bytesMax);
        }
        return begin.length <= MEMORY_BYTES_MAX
                ? new Spool(Body.of(begin), Optional.empty())
                : toFile(begin, in, -1, bytesMax, folder);
    }

    /// @param exactly how many bytes are to come, or -1 for all up to `bytesMax`
    private static Spool toFile(byte[] begin, InputStream in, long exactly, long bytesMax, Path folder)
            throws IOException {
        Path path;
        try {
            path = Files.createTempFile(folder, "message-", ".tmp");
        } catch (IOException e) {
            throw new Full(e);
        }
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(path)) {
            write(out, begin, begin.length);
            long size = begin.length;
            byte[] chunk = new byte[CHUNK_BYTES];
            while (size != exactly) {
                int wanted = exactly < 0 ? chunk.length : (int) Math.min(exactly - size, chunk.length);
                int n = in.read(chunk, 0, wanted);
                if (n < 0) {
                    break;
                }
                size += n;
                if (size > bytesMax) {
                    throw new TooLarge(bytesMax);
                }
                write(out, chunk, n);
            }
            if (exactly >= 0 && size < exactly) {
                throw new EOFException("the message ended early");
            }
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(path);
            }
        }
        return new Spool(Body.of(path), Optional.of(path));
    }

    private static void write(OutputStream out, byte[] bytes, int length) throws Full {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new Full(e);
        }
    }

    /// The message, as long as this is open.
    public Body body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            Files.deleteIfExists(file.get());
        }
    }
}
