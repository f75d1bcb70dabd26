package qrate.tcpserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import qrate.core.Connection;
import qrate.core.ServerTls;

/// A connection over a socket: own buffers, one write a flush, TLS on top when asked.
final class SocketConnection implements Connection {
    /// How long a TLS handshake may take as a whole, in milliseconds.
    static final int HANDSHAKE_MILLIS = 30_000;

    /// Most bytes still read from a client that is being shown the door, so that it sees the last reply.
    private static final int LINGER_BYTES_MAX = 64 << 10;

    /// How long that may take, in milliseconds.
    private static final int LINGER_MILLIS = 1000;

    /// What the sweep leaves a read under TLS, which ends by itself in time.
    private static final long TLS_GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Socket socket;
    private Socket top;
    private final Certificates certificates;
    private final Map<String, String> environment;
    private volatile Input in;
    private volatile Output out;
    private volatile long readNanosMax;
    private volatile long handshakingSince;
    private volatile long graceNanos;
    private String cipher = "";
    private volatile boolean stopping;

    /// @param readNanosMax how long a read may wait until {@link #readTimeout} says otherwise
    SocketConnection(
            Socket socket, Input in, Certificates certificates, Map<String, String> environment, long readNanosMax)
            throws IOException {
        this.socket = socket;
        this.top = socket;
        this.in = in;
        this.out = new Output(socket.getOutputStream());
        this.certificates = certificates;
        this.environment = Map.copyOf(environment);
        this.readNanosMax = readNanosMax;
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
        return !cipher.isEmpty();
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
        InputStream consumed = new ByteArrayInputStream(in.takeBuffered());
        SSLSocket tls = ServerTls.over(context, socket, consumed);
        handshakingSince = System.nanoTime() | 1; // 0 means no handshake is under way
        try {
            tls.startHandshake();
        } finally {
            handshakingSince = 0;
        }
        SSLSession session = tls.getSession();
        top = tls;
        in = in.over(tls.getInputStream());
        out = new Output(tls.getOutputStream());
        cipher = session.getProtocol() + " " + session.getCipherSuite();
        graceNanos = TLS_GRACE_NANOS;
        limitReads();
    }

    /// Under TLS a read has the socket's own time limit: an input that is shut down looks like an attack there, upon
    /// which nothing can be written any more.
    private void limitReads() {
        try {
            socket.setSoTimeout(Math.clamp(TimeUnit.NANOSECONDS.toMillis(readNanosMax), 1, Integer.MAX_VALUE));
        } catch (IOException _) {
            cut();
        }
    }

    @Override
    public String cipher() {
        return cipher;
    }

    /// Kept by {@link Listener}'s sweep: a socket's own time limit would cost a timer for each read.
    @Override
    public void readTimeout(Duration wait) {
        readNanosMax = wait.toNanos();
        if (secured()) {
            limitReads();
        }
    }

    /// Ends a read that has waited for too long; the service may still write. A handshake that takes too long ends
    /// with its connection, however often a byte of it comes.
    void expire(long now) {
        long handshaking = handshakingSince;
        if (handshaking != 0 && now - handshaking > TimeUnit.MILLISECONDS.toNanos(HANDSHAKE_MILLIS)) {
            cut();
            return;
        }
        Input waiting = in;
        long since = waiting.waitingSince();
        if (since != 0 && now - since > readNanosMax + graceNanos) {
            waiting.expire();
            try {
                socket.shutdownInput();
            } catch (IOException _) {
                cut();
            }
        }
    }

    @Override
    public boolean stopping() {
        return stopping;
    }

    /// Asks the service to end at the next command; a client that says nothing is taken for gone.
    void stop(long silentNanos, long now) throws IOException {
        stopping = true;
        long since = in.waitingSince();
        if (since != 0 && now - since >= silentNanos) {
            socket.shutdownInput();
        }
    }

    /// Whether one write has been waiting longer than this for the client to read.
    boolean stuck(long nanos, long now) {
        long since = out.writingSince;
        return since != 0 && now - since > nanos;
    }

    /// Flushes and closes; unread input does not become a reset that eats the last reply.
    void end() {
        try (socket) {
            out.flush();
            if (secured()) {
                top.shutdownOutput(); // close_notify: nothing was cut off
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
        InputStream raw = socket.getInputStream();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS);
        for (int total = 0; total < LINGER_BYTES_MAX && System.nanoTime() < end; ) {
            int n = raw.read(sink);
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

    /// Collects replies until flush; more than the buffer goes out at once.
    static final class Output extends OutputStream {
        private static final int BUFFER_BYTES = 4096;

        private final OutputStream to;
        private final byte[] buffer = new byte[BUFFER_BYTES];
        private int length;
        private volatile long writingSince;

        Output(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            if (length == buffer.length) {
                drain();
            }
            buffer[length++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            if (count > buffer.length - length) {
                drain();
            }
            if (count > buffer.length) {
                send(bytes, offset, count);
                return;
            }
            System.arraycopy(bytes, offset, buffer, length, count);
            length += count;
        }

        @Override
        public void flush() throws IOException {
            drain();
        }

        private void drain() throws IOException {
            if (length > 0) {
                int count = length;
                length = 0;
                send(buffer, 0, count);
            }
        }

        private void send(byte[] bytes, int offset, int count) throws IOException {
            writingSince = System.nanoTime() | 1; // 0 means no write is under way
            try {
                to.write(bytes, offset, count);
            } finally {
                writingSince = 0;
            }
        }
    }
}
