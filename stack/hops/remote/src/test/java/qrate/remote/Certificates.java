package qrate.remote;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate, the chain that a server shows, and the server side of TLS with it.
public record Certificates(
        X509Certificate certificate, List<X509Certificate> chain, PrivateKey key, SSLContext server) {
    /// One that nobody vouches for, valid since yesterday and until tomorrow.
    static Certificates selfSigned(String name) {
        return selfSigned(name, Duration.ofDays(1));
    }

    /// @param left how long it is valid; negative for one that has expired
    public static Certificates selfSigned(String name, Duration left) {
        KeyPair keys = keys();
        return of(name, keys, left, new X500Name("CN=" + name), keys.getPrivate(), List.of());
    }

    /// One that this one vouches for.
    public Certificates signs(String name, Duration left) {
        X500Name issuer = new X500Name(certificate.getSubjectX500Principal().getName());
        return of(name, keys(), left, issuer, key, chain);
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Certificates of(
            String name, KeyPair keys, Duration left, X500Name issuer, PrivateKey signer, List<X509Certificate> above) {
        try {
            X500Name subject = new X500Name("CN=" + name);
            Instant now = Instant.now();
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(new JcaX509v3CertificateBuilder(
                                    issuer,
                                    BigInteger.ONE,
                                    Date.from(now.minus(Duration.ofDays(10))),
                                    Date.from(now.plus(left)),
                                    subject,
                                    keys.getPublic())
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
                            .build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
            List<X509Certificate> chain = new ArrayList<>(List.of(certificate));
            chain.addAll(above);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("key", keys.getPrivate(), new char[0], chain.toArray(X509Certificate[]::new));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return new Certificates(certificate, List.copyOf(chain), keys.getPrivate(), context);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// The data of a TLSA record for it.
    ///
    /// @param selector 0 the certificate, 1 its public key
    /// @param matching 0 the bytes, 1 SHA-256, 2 SHA-512
    public String association(int selector, int matching) throws Exception {
        byte[] bytes = selector == 0
                ? certificate.getEncoded()
                : certificate.getPublicKey().getEncoded();
        byte[] data = matching == 0
                ? bytes
                : MessageDigest.getInstance(matching == 1 ? "SHA-256" : "SHA-512")
                        .digest(bytes);
        return HexFormat.of().formatHex(data);
    }

    String pem() throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----";
    }
}
