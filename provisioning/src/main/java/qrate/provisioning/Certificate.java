package qrate.provisioning;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
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
    private static final int IP_ADDRESS = 7;

    /// Where the ports of a first run are published; clients compare with it what they were told to connect to.
    private static final List<byte[]> LOOPBACK =
            List.of(new byte[] {127, 0, 0, 1}, HexFormat.of().parseHex("0".repeat(31) + "1"));

    /// How long before its end ours is made anew, in days.
    private static final long RENEW_DAYS = 30;

    private static final Duration EARLIER = Duration.ofHours(1); // clocks differ

    private Certificate() {}

    /// Makes `tls/key.pem` and `tls/cert.pem` unless there is a certificate; one that was made here and nears its end
    /// is made anew. One that somebody brought is theirs, whatever it is.
    ///
    /// @param names host names it is for, the first as its subject
    /// @return whether it was made
    static boolean make(State state, List<String> names, Instant now) throws IOException {
        Path file = state.tls().resolve("cert.pem");
        if (Files.exists(file) && !isOursAndEnds(file, now.plus(RENEW_DAYS, ChronoUnit.DAYS))) {
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
            DurableFile.write(file, certificate, "rw-r--r--");
            return true;
        } catch (GeneralSecurityException e) {
            throw new IOException("tls: no certificate could be made: " + e.getMessage(), e);
        }
    }

    /// Ours is self-signed, and valid for exactly as long as no other program would make it.
    private static boolean isOursAndEnds(Path file, Instant by) {
        try (InputStream in = Files.newInputStream(file)) {
            X509Certificate one =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            Instant from = one.getNotBefore().toInstant();
            Instant until = one.getNotAfter().toInstant();
            return one.getSubjectX500Principal().equals(one.getIssuerX500Principal())
                    && Duration.between(from, until)
                            .equals(Duration.ofDays(DAYS).plus(EARLIER))
                    && until.isBefore(by);
        } catch (IOException | GeneralSecurityException _) {
            return false; // whatever it is, the doors say what is wrong with it
        }
    }

    private static byte[] sign(KeyPair pair, List<String> names, Instant now) throws GeneralSecurityException {
        byte[] subject = new X500Principal("CN=" + names.getFirst()).getEncoded();
        byte[] algorithm = Der.sequence(Der.object(ECDSA_WITH_SHA256));
        byte[][] hosts = Stream.concat(
                        names.stream().map(name -> Der.implicit(DNS_NAME, name)),
                        LOOPBACK.stream().map(address -> Der.implicit(IP_ADDRESS, address)))
                .toArray(byte[][]::new);
        byte[] certificate = Der.sequence(
                Der.explicit(0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(127, new SecureRandom()).setBit(126)),
                algorithm,
                subject,
                Der.sequence(Der.time(now.minus(EARLIER)), Der.time(now.plus(DAYS, ChronoUnit.DAYS))),
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
