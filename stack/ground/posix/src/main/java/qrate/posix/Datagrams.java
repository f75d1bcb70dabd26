package qrate.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// Datagrams to somebody's Unix socket, which the JDK has no class for: the system's log (syslog(3)), a supervisor
/// (sd_notify(3)).
final class Datagrams implements AutoCloseable {
    private static final int UNIX = 1;
    private static final int DATAGRAM_CLOSE_ON_EXEC = 2 | 0x80000;
    private static final int PATH_BYTES_MAX = 107;
    private static final int NO_SIGNAL = 0x4000;
    private static final int DONT_WAIT = 0x40;
    private static final int CLOSED = -1;

    private final Libc libc;
    private final String address;
    private int socket = CLOSED;

    /// @param address a file, usually `/dev/log`, or `@NAME` for a name without one
    Datagrams(Posix posix, String address) {
        this.libc = posix.libc();
        this.address = address;
    }

    /// Sends one message; connects first, and once more if the other end was started anew meanwhile.
    ///
    /// @throws IOException when nobody takes it
    void send(byte[] message) throws IOException {
        send(message, NO_SIGNAL);
    }

    /// The same, but waits for nobody who is busy.
    void offer(byte[] message) throws IOException {
        send(message, NO_SIGNAL | DONT_WAIT);
    }

    private void send(byte[] message, int flags) throws IOException {
        if (socket != CLOSED) {
            try {
                sendOnce(message, flags);
                return;
            } catch (IOException _) {
                close(); // its other end is gone; the second try says why if it fails as well
            }
        }
        connect();
        sendOnce(message, flags);
    }

    private void sendOnce(byte[] message, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocateFrom(ValueLayout.JAVA_BYTE, message);
            libc.must("send", socket, all, (long) message.length, flags);
        }
    }

    private void connect() throws IOException {
        socket = libc.must("socket", UNIX, DATAGRAM_CLOSE_ON_EXEC, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = name(arena, address);
            libc.must("connect", socket, name, (int) name.byteSize());
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// A Unix socket's address.
    static MemorySegment name(Arena arena, String address) throws IOException {
        byte[] path = address.getBytes(StandardCharsets.UTF_8);
        if (path.length > PATH_BYTES_MAX) {
            throw new IOException(address + ": too long for a socket's name");
        }
        boolean file = !address.startsWith("@"); // it ends with NUL, and a name without a file begins with it
        MemorySegment name = arena.allocate(2L + path.length + (file ? 1 : 0), 8);
        name.set(ValueLayout.JAVA_SHORT, 0, (short) UNIX);
        MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 2, path.length);
        if (!file) {
            name.set(ValueLayout.JAVA_BYTE, 2, (byte) 0);
        }
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
