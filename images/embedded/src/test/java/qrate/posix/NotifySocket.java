package qrate.posix;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/// A socket in the place of systemd's.
public final class NotifySocket implements AutoCloseable {
    private static final int DONT_WAIT = 0x40;

    private final Libc libc = new Posix().libc();
    private final StringBuilder heard = new StringBuilder();
    private final int socket;

    public NotifySocket(Path file) throws IOException {
        socket = libc.must("socket", 1, 2, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Datagrams.name(arena, file.toString());
            libc.must("bind", socket, name, (int) name.byteSize());
        }
    }

    /// Everything that was said so far.
    public String heard() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment datagram = arena.allocate(4096);
            while (true) {
                int got = libc.call("recv", socket, datagram, 4096L, DONT_WAIT).value();
                if (got == -1) {
                    return heard.toString();
                }
                heard.append(new String(datagram.asSlice(0, got).toArray(ValueLayout.JAVA_BYTE), UTF_8));
            }
        }
    }

    @Override
    public void close() throws IOException {
        libc.call("close", socket);
    }
}
