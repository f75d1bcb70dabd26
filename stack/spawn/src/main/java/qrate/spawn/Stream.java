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

    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final DataInputStream in;
    private final BlockingQueue<byte[]> frames = new ArrayBlockingQueue<>(FRAMES_MAX);
    private final OutputStream out;
    private final Thread writer;
    private volatile boolean finishing;
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
                if (frames.offer(bytes, 1, TimeUnit.SECONDS)) {
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
                boolean last = finishing; // before the look at the line: what comes in between must still go out
                byte[] next = frames.poll();
                if (next == null) {
                    out.flush();
                    if (last) {
                        socket.shutdownOutput();
                        return;
                    }
                    next = frames.poll(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS);
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
    void finish() {
        finishing = true;
        frames.offer(new Frame.Ping().bytes()); // wakes a writer that has nothing to do
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
