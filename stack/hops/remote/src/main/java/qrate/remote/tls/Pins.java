package qrate.remote.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import qrate.dns.Question.Association;
import qrate.tlsrpt.FoundPolicy;

/// What a server's certificates must fit: those of its TLSA records that are of use to SMTP (RFC 7672 §3.1).
///
/// @param usable in one order, so that the same records are equal
public record Pins(List<Association> usable) {
    private static final int TRUST_ANCHOR = 2;
    private static final int END_ENTITY = 3;
    private static final int WHOLE = 0;
    private static final int SHA_256 = 1;
    private static final int SHA_512 = 2;
    private static final int PUBLIC_KEY = 1;
    private static final int SHA_256_DIGITS = 64;
    private static final int SHA_512_DIGITS = 128;
    private static final int DNS_NAME = 2; // GeneralName's tag (RFC 5280 §4.2.1.6)

    public Pins {
        usable = List.copyOf(usable);
    }

    /// Those of use: DANE-TA and DANE-EE, and of the digests for one usage and selector the strongest alone (RFC 7671
    /// §9).
    public static Pins of(List<Association> all) {
        List<Association> sound = all.stream().filter(Pins::isSound).distinct().toList();
        return new Pins(sound.stream()
                .filter(one -> one.matching() != SHA_256 || sound.stream().noneMatch(other -> outdoes(other, one)))
                .sorted(Comparator.comparing(Association::toString))
                .toList());
    }

    /// What a report tells of records; certificates that stand there whole are too long for it.
    public static String text(List<Association> records) {
        return FoundPolicy.tlsa(records.stream()
                .filter(one -> one.data().length() <= SHA_512_DIGITS)
                .map(one -> one.usage() + " " + one.selector() + " " + one.matching() + " " + one.data())
                .toList());
    }

    private static boolean outdoes(Association other, Association one) {
        return other.matching() == SHA_512 && other.usage() == one.usage() && other.selector() == one.selector();
    }

    private static boolean isSound(Association one) {
        boolean known = (one.usage() == TRUST_ANCHOR || one.usage() == END_ENTITY) && one.selector() <= PUBLIC_KEY;
        int digits = one.data().length();
        return known
                && switch (one.matching()) {
                    case WHOLE -> digits > 0;
                    case SHA_256 -> digits == SHA_256_DIGITS;
                    case SHA_512 -> digits == SHA_512_DIGITS;
                    default -> false;
                };
    }

    /// Whether a server that shows these certificates is the one.
    ///
    /// DANE-EE counts whatever else the certificate says, name and date included (RFC 7672 §3.1.1). DANE-TA wants a
    /// valid path to an authority among the certificates, and one of the names (§3.1.2, §3.2.3).
    ///
    /// @param chain the server's own first
    boolean fit(X509Certificate[] chain, List<String> names) throws GeneralSecurityException {
        for (Association one : usable) {
            if (one.usage() == END_ENTITY) {
                if (chain.length > 0 && matches(one, chain[0])) {
                    return true;
                }
                continue;
            }
            for (int i = 1; i < chain.length; i++) {
                if (matches(one, chain[i]) && leads(chain, i) && isFor(chain[0], names)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean matches(Association one, X509Certificate certificate) throws GeneralSecurityException {
        byte[] bytes =
                one.selector() == PUBLIC_KEY ? certificate.getPublicKey().getEncoded() : certificate.getEncoded();
        byte[] shown = switch (one.matching()) {
            case SHA_256 -> MessageDigest.getInstance("SHA-256").digest(bytes);
            case SHA_512 -> MessageDigest.getInstance("SHA-512").digest(bytes);
            default -> bytes;
        };
        return HexFormat.of().formatHex(shown).equals(one.data());
    }

    /// Whether the certificates in front of one are signed one by the other and the last by that one.
    private static boolean leads(X509Certificate[] chain, int anchor) throws GeneralSecurityException {
        try {
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(chain[anchor], null)));
            parameters.setRevocationEnabled(false); // RFC 7671 §5.2: what stands in DNS is not revoked
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            CertPathValidator.getInstance("PKIX")
                    .validate(factory.generateCertPath(List.of(chain).subList(0, anchor)), parameters);
            return true;
        } catch (CertPathValidatorException _) {
            return false;
        }
    }

    static boolean isFor(X509Certificate certificate, List<String> names) throws CertificateException {
        var alternatives = certificate.getSubjectAlternativeNames();
        return alternatives != null
                && alternatives.stream()
                        .filter(one -> one.getFirst().equals(DNS_NAME))
                        .map(one -> String.valueOf(one.get(1)).toLowerCase(Locale.ROOT))
                        .anyMatch(shown -> names.stream().anyMatch(name -> covers(shown, name)));
    }

    /// A star stands for the whole first label (RFC 7672 §3.2.3).
    private static boolean covers(String shown, String name) {
        int dot = name.indexOf('.');
        return shown.equals(name) || (dot > 0 && shown.equals("*" + name.substring(dot)));
    }

    /// The check in a handshake.
    Trust trust(List<String> names) {
        return new Trust(this, names);
    }

    /// Believes a server whose certificates fit.
    static final class Trust extends X509ExtendedTrustManager {
        private final Pins pins;
        private final List<String> names;

        private Trust(Pins pins, List<String> names) {
            this.pins = pins;
            this.names = names;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            try {
                if (pins.fit(chain, names)) {
                    return;
                }
            } catch (GeneralSecurityException e) {
                throw new CertificateException(Tls.MISFIT, e);
            }
            throw new CertificateException(Tls.MISFIT);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("nobody is a client here");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
