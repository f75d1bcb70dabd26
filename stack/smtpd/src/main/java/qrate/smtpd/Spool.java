package qrate.smtpd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import qrate.core.Body;

/// Holds a message while it comes in: in memory, and in a temporary file once it is large.
final class Spool implements AutoCloseable {
    /// Most bytes of a message in memory.
    static final int MEMORY_BYTES_MAX = 256 << 10;

    private static final int FIRST_BYTES = 4 << 10;

    private final Path folder;
    private byte[] memory = new byte[FIRST_BYTES];
    private int length;
    private FileChannel channel;
    private Path file;
    private long size;

    /// @param folder where the temporary file goes
    Spool(Path folder) {
        this.folder = folder;
    }

    void write(byte[] bytes, int offset, int count) throws IOException {
        size += count;
        int done = 0;
        while (done < count) {
            if (length == memory.length) {
                grow();
            }
            int n = Math.min(count - done, memory.length - length);
            System.arraycopy(bytes, offset + done, memory, length, n);
            length += n;
            done += n;
        }
    }

    void write(byte b) throws IOException {
        if (length == memory.length) {
            grow();
        }
        memory[length++] = b;
        size++;
    }

    private void grow() throws IOException {
        if (memory.length < MEMORY_BYTES_MAX) {
            memory = Arrays.copyOf(memory, memory.length * 4);
        } else {
            spill();
        }
    }

    private void spill() throws IOException {
        if (channel == null) {
            file = Files.createTempFile(folder, "smtpd-", ".tmp");
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        }
        ByteBuffer rest = ByteBuffer.wrap(memory, 0, length);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
        length = 0;
    }

    long size() {
        return size;
    }

    /// The message; valid until {@link #close()}.
    Body body() throws IOException {
        if (channel != null) {
            spill();
            return Body.of(file);
        }
        byte[] content = memory;
        int bytes = length;
        return new Body() {
            @Override
            public long size() {
                return bytes;
            }

            @Override
            public InputStream open() {
                return new ByteArrayInputStream(content, 0, bytes);
            }
        };
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            try {
                channel.close();
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }
}
