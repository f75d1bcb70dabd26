package qrate.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import qrate.core.State;

/// The certificate of all doors: whether clients will believe it. Whether the doors can use it they say themselves.
record CertificateCheck(State state, Ours ours, InstantSource clock) implements Check {
    /// With fewer days left somebody should have renewed it.
    static final Duration LEFT_MIN = Duration.ofDays(14);

    private static final String AREA = "certificate";
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final int BYTES_MAX = 1 << 20;
    private static final int DNS_NAME = 2;
    private static final String RENEW = "put the new one into tls/cert.pem and tls/key.pem";

    @Override
    public List<Finding> look() throws IOException {
        Path file = state.tls().resolve("cert.pem");
        if (!Files.exists(file)) {
            return List.of(Finding.broken(AREA, "there is none: nobody can sign in", "./qrate up makes one"));
        }
        X509Certificate certificate;
        try {
            certificate = first(file);
        } catch (CertificateException e) {
            return List.of(Finding.broken(AREA, "tls/cert.pem cannot be read: " + e.getMessage(), RENEW));
        }
        List<Finding> all = new ArrayList<>();
        all.add(life(certificate));
        String host = ours.host();
        if (names(certificate).stream().noneMatch(name -> covers(name, host))) {
            all.add(Finding.doubtful(AREA, "it is not for " + host + ", but for " + names(certificate), RENEW));
        }
        if (certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            all.add(Finding.doubtful(
                    AREA, "it is signed by itself: mail programs warn of it", "get one from a certificate authority"));
        }
        for (String name : List.of("key.pem", "cert.pem")) {
            Path key = state.tls().resolve(name);
            if (Files.exists(key)
                    && Files.readString(key, ISO_8859_1).contains("PRIVATE KEY-----")
                    && Files.getPosixFilePermissions(key).contains(PosixFilePermission.OTHERS_READ)) {
                all.add(Finding.broken(AREA, "everybody on this machine can read " + key, "chmod o-rwx " + key));
            }
        }
        return all;
    }

    private Finding life(X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Instant now = clock.instant();
        if (!now.isBefore(end)) {
            return Finding.broken(AREA, "it ended at " + end, RENEW);
        }
        if (now.isBefore(certificate.getNotBefore().toInstant())) {
            return Finding.broken(
                    AREA, "it counts only from " + certificate.getNotBefore().toInstant(), "look at the clock");
        }
        long days = Duration.between(now, end).toDays();
        return days < LEFT_MIN.toDays()
                ? Finding.doubtful(AREA, "it ends in " + days + " days", RENEW)
                : Finding.well(AREA, "it is good for " + days + " days");
    }

    private static X509Certificate first(Path file) throws IOException, CertificateException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(BYTES_MAX), ISO_8859_1);
        }
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END, Math.max(begin, 0));
        if (begin < 0 || end < 0) {
            throw new CertificateException("there is no certificate in it");
        }
        byte[] one = text.substring(begin, end + END.length()).getBytes(ISO_8859_1);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(one));
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames() == null
                    ? List.of()
                    : certificate.getSubjectAlternativeNames().stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME))
                            .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                            .toList();
        } catch (CertificateException _) {
            return List.of();
        }
    }

    /// RFC 9525 §6.3: a `*` stands for one whole label, the first.
    private static boolean covers(String name, String host) {
        int dot = host.indexOf('.');
        return name.equals(host) || (dot > 0 && name.equals("*" + host.substring(dot)));
    }
}
