package qrate.core;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Frames on a Unix socket: texts, each ended by NUL, and then the end of what one side says.
public final class Exchange {
    private Exchange() {}

    /// Reads what the other side says, to its end.
    ///
    /// @param bytesMax most bytes of it
    /// @throws IOException when there is more, or it is not whole in time
    public static byte[] read(SocketChannel channel, int bytesMax, Duration wait) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(bytesMax + 1);
        long end = System.nanoTime() + wait.toNanos();
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (bytes.hasRemaining()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                // what came in time counts, also where this process stood still meanwhile
                if ((left <= 0 || selector.select(left) == 0) && selector.selectNow() == 0) {
                    throw new SocketTimeoutException("not whole in " + wait.toMillis() + " ms");
                }
                selector.selectedKeys().clear();
                if (channel.read(bytes) < 0) {
                    return Arrays.copyOf(bytes.array(), bytes.position());
                }
            }
        } finally {
            Arrays.fill(bytes.array(), (byte) 0);
        }
        throw new IOException("longer than " + bytesMax + " bytes");
    }

    /// Says a frame, and that it is whole; it must fit into the socket's buffer, so that nobody waits.
    public static void say(SocketChannel channel, byte[] frame) throws IOException {
        channel.configureBlocking(false);
        if (channel.write(ByteBuffer.wrap(frame)) < frame.length) {
            throw new EOFException("nobody reads");
        }
        channel.shutdownOutput();
    }

    /// The texts of a frame; fewer or more than expected are none at all.
    public static List<String> texts(byte[] frame, int expected, Charset charset) throws IOException {
        String[] parts = new String(frame, charset).split("\0", -1);
        if (parts.length != expected + 1 || !parts[expected].isEmpty()) {
            throw new IOException("no frame of " + expected + " texts");
        }
        return List.of(parts).subList(0, expected);
    }
}
