package qrate.remote.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import qrate.core.Control;
import qrate.core.ControlFile;

/// TLS as a client: opportunistic with any certificate, or verified where it must be.
///
/// control/tlsremote holds `may` (the default), `must` (no TLS, no delivery; any certificate) or `never`. A file
/// control/tlshosts/NAME.pem makes TLS a must for the server NAME, with a certificate for that name from an authority
/// in the file. A relay that gets a password must have TLS and a certificate for its name, from such a file or an
/// authority the JDK trusts.
public final class Tls {
    /// How much a server is asked for.
    public enum Demand {
        /// plain text whatever is offered
        NEVER,
        /// if offered, and if it works
        MAY,
        /// or no delivery
        MUST
    }

    /// Whom to expect at the other end.
    ///
    /// @param name host name, or the address in digits
    /// @param verify whether the certificate must be good for that name
    public record Peer(String name, int port, boolean verify) {}

    private final Control control;
    private final SSLContext any;

    public Tls(Control control) {
        this.control = control;
        any = context(new TrustManager[] {new Anyone()});
    }

    /// What is asked of a server.
    ///
    /// @throws IOException when control/tlsremote cannot be read or makes no sense
    public Demand demand(Peer peer) throws IOException {
        if (peer.verify() || Files.exists(authority(peer))) {
            return Demand.MUST;
        }
        String word = control.value(ControlFile.TLSREMOTE);
        return switch (word) {
            case "never" -> Demand.NEVER;
            case "may" -> Demand.MAY;
            case "must" -> Demand.MUST;
            default -> throw new IOException("control/tlsremote: must, may or never, not " + word);
        };
    }

    /// A TLS socket over a connected one, before the handshake.
    public SSLSocket over(Socket raw, Peer peer) throws IOException {
        Path authority = authority(peer);
        boolean named = Files.exists(authority);
        SSLContext context = named ? context(trusting(authority)) : peer.verify() ? context(trusting()) : any;
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, peer.name(), peer.port(), true);
        socket.setUseClientMode(true);
        if (named || peer.verify()) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 6125: the name must be in the certificate
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    /// Why TLS is a must for a server, for whoever wonders; empty where it is none.
    public String reason(Peer peer) {
        String file = file(peer);
        if (Files.exists(authority(peer))) {
            return "control/" + file + " says which certificates are good for " + peer.name();
        }
        return peer.verify()
                ? "control/smtproutes has a login for it, which goes to nobody whose certificate is not good for "
                        + peer.name() + "; to trust it, put it or its authority into control/" + file
                : "control/tlsremote demands TLS";
    }

    /// What went wrong in a handshake, in words.
    public static String words(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String text = String.valueOf(cause.getMessage());
            if (cause instanceof CertificateExpiredException) {
                return "its certificate has expired";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "its certificate is not valid yet";
            }
            if (text.contains("unable to find valid certification path") || text.contains("Path does not chain")) {
                return "its certificate is signed by nobody who is trusted here";
            }
            if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
                return "its certificate is for another name";
            }
        }
        return String.valueOf(failure.getMessage());
    }

    private Path authority(Peer peer) {
        return control.folder().resolve(file(peer));
    }

    private static String file(Peer peer) {
        String safe = peer.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._:-]", "_");
        return "tlshosts/" + safe + ".pem";
    }

    private static TrustManager[] trusting(Path authority) throws IOException {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("authority" + number++, certificate);
            }
            return managers(Optional.of(store));
        } catch (GeneralSecurityException e) {
            throw new IOException("control/tlshosts/" + authority.getFileName() + ": no certificates", e);
        }
    }

    private static TrustManager[] trusting() throws IOException {
        try {
            return managers(Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new IOException("no trusted authorities", e);
        }
    }

    private static TrustManager[] managers(Optional<KeyStore> store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store.orElse(null));
        return factory.getTrustManagers();
    }

    private static SSLContext context(TrustManager[] managers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a JDK without TLS", e);
        }
    }

    /// Any certificate: against a listener any is better than plain text, which is what there would be otherwise
    /// (RFC 7435).
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
