package qrate.core;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A body that came from a stream which can be read but once: kept in memory if it is small, else in a temporary file
/// until closed.
public final class SpooledBody implements Body, AutoCloseable {
    /// Largest body kept in memory, in bytes.
    public static final int MEMORY_BYTES_MAX = 1 << 20;

    private final Body body;
    private final Path file;

    private SpooledBody(Body body, Path file) {
        this.body = body;
        this.file = file;
    }

    /// Reads a stream to its end.
    public static SpooledBody read(InputStream in) throws IOException {
        byte[] start = in.readNBytes(MEMORY_BYTES_MAX);
        if (start.length < MEMORY_BYTES_MAX) {
            return new SpooledBody(Body.of(start), Path.of(""));
        }
        Path file = Files.createTempFile("qrate", ".body");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                new java.io.SequenceInputStream(new ByteArrayInputStream(start), in).transferTo(out);
            }
            return new SpooledBody(Body.of(file), file);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    @Override
    public long size() {
        return body.size();
    }

    @Override
    public InputStream open() throws IOException {
        return body.open();
    }

    @Override
    public void close() throws IOException {
        if (!file.toString().isEmpty()) {
            Files.deleteIfExists(file);
        }
    }
}
