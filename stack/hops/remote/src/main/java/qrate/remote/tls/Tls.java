package qrate.remote.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import qrate.core.Control;
import qrate.core.ControlFile;
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

/// TLS as a client: opportunistic with any certificate, or verified where it must be.
///
/// control/tlsremote holds `may` (the default), `must` (no TLS, no delivery; any certificate) or `never`. A file
/// control/tlshosts/NAME.pem makes TLS a must for the server NAME, with a certificate for that name from an authority
/// in the file. A relay that gets a password must have TLS and a certificate for its name, from such a file or an
/// authority the JDK trusts. What a server's domain asks for ({@link Assurance}) comes behind these.
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
    /// @param assurance what its domain asks for
    public record Peer(String name, int port, boolean verify, Assurance assurance) {}

    static final String MISFIT = "its certificate fits none of its TLSA records";

    /// A server that its domain's policy does not name.
    public static final TlsFault.Cause UNNAMED =
            new TlsFault.Cause(TlsNote.Failure.VALIDATION_FAILURE, "no mx of the policy is this server");

    private final Control control;
    private final Authorities authorities;
    private final SSLContext any;

    /// @param authorities who may vouch for a server that control/tlshosts does not name
    public Tls(Control control, Authorities authorities) {
        this.control = control;
        this.authorities = authorities;
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
            case "may" -> peer.assurance().reason().isEmpty() ? Demand.MAY : Demand.MUST;
            case "must" -> Demand.MUST;
            default -> throw new IOException("control/tlsremote: must, may or never, not " + word);
        };
    }

    /// A TLS socket over a connected one, before the handshake.
    public SSLSocket over(Socket raw, Peer peer) throws IOException {
        Path authority = authority(peer);
        if (Files.exists(authority)) {
            return named(authority).over(raw, peer.name(), peer.port());
        }
        return switch (peer.assurance()) {
            case Assurance.ByDane(var pins, var names)
            when !peer.verify() ->
                over(raw, context(new TrustManager[] {pins.trust(names)}), names.getFirst(), peer.port());
            case Assurance.ByPolicy _, Assurance.ForSender _ -> authorities.over(raw, peer.name(), peer.port());
            case Assurance.Opportunistic _,
                    Assurance.Relayed _,
                    Assurance.Tried _,
                    Assurance.Waived _,
                    Assurance.Encrypted _,
                    Assurance.ByDane _ ->
                peer.verify()
                        ? authorities.over(raw, peer.name(), peer.port())
                        : over(raw, any, peer.name(), peer.port());
        };
    }

    private static SSLSocket over(Socket raw, SSLContext context, String name, int port) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(raw, name, port, true);
        socket.setUseClientMode(true);
        return socket;
    }

    /// Whether a server whose handshake went well is certainly the one.
    public boolean sure(Peer peer) {
        return peer.verify()
                || Files.exists(authority(peer))
                || switch (peer.assurance()) {
                    case Assurance.ByPolicy _, Assurance.ByDane _, Assurance.ForSender _ -> true;
                    case Assurance.Opportunistic _,
                            Assurance.Relayed _,
                            Assurance.Tried _,
                            Assurance.Waived _,
                            Assurance.Encrypted _ -> false;
                };
    }

    /// How sure one is of a server after the handshake, for the report: `tlshosts`, `login`, or its domain's word.
    public String word(Peer peer) {
        return Files.exists(authority(peer))
                ? "tlshosts"
                : peer.verify() ? "login" : peer.assurance().word();
    }

    /// Why TLS is a must for a server, for whoever wonders; empty where it is none.
    public String reason(Peer peer) {
        String file = file(peer);
        if (Files.exists(authority(peer))) {
            return "control/" + file + " says which certificates are good for " + peer.name();
        }
        if (!peer.verify() && !peer.assurance().reason().isEmpty()) {
            return peer.assurance().reason();
        }
        return peer.verify()
                ? "control/smtproutes has a login for it, which goes to nobody whose certificate is not good for "
                        + peer.name() + "; to trust it, put it or its authority into control/" + file
                : "control/tlsremote demands TLS";
    }

    /// What went wrong in a handshake, in words.
    public static String words(IOException failure) {
        return switch (Misfit.of(failure)) {
            case EXPIRED -> "its certificate has expired";
            case NOT_YET -> "its certificate is not valid yet";
            case NOT_TRUSTED -> "its certificate is signed by nobody who is trusted here";
            case NO_RECORD -> MISFIT;
            case OTHER_NAME -> "its certificate is for another name";
            case OTHER -> String.valueOf(failure.getMessage());
        };
    }

    /// What went wrong in a handshake, for the domain.
    public static TlsFault.Cause cause(IOException failure) {
        Misfit misfit = Misfit.of(failure);
        return new TlsFault.Cause(misfit.told(), misfit.isVague() ? words(failure) : "");
    }

    /// What is wrong with a server's certificate by a policy that is only tried, after the handshake.
    public Optional<TlsFault.Cause> flaw(Peer peer, SSLSession session) {
        if (!(peer.assurance() instanceof Assurance.Tried(boolean names, var _))) {
            return Optional.empty();
        }
        if (!names) {
            return Optional.of(UNNAMED);
        }
        try {
            authorities.check(session.getPeerCertificates(), peer.name());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(cause(e));
        }
    }

    /// Whether a handshake failed for the server's certificate, which the next one will show, too.
    public static boolean isMisfit(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private Path authority(Peer peer) {
        return control.folder().resolve(file(peer));
    }

    private static String file(Peer peer) {
        String safe = peer.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._:-]", "_");
        return "tlshosts/" + safe + ".pem";
    }

    private static Authorities named(Path authority) throws IOException {
        try (InputStream in = Files.newInputStream(authority)) {
            return Authorities.of(CertificateFactory.getInstance("X.509").generateCertificates(in));
        } catch (CertificateException e) {
            throw new IOException("control/tlshosts/" + authority.getFileName() + ": no certificates", e);
        }
    }

    static SSLContext context(TrustManager[] managers) {
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
