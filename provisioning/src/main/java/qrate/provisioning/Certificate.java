package qrate.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import qrate.core.DurableFile;
import qrate.core.State;

/// A self-signed certificate (RFC 5280, section 4.1) for the first run, until the administrator brings one that others
/// trust. Written by hand: the libraries that do it are signed jars, which cost every first start a third of a second.
final class Certificate {
    /// How long it is valid, in days.
    static final long DAYS = 3650;

    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final String ECDSA_WITH_SHA256 = "2a8648ce3d040302"; // 1.2.840.10045.4.3.2
    private static final String SUBJECT_ALTERNATIVE_NAME = "551d11"; // 2.5.29.17
    private static final String BASIC_CONSTRAINTS = "551d13"; // 2.5.29.19
    private static final int DNS_NAME = 2;

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
            byte[] certificate = pem("CERTIFICATE", sign(pair, names, now));
            // the certificate last: it is what the next run looks for
            DurableFile.write(state.tls().resolve("key.pem"), key);
            DurableFile.write(state.tls().resolve("cert.pem"), certificate, "rw-r--r--");
            return true;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: no certificate could be made: " + e.getMessage(), e);
        }
    }

    private static byte[] sign(KeyPair pair, List<String> names, Instant now) throws GeneralSecurityException {
        byte[] subject = new X500Principal("CN=" + names.getFirst()).getEncoded();
        byte[] algorithm = Der.sequence(Der.object(ECDSA_WITH_SHA256));
        byte[][] hosts =
                names.stream().map(name -> Der.implicit(DNS_NAME, name)).toArray(byte[][]::new);
        byte[] certificate = Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(127, new SecureRandom()).setBit(126)),
                algorithm,
                subject,
                Der.sequence(Der.time(now.minus(1, ChronoUnit.HOURS)), Der.time(now.plus(DAYS, ChronoUnit.DAYS))),
                subject,
                pair.getPublic().getEncoded(),
                Der.explicit(
                        3,
                        Der.sequence(
                                Der.sequence(Der.object(SUBJECT_ALTERNATIVE_NAME), Der.octets(Der.sequence(hosts))),
                                Der.sequence(
                                        Der.object(BASIC_CONSTRAINTS),
                                        Der.yes(),
                                        Der.octets(Der.sequence(Der.yes()))))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(certificate);
        return Der.sequence(certificate, algorithm, Der.bits(signature.sign()));
    }

    private static byte[] pem(String type, byte[] der) {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
        return ("-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n").getBytes(US_ASCII);
    }
}
