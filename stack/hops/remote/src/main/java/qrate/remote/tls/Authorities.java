package qrate.remote.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// Who may vouch for a server. What they need of memory they take when they are first asked.
public final class Authorities {
    /// Sessions remembered, so that the next handshake with the same server is a short one.
    static final int SESSIONS_MAX = 200;

    private final Optional<KeyStore> store;
    private Optional<SSLContext> context = Optional.empty();
    private Optional<X509TrustManager> manager = Optional.empty();

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

    /// Checks certificates that were shown in a handshake that anything would have done for.
    ///
    /// @param chain the server's own first
    /// @throws IOException when none of them vouches that it is for this name, or it is not valid now
    void check(Certificate[] chain, String name) throws IOException {
        X509Certificate[] shown = Arrays.copyOf(chain, chain.length, X509Certificate[].class);
        try {
            manager().checkServerTrusted(shown, "UNKNOWN"); // as TLS 1.3 says, which has no such type
            if (!Pins.isFor(shown[0], List.of(name.toLowerCase(Locale.ROOT)))) {
                throw new CertificateException("No name matching " + name);
            }
        } catch (CertificateException e) {
            throw new IOException(e);
        }
    }

    private synchronized SSLContext context() throws IOException {
        if (context.isEmpty()) {
            SSLContext made = Tls.context(new TrustManager[] {manager()});
            made.getClientSessionContext().setSessionCacheSize(SESSIONS_MAX);
            context = Optional.of(made);
        }
        return context.get();
    }

    private synchronized X509TrustManager manager() throws IOException {
        if (manager.isEmpty()) {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(store.orElse(null));
                manager = Arrays.stream(factory.getTrustManagers())
                        .filter(X509TrustManager.class::isInstance)
                        .map(X509TrustManager.class::cast)
                        .findFirst();
            } catch (GeneralSecurityException e) {
                throw new IOException("no trusted authorities", e);
            }
        }
        return manager.orElseThrow(() -> new IOException("no trusted authorities"));
    }
}
