package qrate.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.certificate.Due;
import qrate.certificate.Installed;
import qrate.certificate.RenewalState;
import qrate.certificate.Report;
import qrate.certificate.Settings;
import qrate.core.Control;

/// When a certificate is due, and when that is a problem.
class DueTest {
    private final Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration LIFE = Duration.ofDays(90);
    private final Instant third = from.plus(Duration.ofDays(60));
    private static final String CA = "https://ca.test/directory";
    private final RenewalState ours = RenewalState.NONE.succeeded(from, CA);

    @TempDir
    Path folder;

    private Path tls;
    private Control control;
    private Issuer issuer;

    @BeforeEach
    void open() throws Exception {
        tls = Files.createDirectories(folder.resolve("tls"));
        Files.createDirectories(tls.resolve("acme"));
        Path files = Files.createDirectories(folder.resolve("control"));
        control = new Control(files, InstantSource.system());
        Files.writeString(files.resolve("acme"), CA + "\n");
        Files.writeString(files.resolve("me"), "mail.example.test\n");
        issuer = new Issuer();
    }

    private Settings settings() throws IOException {
        return Settings.of(control).orElseThrow();
    }

    private Installed installed(String... names) throws Exception {
        return new Installed(
                List.of(issuer.sign(Issuer.pair("EC").getPublic(), List.of(names), from, from.plus(LIFE))));
    }

    private Due due(Instant now, Optional<Installed> installed, RenewalState memory) throws IOException {
        return Due.of(now, settings(), installed, memory);
    }

    @Test
    void afterTwoThirdsOfItsLife() throws Exception {
        assertEquals(
                third,
                due(from, Optional.of(installed("mail.example.test")), ours).when());
        assertEquals(
                third,
                due(from, Optional.of(installed("mail.example.test")), RenewalState.NONE)
                        .when());
    }

    @Test
    void atOnceWhenThereIsNoneThatDoes() throws Exception {
        Instant now = from.plusSeconds(5);
        assertEquals(now, due(now, Optional.empty(), RenewalState.NONE).when());
        Due names = due(now, Optional.of(installed("other.test")), ours);
        assertTrue(names.now(now) && names.why().contains("mail.example.test"), names.toString());
        Due self = due(now, Optional.of(new Installed(List.of(issuer.own()))), ours);
        assertTrue(self.now(now) && self.why().contains("self-signed"), self.toString());
        RenewalState before = RenewalState.NONE.succeeded(from, "https://staging.test/");
        Due other = due(now, Optional.of(installed("mail.example.test")), before);
        assertTrue(other.now(now) && other.why().contains("staging.test"), other.toString());
        Files.writeString(folder.resolve("control/acmekeys"), "rsa ecdsa\n");
        Due kinds = Due.of(
                now,
                Settings.of(new Control(folder.resolve("control"), InstantSource.system()))
                        .orElseThrow(),
                Optional.of(installed("mail.example.test")),
                ours);
        assertTrue(kinds.now(now) && kinds.why().contains("RSA"), kinds.toString());
    }

    @Test
    void whenTheCaSaysAndOnlyOfThisCertificate() throws Exception {
        Installed one = installed("mail.example.test");
        Instant chosen = from.plus(Duration.ofDays(3));
        RenewalState told = ours.withAdvice(Optional.of(new RenewalState.Advice(one.serial(), from, chosen, chosen)));
        assertEquals(chosen, due(from, Optional.of(one), told).when());
        assertEquals(
                third,
                due(from, Optional.of(installed("mail.example.test")), told).when());
        RenewalState never = ours.withAdvice(Optional.of(
                new RenewalState.Advice(one.serial(), from, Instant.MAX, Instant.parse("9999-01-01T00:00:00Z"))));
        assertEquals(
                from.plus(Duration.ofDays(81)),
                due(from, Optional.of(one), never).when());
    }

    @Test
    void neverBeforeTheLastFailureLetsIt() throws Exception {
        RenewalState failed = ours.failed(from, Optional.empty(), "no");
        assertEquals(
                from.plus(Duration.ofMinutes(15)),
                due(from, Optional.empty(), failed).when());
        assertEquals(
                third,
                due(from, Optional.of(installed("mail.example.test")), failed).when());
    }

    private Optional<String> problem(Instant now) {
        return Report.problem(tls, control, Instant.MIN, now);
    }

    private void have(Installed installed, RenewalState memory) throws Exception {
        Files.writeString(tls.resolve("cert.pem"), Issuer.pem(installed.own().toArray(X509Certificate[]::new)));
        memory.write(tls, Optional.empty());
    }

    @Test
    void failuresAreAProblemWhenTheyMatter() throws Exception {
        RenewalState failed = ours.failed(from, Optional.empty(), "the CA sleeps");
        have(installed("mail.example.test"), failed);
        assertEquals(Optional.empty(), problem(from.plusSeconds(60)), "the certificate is good for long");
        assertTrue(problem(from.plus(Duration.ofDays(2))).orElseThrow().contains("the CA sleeps"));
        Instant close = from.plus(Duration.ofDays(80));
        have(installed("mail.example.test"), ours.failed(close, Optional.empty(), "the CA sleeps"));
        assertTrue(problem(close.plusSeconds(1)).orElseThrow().contains("the CA sleeps"));
        have(installed("other.test"), failed);
        assertTrue(problem(from.plusSeconds(60)).isPresent(), "there is none for the wanted name");
        have(installed("other.test"), ours.begun(from));
        assertEquals(Optional.empty(), problem(from.plusSeconds(60)), "one is under way");
        assertTrue(problem(from.plus(Duration.ofMinutes(11))).isPresent(), "or was");
    }

    @Test
    void nobodyWhoTriesIsAProblemAfterAWhile() throws Exception {
        have(installed("mail.example.test"), ours);
        assertEquals(Optional.empty(), problem(third.plusSeconds(60)));
        assertTrue(problem(third.plus(Duration.ofHours(1))).orElseThrow().contains("nobody tries"));
        assertEquals(
                Optional.empty(),
                Report.problem(tls, control, third.plus(Duration.ofHours(1)), third.plus(Duration.ofHours(1))),
                "whoever tries may only have been started now");
        Files.writeString(folder.resolve("control/acme"), "nonsense\n");
        assertTrue(
                Report.problem(tls, new Control(folder.resolve("control"), InstantSource.system()), Instant.MIN, from)
                        .orElseThrow()
                        .startsWith("control/acme: "));
        Files.delete(folder.resolve("control/acme"));
        assertEquals(
                Optional.empty(),
                Report.problem(
                        tls,
                        new Control(folder.resolve("control"), InstantSource.system()),
                        Instant.MIN,
                        third.plus(LIFE)));
    }

    @Test
    void everythingIsSaidInPlainLines() throws Exception {
        have(installed("mail.example.test"), ours.failed(from, Optional.empty(), "the CA sleeps"));
        String lines = String.join("\n", Report.of(tls, control).lines(from.plusSeconds(60)));
        for (String part : List.of(
                "certificate for mail.example.test",
                "EC",
                "CN=Fake CA",
                "89 days left",
                CA,
                "by HTTP",
                "next: at " + third,
                "1 failed since " + from,
                "the CA sleeps")) {
            assertTrue(lines.contains(part), part + " in:\n" + lines);
        }
    }
}
