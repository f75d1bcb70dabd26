package qrate.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import qrate.core.DurableFile;
import qrate.core.State;

/// A self-signed certificate for the first run, until the administrator brings one that others trust.
final class Certificate {
    /// How long it is valid, in days.
    static final long DAYS = 3650;

    private Certificate() {}

    /// Makes `tls/key.pem` and `tls/cert.pem` unless there is a certificate.
    ///
    /// @param names host names it is for, the first as its subject
    /// @return whether it was made
    static boolean make(State state, List<String> names, Instant now) throws IOException {
        if (Files.exists(state.tls().resolve("cert.pem"))) {
            return false;
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] key = pem("PRIVATE KEY", pair.getPrivate().getEncoded());
            byte[] certificate = pem("CERTIFICATE", sign(pair, names, now).getEncoded());
            // the certificate last: it is what the next run looks for
            DurableFile.write(state.tls().resolve("key.pem"), key);
            DurableFile.write(state.tls().resolve("cert.pem"), certificate, "rw-r--r--");
            return true;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("tls: no certificate could be made: " + e.getMessage(), e);
        }
    }

    private static X509CertificateHolder sign(KeyPair pair, List<String> names, Instant now)
            throws OperatorCreationException, CertificateEncodingException, IOException {
        X500Principal subject = new X500Principal("CN=" + names.getFirst());
        GeneralName[] hosts = names.stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        return new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(127, new SecureRandom()).setBit(126),
                        Date.from(now.minus(1, ChronoUnit.HOURS)),
                        Date.from(now.plus(DAYS, ChronoUnit.DAYS)),
                        subject,
                        pair.getPublic())
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(hosts))
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    }

    private static byte[] pem(String type, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        return ("-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n").getBytes(US_ASCII);
    }
}
