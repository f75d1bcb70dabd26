package qrate.remote.session;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import qrate.remote.tls.Tls;

/// A connection under a deadline: when it passes, the socket is closed, whatever a thread does with it.
final class DeadlineConnection implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 << 10;

    private final Socket raw;
    private final Watchdog watchdog;
    private InputStream in;
    private OutputStream out;
    private Optional<Future<?>> deadline = Optional.empty();
    private volatile boolean expired;

    DeadlineConnection(Socket raw, Watchdog watchdog) throws IOException {
        this.raw = raw;
        this.watchdog = watchdog;
        in = new BufferedInputStream(raw.getInputStream(), BUFFER_BYTES);
        out = new BufferedOutputStream(raw.getOutputStream(), BUFFER_BYTES);
    }

    /// Whether the server said something that nobody asked for, or is closing.
    boolean unread() throws IOException {
        return in.available() > 0 || raw.getInputStream().available() > 0;
    }

    /// Whether it can be read without waiting.
    boolean ready() throws IOException {
        return in.available() > 0;
    }

    /// Its end here.
    InetAddress from() {
        return raw.getLocalAddress();
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /// Gives what follows this much time in all; replaces the deadline before.
    void within(Duration time) {
        relax();
        deadline = Optional.of(watchdog.after(time, () -> {
            expired = true;
            closeRaw();
        }));
    }

    /// No deadline.
    void relax() {
        deadline.ifPresent(d -> d.cancel(false));
        deadline = Optional.empty();
    }

    /// Whether a deadline passed, so that what failed failed for that.
    boolean expired() {
        return expired;
    }

    /// Goes over to TLS.
    ///
    /// @return what was agreed on
    /// @throws IOException when the handshake fails, or the server sent something ahead of it; close then
    SSLSession startTls(Tls tls, Tls.Peer peer) throws IOException {
        if (in.available() > 0) {
            throw new IOException(
                    "the server sent something ahead of the TLS handshake"); // CVE-2021-38542, client side
        }
        SSLSocket secured = tls.over(raw, peer);
        secured.startHandshake();
        in = new BufferedInputStream(secured.getInputStream(), BUFFER_BYTES);
        out = new BufferedOutputStream(secured.getOutputStream(), BUFFER_BYTES);
        return secured.getSession();
    }

    @Override
    public void close() {
        relax();
        closeRaw();
    }

    /// The socket under TLS, since closing the TLS socket may wait for the other side.
    private void closeRaw() {
        try {
            raw.close();
        } catch (IOException _) {
            // nothing is owed to a connection given up
        }
    }
}
