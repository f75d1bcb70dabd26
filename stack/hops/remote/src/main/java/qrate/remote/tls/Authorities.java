package qrate.remote.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// Who may vouch for a server. What they need of memory they take when they are first asked.
public final class Authorities {
    /// Sessions remembered, so that the next handshake with the same server is a short one.
    static final int SESSIONS_MAX = 200;

    private final Optional<KeyStore> store;
    private Optional<SSLContext> context = Optional.empty();

    private Authorities(Optional<KeyStore> store) {
        this.store = store;
    }

    /// Those that the JDK trusts.
    public static Authorities ofTheJdk() {
        return new Authorities(Optional.empty());
    }

    /// These alone.
    public static Authorities of(Collection<? extends Certificate> certificates) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("authority" + number++, certificate);
            }
            return new Authorities(Optional.of(store));
        } catch (GeneralSecurityException e) {
            throw new IOException("no certificates", e);
        }
    }

    /// A TLS socket over a connected one, before the handshake, which fails unless one of them vouches that the
    /// certificate is for this name (RFC 6125) and it is valid now.
    public SSLSocket over(Socket raw, String name, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(raw, name, port, true);
        socket.setUseClientMode(true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private synchronized SSLContext context() throws IOException {
        if (context.isEmpty()) {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store.orElse(null));
                SSLContext made = Tls.context(factory.getTrustManagers());
                made.getClientSessionContext().setSessionCacheSize(SESSIONS_MAX);
                context = Optional.of(made);
            } catch (GeneralSecurityException e) {
                throw new IOException("no trusted authorities", e);
            }
        }
        return context.get();
    }
}
