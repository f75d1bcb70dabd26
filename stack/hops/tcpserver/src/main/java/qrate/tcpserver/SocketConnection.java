package qrate.tcpserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import qrate.core.Budget;
import qrate.core.Connection;
import qrate.core.ServerTls;

/// A connection over a socket: own buffers, one write a flush, TLS on top when asked.
///
/// All reads and writes, those of TLS too, pass the socket's own two streams, where they are timed; the sweep of
/// {@link Listener} ends what takes too long.
final class SocketConnection implements Connection {
    /// How long a TLS handshake may take as a whole, in milliseconds.
    static final int HANDSHAKE_MILLIS = 30_000;

    /// What TLS holds for one connection, in bytes of heap (measured: DoorHeapTest).
    static final int TLS_BYTES = 64 << 10;

    /// How much of a message must have come to count as a step forward, in bytes.
    static final int STEP_BYTES = 4096;

    /// Most bytes still read from a client that is being shown the door, so that it sees the last reply.
    private static final int LINGER_BYTES_MAX = 64 << 10;

    /// How long that may take, in milliseconds.
    private static final int LINGER_MILLIS = 1000;

    /// Who it belongs to, and what may be held for them.
    ///
    /// @param client the address or network, as {@link Crowd} counts it
    record Owner(String client, Budget.Share memory) {}

    private final Socket socket;
    private final Owner owner;
    private final Certificates certificates;
    private final Map<String, String> environment;
    private final Input raw;
    private final Sender sender;
    private Input in;
    private Output out;
    private Optional<SSLSocket> tls = Optional.empty();
    private String cipher = "";
    private volatile long readNanosMax;
    private volatile long deadline = Long.MAX_VALUE;
    private volatile long handshakingSince;
    private volatile boolean stopping;
    private volatile boolean ending;
    private volatile Worth worth = Worth.NOTHING;
    private volatile long steppedAt = System.nanoTime();
    private volatile long steppedBytes;

    /// A read may wait for [#STRANGER_MAX] until [#readTimeout] says otherwise.
    SocketConnection(Socket socket, Input in, Owner owner, Certificates certificates, Map<String, String> environment)
            throws IOException {
        this.socket = socket;
        this.owner = owner;
        this.raw = in;
        this.in = in;
        this.sender = new Sender(socket.getOutputStream());
        this.out = new Output(sender);
        this.certificates = certificates;
        this.environment = Map.copyOf(environment);
        this.readNanosMax = STRANGER_MAX.toNanos();
    }

