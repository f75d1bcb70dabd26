package qrate.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The system's log, by datagrams to its Unix socket, which the JDK has no class for (syslog(3)).
final class Syslog implements AutoCloseable {
    private static final int UNIX = 1;
    private static final int DATAGRAM_CLOSE_ON_EXEC = 2 | 0x80000;
    private static final int PATH_BYTES_MAX = 107;
    private static final int NO_SIGNAL = 0x4000;
    private static final int CLOSED = -1;

    private final Libc libc;
    private final Path file;
    private int socket = CLOSED;

    /// @param file usually `/dev/log`
    Syslog(Posix posix, Path file) {
        this.libc = posix.libc();
        this.file = file;
    }

    /// Sends one message; connects first, and once more if the log was started anew meanwhile.
    ///
    /// @throws IOException when nobody takes it
    void send(byte[] message) throws IOException {
        if (socket != CLOSED) {
            try {
                sendOnce(message);
                return;
            } catch (IOException _) {
                close(); // its other end is gone; the second try says why if it fails as well
            }
        }
        connect();
        sendOnce(message);
    }

    private void sendOnce(byte[] message) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            libc.must("send", socket, all, (long) message.length, NO_SIGNAL);
        }
    }

    private void connect() throws IOException {
        socket = libc.must("socket", UNIX, DATAGRAM_CLOSE_ON_EXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = name(arena, file);
            libc.must("connect", socket, name, (int) name.byteSize());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// A Unix socket's address.
    static MemorySegment name(Arena arena, Path file) throws IOException {
        byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
        if (path.length > PATH_BYTES_MAX) {
            throw new IOException(file + ": too long for a socket's name");
        }
        MemorySegment name = arena.allocate(2L + path.length + 1, 8);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) UNIX);
        MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 2, path.length);
        return name;
    }

    @Override
    public void close() throws IOException {
        if (socket != CLOSED) {
            libc.call("close", socket);
            socket = CLOSED;
        }
    }
}
