package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;
import qrate.remote.tls.Authorities;
import qrate.testkit.DnsServer;

/// RFC 8461, over HTTPS and SMTP, with servers of the test's own.
class RemoteMtaStsTest {
    private static final Certificates MX = Certificates.selfSigned("mx.there.test");
    private static final Certificates WEB = Certificates.selfSigned("mta-sts.there.test");
    private static final String NAMED = "mx: mx.there.test\n";

    @TempDir
    Path control;

    private Rig rig;
    private FakeWeb web;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(control, Authorities.of(List.of(MX.certificate(), WEB.certificate())));
        web = new FakeWeb(WEB.server());
        rig.dns
                .ttl(0)
                .put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=1;\"")
                .put("mta-sts.there.test", "A", "192.0.2.80");
        rig.at("192.0.2.80", web.port());
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        web.close();
    }

    @Test
    void sendsToAServerThatThePolicyNamesAndWhoseCertificateIsGoodAndSaysSo() throws Exception {
        web.serving(policy("enforce", NAMED));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            for (int i = 0; i < 3; i++) {
                assertReported("MTA-STS", rig.send());
            }
        }
        assertEquals(List.of("GET /.well-known/mta-sts.txt HTTP/1.1 Host: mta-sts.there.test"), web.requests());
        assertTrue(rig.dialled.contains("192.0.2.80:443"));
    }

    @Test
    void saysOpportunisticWithoutAPolicyAndWhyItWentInTheClear() throws Exception {
        rig.dns.remove("_mta-sts.there.test");
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertReported("opportunistic", rig.send());
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            for (int i = 0; i < 2; i++) {
                assertTrue(rig.send()
                        .text()
                        .contains("accepted message.\nTLS: starttls-not-supported at mx.there.test 192.0.2.1,"
                                + " opportunistic.\nRemote host said: "));
            }
        }
        assertEquals(List.of(), web.requests());
    }

    @Test
    void keepsMailFromAServerThatThePolicyDoesNotName() throws Exception {
        web.serving(policy("enforce", "mx: other.there.test\n"));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertLater(
                    rig.send(),
                    "The policy of there.test (MTA-STS) does not name mx.there.test among its mail exchangers. (#4.7.0)");
            assertEquals(0, server.connections());
        }
    }

    @Test
    void goesOnToAServerThatThePolicyNames() throws Exception {
        web.serving(policy("enforce", NAMED));
        rig.dns.put("there.test", "MX", "5 first.there.test.").put("first.there.test", "A", "192.0.2.5");
        try (FakeSmtp first = new FakeSmtp(Polite.server());
                FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server).at("192.0.2.5", first.port());
            assertReported("MTA-STS", rig.send());
            assertEquals(0, first.connections());
        }
    }

    @Test
    void keepsMailFromAServerWithoutTlsOrWithABadCertificate() throws Exception {
        web.serving(policy("enforce", NAMED));
        String demand =
                "The policy of there.test (MTA-STS) demands TLS with a certificate that is good for the server's"
                        + " name.";
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(rig.send(), "but it offers no TLS. " + demand + " (#4.7.4)");
            assertEquals(List.of(), server.messages());
        }
        Certificates forged = Certificates.selfSigned("mx.there.test");
        Certificates foreign = Certificates.selfSigned("other.test");
        for (Certificates wrong : List.of(forged, foreign, WEB)) {
            try (FakeSmtp server = new FakeSmtp(secured(wrong))) {
                rig.there(server);
                assertLater(rig.send(), demand + " (#4.7.5)");
                assertEquals(1, server.connections(), "not once more in the clear");
                assertEquals(List.of(), server.messages());
            }
        }
    }

    @Test
    void neverFailsMailForAPolicyInTestingOrNone() throws Exception {
        for (String mode : List.of("testing", "none")) {
            web.serving(policy(mode, "mx: other.there.test\n"));
            rig.dns.remove("_mta-sts.there.test").put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=" + mode + ";\"");
            rig.now.addAndGet(Duration.ofDays(2).toMillis());
            for (Polite talk : List.of(Polite.server(), secured(Certificates.selfSigned("other.test")))) {
                try (FakeSmtp server = new FakeSmtp(talk)) {
                    rig.there(server);
                    assertInstanceOf(Verdict.Delivered.class, rig.send());
                }
            }
        }
        assertFalse(web.requests().isEmpty());
    }

    @Test
    void goesOnAsWithoutAPolicyWhereItCannotBeHadAndDoesNotAskAgainAtOnce() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            for (int i = 0; i < 3; i++) {
                String text =
                        assertInstanceOf(Verdict.Delivered.class, rig.send()).text();
                assertTrue(
                        text.contains("\nTLS: sts-policy-fetch-error at mta-sts.there.test, MTA-STS policy.\n"
                                + "TLS reason: the web server does not answer 200\nRemote"),
                        text);
            }
            assertEquals(1, web.requests().size());
            assertTrue(
                    rig.logged()
                            .contains("remote: policy of there.test (MTA-STS) cannot be had: the web server does not"
                                    + " answer 200"),
                    rig.logged());
            rig.now.addAndGet(Duration.ofMinutes(6).toMillis());
            web.saying("HTTP/1.1 302 Found\r\nLocation: https://mta-sts.there.test/.well-known/mta-sts.txt\r\n\r\n");
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(2, web.requests().size(), "a redirect is not followed");
        }
    }

    @Test
    void believesNoWebServerWhoseCertificateIsNotGood() throws Exception {
        Certificates unknown =
                Certificates.selfSigned("authority.test").signs("mta-sts.there.test", Duration.ofDays(1));
        for (Certificates wrong : List.of(MX, unknown)) {
            try (FakeWeb forger = new FakeWeb(wrong.server());
                    FakeSmtp server = new FakeSmtp(Polite.server())) {
                forger.serving(policy("enforce", "mx: evil.test\n"));
                rig.there(server).at("192.0.2.80", forger.port());
                rig.now.addAndGet(Duration.ofMinutes(6).toMillis());
                assertNoted(
                        "sts-webpki-invalid", "MTA-STS policy", assertInstanceOf(Verdict.Delivered.class, rig.send()));
                assertEquals(List.of(), forger.requests());
            }
        }
        assertTrue(rig.logged().contains("its certificate is for another name"), rig.logged());
        assertTrue(rig.logged().contains("its certificate is signed by nobody who is trusted here"), rig.logged());
    }

    @Test
    void obeysAPolicyFromBeforeWhateverBecomesOfItsRecordAndItsWebServerUntilItEnds() throws Exception {
        web.serving(policy("enforce", NAMED));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertReported("MTA-STS", rig.send());
        }
        web.saying("HTTP/1.1 404 Gone\r\n\r\n");
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            rig.dns.remove("_mta-sts.there.test").put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=2;\"");
            Verdict verdict = again();
            assertLater(verdict, "it offers no TLS");
            assertNoted("sts-policy-fetch-error", "MTA-STS policy", verdict);
            assertNoted("starttls-not-supported", "MTA-STS", verdict);
            rig.dns.remove("_mta-sts.there.test");
            assertLater(again(), "it offers no TLS");
            rig.dns.fault("_mta-sts.there.test", DnsServer.Fault.SERVFAIL);
            assertLater(again(), "it offers no TLS");
            rig.now.addAndGet(Duration.ofDays(8).toMillis());
            assertInstanceOf(Verdict.Delivered.class, again());
        }
    }

    /// RFC 8460 §4.3.2.2: once for a delivery, however many servers the domain has.
    @Test
    void tellsOfAPolicyThatIsNone() throws Exception {
        web.serving("version: STSv1\nmode: maybe\n");
        rig.dns.put("there.test", "MX", "5 first.there.test.").put("first.there.test", "A", "192.0.2.5");
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server).at("192.0.2.5", 0);
            Verdict verdict = rig.send();
            assertReported("opportunistic", verdict);
            assertEquals(
                    1,
                    verdict.text()
                            .lines()
                            .filter("TLS: sts-policy-invalid at mta-sts.there.test, MTA-STS policy."::equals)
                            .count(),
                    verdict.text());
        }
    }

    @Test
    void fetchesThePolicyAnewWhenItsRecordNamesAnother() throws Exception {
        web.serving(policy("enforce", "mx: old.there.test\n"));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertLater(rig.send(), "does not name mx.there.test");
            web.serving(policy("enforce", NAMED));
            assertLater(rig.send(), "does not name mx.there.test");
            rig.dns.remove("_mta-sts.there.test").put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=2;\"");
            assertReported("MTA-STS", rig.send());
        }
    }

    @Test
    void fetchesAPolicyAgainAfterADayWhileTheOneAtHandCounts() throws Exception {
        web.serving(policy("enforce", NAMED));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertReported("MTA-STS", rig.send());
            rig.now.addAndGet(Duration.ofHours(25).toMillis());
            web.serving(policy("enforce", "mx: other.there.test\n"));
            assertReported("MTA-STS", rig.send());
            Awaitility.await().until(() -> rig.send() instanceof Verdict.Later);
            assertEquals(2, web.requests().size());
        }
    }

    /// RFC 8461 §5, RFC 8460 §4.3.
    @Test
    void triesAPolicyInModeTestingAndTellsWhatDoesNotFit() throws Exception {
        web.serving(policy("testing", NAMED));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            assertReported("MTA-STS testing", rig.send());
            assertFalse(rig.send().text().contains(" at mx.there.test"));
        }
        try (FakeSmtp server = new FakeSmtp(secured(Certificates.selfSigned("other.test")))) {
            rig.there(server);
            assertReported("MTA-STS testing", rig.send());
            assertNoted("certificate-not-trusted", "MTA-STS testing", rig.send());
        }
        try (FakeSmtp server = new FakeSmtp(secured(WEB))) {
            rig.there(server);
            assertNoted("certificate-host-mismatch", "MTA-STS testing", rig.send());
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertNoted("starttls-not-supported", "MTA-STS testing", rig.send());
        }
        rig.dns.remove("_mta-sts.there.test").put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=2;\"");
        web.serving(policy("testing", "mx: other.there.test\n"));
        try (FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server);
            Awaitility.await().until(() -> rig.send().text().contains("TLS: validation-failure at mx.there.test"));
        }
    }

    @Test
    void tellsOfEachServerThatFailedBeforeOneTookTheMessage() throws Exception {
        web.serving(policy("enforce", NAMED + "mx: first.there.test\n"));
        rig.dns.put("there.test", "MX", "5 first.there.test.").put("first.there.test", "A", "192.0.2.5");
        try (FakeSmtp first = new FakeSmtp(secured(MX));
                FakeSmtp server = new FakeSmtp(secured(MX))) {
            rig.there(server).at("192.0.2.5", first.port());
            Verdict verdict = rig.send();
            assertTrue(
                    verdict.text()
                            .contains(", MTA-STS.\nTLS policy: enforce 604800 mx.there.test first.there.test\n"
                                    + "TLS: certificate-host-mismatch at first.there.test 192.0.2.5, MTA-STS.\nRemote"),
                    verdict.text());
        }
        try (FakeSmtp first = new FakeSmtp(Polite.server())) {
            rig.at("192.0.2.5", first.port()).at("192.0.2.1", 0);
            assertNoted("starttls-not-supported", "MTA-STS", rig.send());
        }
    }

    private static void assertNoted(String failure, String policy, Verdict verdict) {
        String text = verdict.text();
        assertTrue(
                text.lines()
                        .anyMatch(line ->
                                line.startsWith("TLS: " + failure + " at ") && line.endsWith(", " + policy + ".")),
                text);
    }

    @Test
    void asksForNoPolicyOfARelay() throws Exception {
        rig.control("smtproutes", ":mx.there.test");
        assertNoPolicyIsAskedFor("you@there.test");
    }

    @Test
    void asksForNoPolicyOfAnAddress() throws Exception {
        assertNoPolicyIsAskedFor("you@[192.0.2.1]");
    }

    @Test
    void asksForNoPolicyWhereTlsMayNotBe() throws Exception {
        rig.control("tlsremote", "never");
        assertNoPolicyIsAskedFor("you@there.test");
    }

    private void assertNoPolicyIsAskedFor(String recipient) throws Exception {
        web.serving(policy("enforce", "mx: other.there.test\n"));
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send("", recipient).getFirst());
        }
        assertEquals(List.of(), web.requests());
        assertFalse(rig.dns.questions().stream().anyMatch(one -> one.startsWith("_mta-sts")));
    }

    @Test
    void keepsNoConnectionForMailThatMustBeSurerOfTheServer() throws Exception {
        try (FakeSmtp server = new FakeSmtp(secured(Certificates.selfSigned("mx.there.test")))) {
            rig.there(server);
            assertReported("opportunistic", rig.send());
            web.serving(policy("enforce", NAMED));
            rig.now.addAndGet(Duration.ofMinutes(6).toMillis());
            assertLater(rig.send(), "(#4.7.5)");
            assertEquals(2, server.connections());
            assertEquals(1, server.messages().size());
        }
    }

    /// Another delivery, past what was remembered of failures and of DNS.
    private Verdict again() throws Exception {
        rig.now.addAndGet(Duration.ofMinutes(6).toMillis());
        return rig.send();
    }

    private static void assertReported(String word, Verdict verdict) {
        String text = assertInstanceOf(Verdict.Delivered.class, verdict).text();
        assertTrue(
                text.lines().anyMatch(line -> line.startsWith("TLS: TLSv1.3 TLS_") && line.endsWith(", " + word + ".")),
                text);
    }

    private static Polite secured(Certificates certificates) {
        return Polite.server().secured(certificates.server());
    }

    private static String policy(String mode, String exchangers) {
        return "version: STSv1\nmode: " + mode + "\n" + exchangers + "max_age: 604800\n";
    }
}
