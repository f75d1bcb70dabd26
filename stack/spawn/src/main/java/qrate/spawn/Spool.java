package qrate.spawn;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import qrate.core.Body;

/// Holds bodies that arrive: small ones in memory as long as there is room, others in files.
final class Spool {
    /// Largest body held in memory, in bytes.
    static final int MEMORY_BODY_BYTES_MAX = 256 << 10;

    /// Largest sum of bodies held in memory, in bytes.
    static final long MEMORY_BYTES_MAX = 32L << 20;

    private static final String PREFIX = "spool-";

    private final Path folder;
    private final AtomicLong inMemory = new AtomicLong();

    /// Empties the folder of what a process before this one left.
    Spool(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
    }

    /// Makes room for a body of this size, which is then written piece by piece.
    Held hold(long bytes) throws IOException {
        if (bytes <= MEMORY_BODY_BYTES_MAX) {
            if (inMemory.addAndGet(bytes) <= MEMORY_BYTES_MAX) {
                return new Held(bytes, new ByteArrayOutputStream((int) bytes), Optional.empty());
            }
            inMemory.addAndGet(-bytes);
        }
        Path file = Files.createTempFile(folder, PREFIX, "");
        return new Held(bytes, Files.newOutputStream(file), Optional.of(file));
    }

    /// One body. Used by one thread until it is whole.
    final class Held {
        private final long bytes;
        private final OutputStream out;
        private final Optional<Path> file;
        private long left;
        private boolean released;

        Held(long bytes, OutputStream out, Optional<Path> file) {
            this.bytes = bytes;
            this.out = out;
            this.file = file;
            this.left = bytes;
        }

        void write(ByteBuffer piece) throws IOException {
            if (piece.remaining() > left) {
                throw new Frame.Nonsense("more body than was announced");
            }
            left -= piece.remaining();
            out.write(piece.array(), piece.arrayOffset() + piece.position(), piece.remaining());
        }

        Body body() throws IOException {
            out.close();
            return file.isPresent() ? Body.of(file.get()) : Body.of(((ByteArrayOutputStream) out).toByteArray());
        }

        /// Gives memory or file back; a second call does nothing.
        synchronized void release() throws IOException {
            if (!released) {
                released = true;
                out.close();
                if (file.isPresent()) {
                    Files.deleteIfExists(file.get());
                } else {
                    inMemory.addAndGet(-bytes);
                }
            }
        }
    }
}
