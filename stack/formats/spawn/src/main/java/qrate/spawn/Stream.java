package qrate.spawn;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One connection: a bounded queue of frames to write, a thread that writes them and pings, a reader's end with a
/// deadline.
final class Stream implements AutoCloseable {
    /// How often a ping is sent when there is nothing else to say.
    static final Duration PING_EVERY = Duration.ofSeconds(15);

    /// A peer that says nothing for so long is dead.
    static final Duration SILENCE_MAX = Duration.ofSeconds(45);

    /// Most frames that wait to be written; whoever has more waits.
    private static final int FRAMES_MAX = 256;

    /// How often who waits for room looks whether the stream is still open.
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private static final int BUFFER_BYTES = 64 << 10;

    /// Stands in line behind the last frame: no frame is empty.
    private static final byte[] END = {};

    private final Socket socket;
    private final DataInputStream in;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(FRAMES_MAX);
    private final OutputStream out;
    private final Thread writer;
    private volatile boolean closed;

    Stream(Socket socket, String name) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) SILENCE_MAX.toMillis());
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        this.writer = Thread.ofVirtual().name(name + "-writer").unstarted(this::write);
    }

    /// Greets the peer, waits for its greeting, and writes from then on what is in line.
    void greet() throws IOException {
        out.write(new Frame.Hello(Frame.VERSION).bytes());
        out.flush();
        Optional<Frame> hello = Frame.read(in);
        if (!hello.equals(Optional.of(new Frame.Hello(Frame.VERSION)))) {
            throw new Frame.Nonsense("no greeting in our version");
        }
        writer.start();
    }

    /// The next frame; empty at the end.
    Optional<Frame> read() throws IOException {
        return Frame.read(in);
    }

    /// Puts frames in line without waiting.
    ///
    /// @return false when there is no room, or the stream is closed
    boolean offer(byte[] bytes) {
        return !closed && frames.offer(bytes);
    }

    /// Puts frames in line, and waits for room.
    ///
    /// @throws IOException when the stream is closed meanwhile
    void put(byte[] bytes) throws IOException {
        try {
            while (!closed) {
                if (frames.offer(bytes, LOOK_NANOS, TimeUnit.NANOSECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        throw new IOException("closed");
    }

    boolean closed() {
        return closed;
    }

    private void write() {
        byte[] ping = new Frame.Ping().bytes();
        try {
            while (!closed) {
                byte[] next = frames.poll();
                if (next == null) {
                    out.flush();
                    next = frames.poll(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                }
                if (next != null && next.length == 0) {
                    out.flush();
                    socket.shutdownOutput();
                    return;
                }
                out.write(next == null ? ping : next);
            }
            out.flush();
        } catch (IOException e) {
            close(); // the reader sees it and says so
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Lets what is in line go out, and the end behind it; the other end may still be read.
    ///
    /// @param end longest wait for room in the line, by {@link System#nanoTime()}
    void finish(long end) throws InterruptedException {
        long left = end - System.nanoTime();
        while (!closed && left > 0 && !frames.offer(END, Math.min(left, LOOK_NANOS), TimeUnit.NANOSECONDS)) {
            left = end - System.nanoTime();
        }
    }

    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone either way
        }
    }
}
