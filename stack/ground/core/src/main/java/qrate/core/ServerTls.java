package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;

/// TLS as every door speaks it: versions 1.2 and 1.3, suites that encrypt and authenticate at once (RFC 9325
/// §4.2),
/// and no second handshake, by which a client would make the server work for nothing.
public final class ServerTls {
    /// Most sessions kept for clients that resume one.
    static final int SESSIONS_MAX = 2000;

    /// How long one is kept, in seconds.
    static final int SESSION_SECONDS_MAX = 3600;

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private ServerTls() {}

    /// Refuses a client's second handshake (RFC 5246 §7.4.1.1) in this process from now on; must be said before TLS is
    /// used for the first time.
    public static void refuseRenegotiation() {
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    }

    /// A context with limits on what it remembers of clients.
    public static SSLContext limited(SSLContext context) {
        refuseRenegotiation();
        SSLSessionContext sessions = context.getServerSessionContext();
        sessions.setSessionCacheSize(SESSIONS_MAX);
        sessions.setSessionTimeout(SESSION_SECONDS_MAX);
        return context;
    }

    /// The server's side over a client's two streams, before its handshake.
    ///
    /// The two streams stay the caller's. A read of theirs that ends in a {@link
    /// java.net.SocketTimeoutException} ends
    /// the read above so, and there may still be written.
    public static SSLSocket over(SSLContext context, InputStream in, OutputStream out) throws IOException {
        SSLSocket tls = (SSLSocket)
                context.getSocketFactory().createSocket(new Inside(in, out), InputStream.nullInputStream(), false);
        tls.setEnabledProtocols(PROTOCOLS);
        tls.setEnabledCipherSuites(Arrays.stream(tls.getEnabledCipherSuites())
                .filter(ServerTls::isGood)
                .toArray(String[]::new));
        return tls;
    }

    /// A key of its own for each session, and no CBC. Exponentials over large fields are left out: a client chooses
    /// them for nothing and they cost a server dearly (CVE-2002-20001).
    private static boolean isGood(String suite) {
        boolean sealed = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
        return sealed && (suite.startsWith("TLS_ECDHE_") || !suite.contains("_WITH_"));
    }

    /// The two streams in the shape that the JDK's TLS wants below it.
    private static final class Inside extends Socket {
        private final InputStream in;
        private final OutputStream out;

        Inside(InputStream in, OutputStream out) {
            this.in = in;
            this.out = new Flushing(out);
        }

        @Override
        public InputStream getInputStream() {
            return in;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public InetAddress getInetAddress() {
            return InetAddress.getLoopbackAddress(); // only ever a label of a session
        }
    }

    /// TLS writes whole records and never flushes what it takes for a socket.
    private static final class Flushing extends OutputStream {
        private final OutputStream to;

        Flushing(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            to.flush();
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            to.write(bytes, offset, count);
            to.flush();
        }
    }
}
