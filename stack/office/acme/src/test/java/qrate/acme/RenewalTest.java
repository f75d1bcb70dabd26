package qrate.acme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.certificate.Installed;
import qrate.certificate.NextKeys;
import qrate.certificate.Pair;
import qrate.certificate.RenewalState;
import qrate.certificate.Report;
import qrate.core.Control;
import qrate.core.Log;
import qrate.tcpserver.Certificates;

/// Orders at a CA that does as it should, and at one that does everything else.
class RenewalTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private FakeCa ca;
    private Path tls;
    private Path control;

    @BeforeEach
    void open() throws Exception {
        ca = new FakeCa();
        tls = Files.createDirectories(folder.resolve("tls"));
        control = Files.createDirectories(folder.resolve("control"));
        wants("acme", ca.directory().toString());
        wants("me", "mail.example.test");
        wants("acmenames", "mail.example.test\nexample.test");
    }

    @AfterEach
    void close() {
        ca.close();
    }

    private void wants(String name, String value) throws IOException {
        Files.writeString(control.resolve(name), value + "\n");
    }

    private Renewal renewal() {
        return renewal(LIMIT);
    }

    private Renewal renewal(Duration limit) {
        InstantSource clock = now::get;
        Log log = new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Stamp.NONE, clock);
        return new Renewal(
                new Renewal.Parts(
                        tls,
                        new Control(control, InstantSource.system()),
                        (settings, key) -> new AcmeAuthority(settings, key, clock),
                        settings -> {
                            HttpDoor door =
                                    HttpDoor.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), log);
                            ca.httpPort = door.port();
                            return door;
                        },
                        clock,
                        RandomGenerator.of("Random"),
                        log),
                limit);
    }

    private Renewal.Outcome.Renewed renewed(Renewal.Outcome outcome) {
        return assertInstanceOf(Renewal.Outcome.Renewed.class, outcome, () -> logged.toString(StandardCharsets.UTF_8));
    }

    private Renewal.Outcome.Failed failed(Renewal.Outcome outcome) {
        return assertInstanceOf(Renewal.Outcome.Failed.class, outcome);
    }

    /// What doors make of the two files.
    private Certificates doors() {
        return Certificates.in(tls, InstantSource.system(), Log.silent());
    }

    @Test
    void aCertificateForSeveralNamesComesByHttpAndIsRenewedAtTwoThirdsOfItsLife() throws Exception {
        Installed first = renewed(renewal().run(Renewal.Wish.DUE)).installed();
        assertEquals(Set.of("mail.example.test", "example.test"), first.names());
        assertEquals(Set.of("EC"), first.algorithms());
        assertEquals(Optional.empty(), doors().problem());
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(tls.resolve("acme/account.pem")));
        assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
        assertEquals(1, ca.orders.get());
        Instant third = first.from().plus(first.life().multipliedBy(2).dividedBy(3));
        now.set(third.minusSeconds(60));
        assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
        now.set(third.plusSeconds(1));
        ca.issuing = (key, names) -> new X509Certificate[] {
            ca.issuer.sign(key, names, now.get().minusSeconds(60), now.get().plus(Duration.ofDays(90))), ca.issuer.own()
        };
        Installed second = renewed(renewal().run(Renewal.Wish.DUE)).installed();
        assertFalse(first.serial().equals(second.serial()));
        assertTrue(RenewalState.of(tls).failure().isEmpty());
    }

    @Test
    void twoKindsOfKeysStandBesideEachOther() throws Exception {
        wants("acmekeys", "ecdsa rsa");
        assertEquals(
                Set.of("EC", "RSA"),
                renewed(renewal().run(Renewal.Wish.DUE)).installed().algorithms());
        assertEquals(Optional.empty(), doors().problem());
        assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
    }

    @Test
    void theKeyOfTheNextCertificateIsKnownBeforeItComes() throws Exception {
        assertEquals(List.of(), NextKeys.published(tls));
        Installed first = renewed(renewal().run(Renewal.Wish.DUE)).installed();
        List<PublicKey> next = NextKeys.published(tls);
        assertEquals(1, next.size());
        assertFalse(next.contains(first.own().getFirst().getPublicKey()));
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(tls.resolve("acme/next-ecdsa.pem")));
        now.set(now.get().plusSeconds(3600));
        ca.issuing = (_, _) -> new X509Certificate[0];
        failed(renewal().run(Renewal.Wish.FORCED));
        assertEquals(next, NextKeys.published(tls), "a failure changes no key that was published");
        now.set(now.get().plus(Duration.ofDays(1)));
        ca.issuing = (key, names) -> new X509Certificate[] {
            ca.issuer.sign(key, names, now.get().minusSeconds(60), now.get().plus(Duration.ofDays(90))), ca.issuer.own()
        };
        Installed second = renewed(renewal().run(Renewal.Wish.FORCED)).installed();
        assertEquals(next.getFirst(), second.own().getFirst().getPublicKey());
        assertFalse(NextKeys.published(tls).contains(next.getFirst()), "and another is made");
    }

    @Test
    void aDamagedNextKeyIsNoReasonToBeWithoutACertificate() throws Exception {
        Files.createDirectories(tls.resolve("acme"));
        Files.writeString(tls.resolve("acme/next-ecdsa.pem"), "nonsense");
        renewed(renewal().run(Renewal.Wish.DUE));
    }

    @Test
    void anAccountIsBoundAsTheCaWantsIt() throws Exception {
        ca.bindingWanted = true;
        assertTrue(failed(renewal().run(Renewal.Wish.DUE)).why().contains("acmeeab"));
        wants("acmeeab", "kid-1 zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W");
        renewed(renewal().run(Renewal.Wish.NOW));
    }

    @Test
    void theCaSaysWhenToRenewAndNonsenseOfItsIsNotBelieved() throws Exception {
        Instant start = now.get().plus(Duration.ofDays(10));
        ca.window = "{\"start\":\"" + start + "\",\"end\":\"" + start.plusSeconds(3600) + "\"}";
        Installed first = renewed(renewal().run(Renewal.Wish.DUE)).installed();
        assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
        RenewalState.Advice advice = RenewalState.of(tls).advice().orElseThrow();
        assertEquals(first.serial(), advice.serial());
        assertTrue(!advice.chosen().isBefore(start) && !advice.chosen().isAfter(start.plusSeconds(3600)));
        // it is not asked again at once
        long asked = ca.asked.stream().filter("renewal"::equals).count();
        assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
        assertEquals(asked, ca.asked.stream().filter("renewal"::equals).count());
        // a revocation: renew now
        now.set(now.get().plus(Duration.ofHours(7)));
        ca.window = "{\"start\":\"2020-01-01T00:00:00Z\",\"end\":\"2020-01-02T00:00:00Z\"}";
        Installed second = renewed(renewal().run(Renewal.Wish.DUE)).installed();
        assertFalse(first.serial().equals(second.serial()));
        // never, if it had its way: before the end all the same
        ca.window = "{\"start\":\"9998-01-01T00:00:00Z\",\"end\":\"9999-01-01T00:00:00Z\"}";
        now.set(now.get().plus(Duration.ofHours(7)));
        Renewal.Outcome.NotYet later =
                assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
        assertTrue(later.due().when().isBefore(second.until()), later.toString());
        for (String nonsense : List.of(
                "null",
                "{}",
                "[]",
                "{\"start\":\"x\",\"end\":1}",
                "{\"start\":\"2020-01-02T00:00:00Z\",\"end\":\"2020-01-01T00:00:00Z\"}")) {
            ca.window = nonsense;
            now.set(now.get().plus(Duration.ofHours(7)));
            assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE), nonsense);
        }
    }

    /// Everything that it may answer at any step.
    private Map<String, FakeCa.Misbehaviour> wrongs() {
        Map<String, FakeCa.Misbehaviour> wrongs = new LinkedHashMap<>();
        wrongs.put("nonsense", FakeCa.saying(200, "application/json", "{nonsense"));
        wrongs.put("another type", FakeCa.saying(200, "text/html", "<html>"));
        wrongs.put("other JSON", FakeCa.saying(200, "application/json", "{\"status\":7,\"authorizations\":{}}"));
        wrongs.put("500", FakeCa.saying(500, "text/plain", "oops"));
        wrongs.put("a redirect", FakeCa.saying(302, "text/plain", "", "Location", "http://127.0.0.1:1/"));
        wrongs.put("gzip", FakeCa.saying(200, "application/json", "x", "Content-Encoding", "gzip"));
        wrongs.put("nothing", exchange -> exchange.close());
        wrongs.put("an endless body", FakeCa::endless);
        return wrongs;
    }

    @Test
    void whateverTheCaAnswersTheCertificateInUseStays() throws Exception {
        renewed(renewal().run(Renewal.Wish.DUE));
        byte[] certificate = Files.readAllBytes(tls.resolve("cert.pem"));
        byte[] key = Files.readAllBytes(tls.resolve("key.pem"));
        for (String step :
                List.of("directory", "nonce", "account", "new", "order", "authz", "chall", "finalize", "cert")) {
            for (Map.Entry<String, FakeCa.Misbehaviour> wrong : wrongs().entrySet()) {
                ca.misbehaviours.clear();
                ca.misbehaviours.put(step, wrong.getValue());
                now.set(now.get().plus(Duration.ofHours(2)));
                if (step.equals("nonce") && wrong.getKey().matches("nonsense|other JSON|another type|a redirect")) {
                    continue; // only its fields count
                }
                Renewal.Outcome outcome = renewal(Duration.ofSeconds(3)).run(Renewal.Wish.FORCED);
                assertInstanceOf(Renewal.Outcome.Failed.class, outcome, step + ": " + wrong.getKey());
                assertArrayEquals(certificate, Files.readAllBytes(tls.resolve("cert.pem")));
                assertArrayEquals(key, Files.readAllBytes(tls.resolve("key.pem")));
            }
        }
        assertEquals(Optional.empty(), doors().problem());
    }

    @Test
    void aCaThatSaysNothingIsNotWaitedForForEver() throws Exception {
        ca.misbehaviours.put("new", ca::hang);
        assertTrue(failed(renewal(Duration.ofMillis(500)).run(Renewal.Wish.DUE))
                .why()
                .contains("took longer"));
        assertFalse(Files.exists(tls.resolve("cert.pem")));
    }

    @Test
    void whatTheCaIssuesIsLookedAtBeforeItIsUsed() throws Exception {
        KeyPair other = Issuer.pair("EC");
        Issuer strange = new Issuer();
        Instant at = now.get();
        Map<String, FakeCa.Issuing> wrongs = new LinkedHashMap<>();
        wrongs.put("another key", (_, names) -> new X509Certificate[] {
            ca.issuer.sign(other.getPublic(), names, at.minusSeconds(60), at.plusSeconds(86_400)), ca.issuer.own()
        });
        wrongs.put("not for", (key, _) -> new X509Certificate[] {
            ca.issuer.sign(key, List.of("evil.example"), at.minusSeconds(60), at.plusSeconds(86_400)), ca.issuer.own()
        });
        wrongs.put("counts from", (key, names) -> new X509Certificate[] {
            ca.issuer.sign(key, names, at.minusSeconds(7200), at.minusSeconds(3600)), ca.issuer.own()
        });
        wrongs.put("does not fit its chain", (key, names) -> new X509Certificate[] {
            ca.issuer.sign(key, names, at.minusSeconds(60), at.plusSeconds(86_400)), strange.own()
        });
        for (Map.Entry<String, FakeCa.Issuing> wrong : wrongs.entrySet()) {
            ca.issuing = wrong.getValue();
            String why = failed(renewal().run(Renewal.Wish.NOW)).why();
            assertTrue(why.contains(wrong.getKey()), why);
            assertFalse(Files.exists(tls.resolve("cert.pem")));
        }
    }

    @Test
    void aCaThatWantsToBeLeftAloneIs() throws Exception {
        ca.misbehaviours.put(
                "new",
                FakeCa.saying(
                        429,
                        "application/problem+json",
                        "{\"type\":\"urn:ietf:params:acme:error:rateLimited\",\"detail\":\"too many\"}",
                        "Retry-After",
                        "90000"));
        Renewal.Outcome.Failed failed = failed(renewal().run(Renewal.Wish.DUE));
        assertTrue(failed.why().contains("too many"), failed.why());
        assertTrue(failed.again().isAfter(now.get().plusSeconds(89_000)), failed.toString());
        // by hand neither, and not after a restart
        ca.misbehaviours.clear();
        now.set(now.get().plus(Duration.ofHours(20)));
        int asked = ca.asked.size();
        assertTrue(failed(renewal().run(Renewal.Wish.NOW)).why().contains("wants no attempt"));
        assertTrue(failed(renewal().run(Renewal.Wish.FORCED)).why().contains("wants no attempt"));
        assertEquals(asked, ca.asked.size());
        now.set(now.get().plus(Duration.ofHours(6)));
        renewed(renewal().run(Renewal.Wish.DUE));
        // one that says for ever, without a problem document
        ca.misbehaviours.put("new", FakeCa.saying(429, "text/plain", "no", "Retry-After", "999999999"));
        Instant again = failed(renewal().run(Renewal.Wish.FORCED)).again();
        assertTrue(again.isAfter(now.get().plus(Duration.ofDays(6)))
                && again.isBefore(now.get().plus(Duration.ofDays(8))));
    }

    @Test
    void failuresWaitLongerEachTimeAndOrdersAreFewAnHourOverRestarts() throws Exception {
        ca.misbehaviours.put("finalize", FakeCa.saying(500, "text/plain", "oops"));
        Instant begin = now.get();
        int orders = 0;
        for (int minute = 0; minute < 60; minute++) {
            now.set(begin.plus(Duration.ofMinutes(minute)));
            renewal().run(Renewal.Wish.DUE);
            orders = ca.orders.get();
        }
        assertEquals(3, orders, "at 0, 15 and 45 minutes");
        renewal().run(Renewal.Wish.NOW);
        assertEquals(4, ca.orders.get());
        assertTrue(failed(renewal().run(Renewal.Wish.NOW)).why().contains("within an hour"));
        assertTrue(failed(renewal().run(Renewal.Wish.FORCED)).why().contains("within an hour"));
        assertEquals(4, ca.orders.get());
        // a clock that was wrong does not lock anybody out
        now.set(begin.minus(Duration.ofDays(3)));
        renewal().run(Renewal.Wish.FORCED);
        assertEquals(5, ca.orders.get());
    }

    @Test
    void anAttemptThatACrashCutsOffCounts() throws Exception {
        RenewalState cut = RenewalState.NONE.begun(now.get());
        Files.createDirectories(tls.resolve("acme"));
        cut.write(tls, Optional.empty());
        Renewal.Outcome.NotYet waits =
                assertInstanceOf(Renewal.Outcome.NotYet.class, renewal().run(Renewal.Wish.DUE));
        assertEquals(now.get().plus(Duration.ofMinutes(15)), waits.due().when());
        assertEquals(List.of(), ca.asked);
    }

    @Test
    void aPortThatCannotBeOpenedIsNoOrder() throws Exception {
        Renewal renewal = new Renewal(
                new Renewal.Parts(
                        tls,
                        new Control(control, InstantSource.system()),
                        (settings, key) -> new AcmeAuthority(settings, key, now::get),
                        _ -> {
                            throw new IOException("port 80 is taken");
                        },
                        now::get,
                        RandomGenerator.of("Random"),
                        Log.silent()),
                LIMIT);
        assertTrue(failed(renewal.run(Renewal.Wish.DUE)).why().contains("port 80"));
        assertEquals(List.of(), RenewalState.of(tls).attempts());
        assertEquals(List.of(), ca.asked);
        assertTrue(Report.problem(tls, new Control(control, InstantSource.system()), Instant.MIN, now.get())
                .orElseThrow()
                .contains("port 80 is taken"));
    }

    @Test
    void twoAtATimeAreOne() throws Exception {
        Renewal within = renewal();
        AtomicReference<Renewal.Outcome> second = new AtomicReference<>();
        FakeCa.Issuing good = ca.issuing;
        ca.issuing = (key, names) -> {
            second.set(within.run(Renewal.Wish.FORCED));
            return good.issue(key, names);
        };
        renewed(renewal().run(Renewal.Wish.DUE));
        assertInstanceOf(Renewal.Outcome.Busy.class, second.get());
        assertEquals(1, ca.orders.get());
    }

    /// A crash at any point between the two files, and whoever looks at that moment.
    @Test
    void theTwoFilesFitAtEveryMoment() throws Exception {
        renewed(renewal().run(Renewal.Wish.DUE));
        byte[] oldCertificate = Files.readAllBytes(tls.resolve("cert.pem"));
        byte[] oldKey = Files.readAllBytes(tls.resolve("key.pem"));
        renewed(renewal().run(Renewal.Wish.FORCED));
        byte[] newCertificate = Files.readAllBytes(tls.resolve("cert.pem"));
        byte[] newKey = Files.readAllBytes(tls.resolve("key.pem"));
        for (byte[] certificate : List.of(oldCertificate, newCertificate)) {
            Files.write(tls.resolve("cert.pem"), certificate); // with the new key.pem
            assertEquals(Optional.empty(), doors().problem());
        }
        Files.write(tls.resolve("cert.pem"), oldCertificate);
        Files.write(tls.resolve("key.pem"), oldKey);
        assertEquals(Optional.empty(), doors().problem());
        // keys do not gather
        Files.write(tls.resolve("key.pem"), newKey);
        KeyPair pair = Issuer.pair("EC");
        for (int i = 0; i < 5; i++) {
            Pair.install(
                    tls,
                    List.of(new Pair(
                            pair.getPrivate(),
                            List.of(ca.issuer.sign(
                                    pair.getPublic(),
                                    List.of("a.test"),
                                    now.get(),
                                    now.get().plusSeconds(99))))));
        }
        assertEquals(3, Files.readString(tls.resolve("key.pem")).split("BEGIN PRIVATE KEY", -1).length - 1);
    }
}
