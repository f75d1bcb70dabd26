package qrate.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;

class CertificateTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path folder;

    private X509Certificate made(List<String> names, Instant now) throws IOException, GeneralSecurityException {
        Path tls = folder.resolve("tls");
        Files.createDirectories(tls);
        Files.deleteIfExists(tls.resolve("cert.pem"));
        assertTrue(Certificate.make(new State(folder), names, now));
        try (InputStream in = Files.newInputStream(tls.resolve("cert.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void saysWhoItIsForAndHowLong() throws IOException, GeneralSecurityException {
        X509Certificate certificate = made(List.of("mail.example.test", "localhost"), NOW);
        certificate.verify(certificate.getPublicKey());
        assertEquals(3, certificate.getVersion());
        assertEquals(certificate.getIssuerX500Principal(), certificate.getSubjectX500Principal());
        assertEquals(
                "CN=mail.example.test", certificate.getSubjectX500Principal().getName());
        assertEquals(NOW.minus(1, ChronoUnit.HOURS), certificate.getNotBefore().toInstant());
        assertEquals(NOW.plus(3650, ChronoUnit.DAYS), certificate.getNotAfter().toInstant());
        assertEquals(Integer.MAX_VALUE, certificate.getBasicConstraints());
        assertEquals(Set.of("2.5.29.19"), certificate.getCriticalExtensionOIDs());
        assertEquals(127, certificate.getSerialNumber().bitLength());
    }

    @Test
    void lastsBeyondTheYearsOfTwoDigits() throws IOException, GeneralSecurityException {
        Instant now = Instant.parse("2049-06-01T00:00:00Z");
        X509Certificate certificate = made(List.of("mail.example.test"), now);
        assertEquals(now.minus(1, ChronoUnit.HOURS), certificate.getNotBefore().toInstant());
        assertEquals(now.plus(3650, ChronoUnit.DAYS), certificate.getNotAfter().toInstant());
    }

    /// The lengths cross 127, 255 and 65,535 octets on the way.
    @Test
    void holdsAnyNumberOfNames() throws IOException, GeneralSecurityException {
        for (int count : new int[] {1, 4, 6, 7, 12, 13, 3000, 4000}) {
            List<String> names = IntStream.range(0, count)
                    .mapToObj(n -> "host-%04d.example.test".formatted(n))
                    .toList();
            X509Certificate certificate = made(names, NOW);
            certificate.verify(certificate.getPublicKey());
            assertEquals(
                    names,
                    certificate.getSubjectAlternativeNames().stream()
                            .filter(name -> name.get(0).equals(2)) // dNSName
                            .map(name -> (String) name.get(1))
                            .collect(Collectors.toList()));
        }
    }

    @Test
    void leavesAnotherCertificateAlone() throws IOException, GeneralSecurityException {
        X509Certificate first = made(List.of("mail.example.test"), NOW);
        assertFalse(Certificate.make(new State(folder), List.of("other.example.test"), NOW));
        try (InputStream in = Files.newInputStream(folder.resolve("tls/cert.pem"))) {
            assertEquals(first, CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
    }

    @Test
    void renewsOursBeforeItEndsAndNobodyElses() throws IOException, GeneralSecurityException {
        State state = new State(folder);
        X509Certificate first = made(List.of("mail.example.test"), NOW);
        Instant end = first.getNotAfter().toInstant();
        assertFalse(Certificate.make(state, List.of("mail.example.test"), end.minus(31, ChronoUnit.DAYS)));
        assertTrue(Certificate.make(state, List.of("mail.example.test"), end.minus(29, ChronoUnit.DAYS)));
        Path file = folder.resolve("tls/cert.pem");
        Files.writeString(file, "somebody's");
        assertFalse(Certificate.make(state, List.of("mail.example.test"), end.plus(1, ChronoUnit.DAYS)));
        assertEquals("somebody's", Files.readString(file));
    }
}
