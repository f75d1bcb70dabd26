package qrate.posix;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Any descriptor of this process as a stream. A call waits in the C library and holds its thread meanwhile, so these
/// are for platform threads.
public final class DescriptorStreams {
    private static final int POLL_ERR = 0x08;
    private static final int POLL_HUP = 0x10;
    private static final int POLL_INVALID = 0x20;
    private static final int PIECE_BYTES = 8192;

    private final Libc libc;

    public DescriptorStreams(Posix posix) {
        this.libc = posix.libc();
    }

    /// What a descriptor gives; closing closes the descriptor.
    public InputStream in(int descriptor) {
        InputStream unbuffered = new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int count) throws IOException {
                if (count == 0) {
                    return 0;
                }
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment piece = arena.allocate(count);
                    int n = libc.must("read", descriptor, piece, (long) count);
                    MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, bytes, offset, n);
                    return n == 0 ? -1 : n;
                }
            }

            @Override
            public void close() throws IOException {
                libc.call("close", descriptor);
            }
        };
        return new BufferedInputStream(unbuffered, PIECE_BYTES);
    }

    /// What goes to a descriptor, unbuffered; closing closes the descriptor.
    public OutputStream out(int descriptor) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) throws IOException {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment all = arena.allocate(Math.max(1, count));
                    MemorySegment.copy(bytes, offset, all, ValueLayout.JAVA_BYTE, 0, count);
                    long done = 0;
                    while (done < count) {
                        done += libc.must("write", descriptor, all.asSlice(done), count - done);
                    }
                }
            }

            @Override
            public void close() throws IOException {
                libc.call("close", descriptor);
            }
        };
    }

    /// Waits until nobody reads any more what is written to a descriptor.
    ///
    /// @return whether that is so; false after the time
    public boolean isBroken(int descriptor, long millis) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment asked = arena.allocate(8, 4);
            asked.set(ValueLayout.JAVA_INT, 0, descriptor);
            libc.must("poll", asked, 1L, Math.clamp(millis, 0, Integer.MAX_VALUE));
            return (asked.get(ValueLayout.JAVA_SHORT, 6) & (POLL_ERR | POLL_HUP | POLL_INVALID)) != 0;
        }
    }
}