    @Override
    public InputStream in() {
        return in;
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean secured() {
        return tls.isPresent();
    }

    @Override
    public boolean canStartTls() {
        return !secured() && certificates.context().isPresent();
    }

    @Override
    public void startTls() throws IOException {
        in.requireEmpty();
        out.flush();
        handshake();
    }

    /// TLS from the first byte, as on 465 and 995; what was read behind a PROXY header belongs to the handshake.
    void handshake() throws IOException {
        SSLContext context =
                certificates.context().orElseThrow(() -> new IOException("TLS asked for, and no certificate"));
        if (!owner.memory.take(TLS_BYTES)) {
            throw new IOException("no room for TLS: this client has its share of the memory");
        }
        SSLSocket over = ServerTls.over(context, raw, sender);
        handshakingSince = System.nanoTime() | 1; // 0 means no handshake is under way
        try {
            over.startHandshake();
        } finally {
            handshakingSince = 0;
        }
        SSLSession session = over.getSession();
        in = new Input(over.getInputStream(), () -> {});
        out = new Output(over.getOutputStream());
        cipher = session.getProtocol() + " " + session.getCipherSuite();
        tls = Optional.of(over);
    }

    @Override
    public String cipher() {
        return cipher;
    }

    /// Kept by {@link Listener}'s sweep: a socket's own time limit would cost a timer for each read.
    @Override
    public void readTimeout(Duration wait) {
        readNanosMax = wait.toNanos();
    }

    @Override
    public void within(Duration whole) {
        deadline = System.nanoTime() + whole.toNanos();
    }

    @Override
    public Budget.Share memory() {
        return owner.memory;
    }

    @Override
    public void step(Worth now) {
        steppedBytes = raw.volume();
        steppedAt = System.nanoTime();
        worth = now;
    }

    /// Who it belongs to, as {@link Crowd} counts them.
    String client() {
        return owner.client;
    }

    /// What would be lost with it.
    Worth worth() {
        return worth;
    }

    /// How long it has not come a step forward, in nanoseconds.
    long idle(long now) {
        if (worth == Worth.MESSAGE && raw.volume() - steppedBytes >= STEP_BYTES) {
            step(Worth.MESSAGE);
        }
        return now - steppedAt;
    }

    /// Whether it can be ended for the sake of others: it waits for its client, and is not ending already.
    boolean waits() {
        return !ending && (raw.waitingSince() != 0 || sender.writingSince != 0);
    }

    /// Ends a read that has waited for too long; the service may still write. A handshake that takes too long ends
    /// with its connection, however often a byte of it comes.
    void expire(long now) {
        long handshaking = handshakingSince;
        if (handshaking != 0 && now - handshaking > TimeUnit.MILLISECONDS.toNanos(HANDSHAKE_MILLIS)) {
            cut();
            return;
        }
        long since = raw.waitingSince();
        if (since != 0 && (now - since > readNanosMax || now - deadline > 0)) {
            dismiss();
        }
    }

    /// Tells the service that its client has taken too long. In a handshake, or while the client does not even
    /// read,
    /// there is no telling.
    void dismiss() {
        ending = true;
        raw.expire();
        try {
            if (handshakingSince == 0 && sender.writingSince == 0) {
                socket.shutdownInput();
                return;
            }
        } catch (IOException _) {
            // cut instead
        }
        cut();
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    /// Asks the service to end at the next command; a client that says nothing is taken for gone.
    void stop(long silentNanos, long now) throws IOException {
        stopping = true;
        long since = raw.waitingSince();
        if (since != 0 && now - since >= silentNanos) {
            socket.shutdownInput();
        }
    }

    /// Whether one write has been waiting longer than this for the client to read.
    boolean stuck(long nanos, long now) {
        long since = sender.writingSince;
        return since != 0 && now - since > nanos;
    }

    /// Flushes and closes; unread input does not become a reset that eats the last reply.
    void end() {
        try (socket) {
            out.flush();
            if (tls.isPresent()) {
                tls.get().shutdownOutput(); // close_notify: nothing was cut off
            }
            if (in.available() > 0 || socket.getInputStream().available() > 0) {
                linger();
            }
        } catch (IOException _) {
            // the client is gone, and so is the connection
        }
    }

    private void linger() throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(LINGER_MILLIS);
        byte[] sink = new byte[4096];
        InputStream rest = socket.getInputStream();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
        for (int total = 0; total < LINGER_BYTES_MAX && System.nanoTime() < end; ) {
            int n = rest.read(sink);
            if (n < 0) {
                return;
            }
            total += n;
        }
    }

    /// Ends it from another thread, whatever it is doing.
    void cut() {
        try {
            socket.close();
        } catch (IOException _) {
            // closed all the same
        }
    }

    /// The socket's own output; tells whether it is waiting.
    private static final class Sender extends OutputStream {
        private final OutputStream to;
        private volatile long writingSince;

        Sender(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            writingSince = System.nanoTime() | 1; // 0 means no write is under way
            try {
                to.write(bytes, offset, count);
            } finally {
                writingSince = 0;
            }
        }
    }

    /// Collects replies until flush; more than the buffer goes out at once.
    static final class Output extends OutputStream {
        private static final int BUFFER_BYTES = 4096;

        private final OutputStream to;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int length;

        Output(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            if (length == buffer.length) {
                flush();
            }
            buffer[length++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            if (count > buffer.length - length) {
                flush();
            }
            if (count > buffer.length) {
                to.write(bytes, offset, count);
                return;
            }
            System.arraycopy(bytes, offset, buffer, length, count);
            length += count;
        }

        @Override
        public void flush() throws IOException {
            if (length > 0) {
                int count = length;
                length = 0;
                to.write(buffer, 0, count);
            }
        }
    }
}
