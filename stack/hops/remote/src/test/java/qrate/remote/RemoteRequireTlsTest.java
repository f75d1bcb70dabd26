package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Verdict;
import qrate.remote.tls.Authorities;
import qrate.testkit.DnsServer;

/// RFC 8689 §4.2 and §5: what a sender demands of the way, or does without.
class RemoteRequireTlsTest {
    private static final String TO = "you@there.test";
    private static final String RECORDS = "_25._tcp.mx.there.test";
    private static final String SECRET = "REQUIRETLS";
    private static final Certificates MX = Certificates.selfSigned("mx.there.test");
    private static final Certificates WEB = Certificates.selfSigned("mta-sts.there.test");
    private static final Certificates STRANGER = Certificates.selfSigned("mx.there.test");

    @TempDir
    Path control;

    private Rig rig;
    private FakeWeb web;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig(control, Authorities.of(List.of(MX.certificate(), WEB.certificate())));
        web = new FakeWeb(WEB.server());
        rig.at("192.0.2.80", web.port());
        rig.dns.ttl(0).put("mta-sts.there.test", "A", "192.0.2.80");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
        web.close();
    }

    private Verdict send(String sender, String parameters, String message) throws Exception {
        return rig.send(sender, parameters, Body.of(message.getBytes(StandardCharsets.UTF_8)), TO)
                .getFirst();
    }

    private Verdict send() throws Exception {
        return send("me@client.test", SECRET, "Subject: secret\n\nhush\n");
    }

    private static Polite server(Certificates certificates, String... offers) {
        return Polite.server().offering(offers).secured(certificates.server());
    }

    private void policy(String mode, String name) {
        web.serving("version: STSv1\nmode: " + mode + "\nmx: " + name + "\nmax_age: 86400\n");
        rig.dns.put("_mta-sts.there.test", "TXT", "\"v=STSv1; id=1;\"");
    }

    private static void assertNever(Verdict verdict, String words) {
        String text =
                assertInstanceOf(Verdict.Never.class, verdict, verdict.text()).text();
        assertTrue(text.contains(words), text);
    }

    private static void assertSent(FakeSmtp server, Verdict verdict, String word) {
        String text = assertInstanceOf(Verdict.Delivered.class, verdict, verdict.text())
                .text();
        assertTrue(text.contains(", " + word + ", REQUIRETLS.\n"), text);
        assertTrue(
                server.commands().contains("MAIL FROM:<me@client.test> REQUIRETLS"),
                String.join("\n", server.commands()));
    }

    @Test
    void goesToAServerThatDnsVouchesForAndWhoseCertificateIsGood() throws Exception {
        rig.dns.validating();
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server);
            assertSent(server, send(), "verified");
            assertSent(server, send(), "verified");
            assertEquals(1, server.connections(), "kept for the next message");
        }
    }

    @Test
    void goesToAServerThatFitsItsRecords() throws Exception {
        rig.dns.validating().put(RECORDS, "TLSA", "3 1 1 " + STRANGER.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(server(STRANGER, SECRET))) {
            rig.there(server);
            assertSent(server, send(), "DANE");
        }
    }

    @Test
    void goesToAServerThatAPolicyNamesInWhateverMode() throws Exception {
        policy("testing", "mx.there.test");
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server);
            assertSent(server, send(), "verified");
        }
    }

    @Test
    void comesBackWhereNothingVouchesForTheServersName() throws Exception {
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server);
            assertNever(
                    send(), "Neither DNSSEC nor a policy (MTA-STS) says that mx.there.test takes mail for there.test");
            policy("enforce", "other.there.test");
            assertNever(send(), "does not name mx.there.test among its mail exchangers, and the sender demands");
            assertEquals(List.of(), server.messages());
        }
    }

    @Test
    void waitsWhereNobodyCanTellWhetherAPolicyNamesTheServer() throws Exception {
        rig.dns.fault("_mta-sts.there.test", DnsServer.Fault.SERVFAIL);
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server);
            assertLater(send(), "The policy of there.test (MTA-STS) cannot be had now");
        }
    }

    @Test
    void comesBackFromAServerThatDoesNotOfferItHasNoTlsOrAWrongCertificate() throws Exception {
        rig.dns.validating();
        try (FakeSmtp server = new FakeSmtp(server(MX))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send()); // leaves a connection
            assertNever(send(), "but it does not offer REQUIRETLS, which the sender demands. (#5.7.30)");
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server().offering(SECRET))) {
            rig.there(server);
            assertNever(send(), "but it offers no TLS. The sender demands TLS with a certificate that is good for");
        }
        try (FakeSmtp server = new FakeSmtp(server(STRANGER, SECRET))) {
            rig.there(server);
            assertNever(send(), " (#5.7.10)");
            assertEquals(List.of(), server.messages());
        }
    }

    @Test
    void comesBackWhereTlsIsForbidden() throws Exception {
        rig.control("tlsremote", "never");
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server);
            assertNever(send(), "control/tlsremote forbids TLS here");
        }
    }

    @Test
    void waitsWhereTlsIsNotToBeHadForNow() throws Exception {
        rig.dns.validating();
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET).on("STARTTLS", "454 4.7.0 not now"))) {
            rig.there(server);
            assertLater(send(), "but it refused TLS (454 4.7.0 not now)");
        }
    }

    @Test
    void looksForASureWayAmongAllServersAndWaitsWhileOneOfThemIsAway() throws Exception {
        rig.dns.validating().put("there.test", "MX", "5 first.there.test.").put("first.there.test", "A", "192.0.2.5");
        try (FakeSmtp first = new FakeSmtp(Polite.server());
                FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server).at("192.0.2.5", first.port());
            assertSent(server, send(), "verified");
            assertEquals(List.of(), first.messages());
        }
        try (FakeSmtp first = new FakeSmtp(Polite.server())) {
            rig.at("192.0.2.5", first.port()).at("192.0.2.1", 0);
            assertInstanceOf(Verdict.Later.class, send());
        }
    }

    @Test
    void trustsARelayByItsName() throws Exception {
        rig.control("smtproutes", ":mx.there.test:2525");
        try (FakeSmtp relay = new FakeSmtp(server(MX, SECRET))) {
            rig.there(relay);
            assertSent(relay, send(), "verified");
        }
        try (FakeSmtp relay = new FakeSmtp(server(STRANGER, SECRET))) {
            rig.there(relay);
            assertInstanceOf(Verdict.Never.class, send());
        }
    }

    @Test
    void bringsANoticeBackByAnyWayAndSaysItOnASureOneOnly() throws Exception {
        try (FakeSmtp server = new FakeSmtp(server(STRANGER, SECRET))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, send("", SECRET, "Subject: failure notice\n\nsorry\n"));
            assertTrue(server.commands().contains("MAIL FROM:<>"));
        }
        rig.dns.validating().put(RECORDS, "TLSA", "3 1 1 " + MX.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(server(MX, SECRET))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, send("", SECRET, "Subject: failure notice\n\nsorry\n"));
            assertTrue(server.commands().contains("MAIL FROM:<> REQUIRETLS"));
        }
    }

    @Test
    void goesByAnyWayWhereTheHeaderWantsNone() throws Exception {
        String open = "TLS-Required:  no \nSubject: hello\n\nTLS-Required: yes\n";
        rig.dns.validating().put(RECORDS, "TLSA", "3 1 1 " + MX.association(1, 1));
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(rig.send(), "(DANE) demand TLS");
            assertInstanceOf(Verdict.Delivered.class, send("me@client.test", "", open));
            assertNever(send("me@client.test", SECRET, open), "but it offers no TLS");
        }
        try (FakeSmtp server = new FakeSmtp(server(STRANGER))) {
            rig.there(server);
            String text = send("me@client.test", "", open).text();
            assertTrue(text.contains(", TLS-Required: No.\n"), text);
        }
        policy("enforce", "other.there.test");
        rig.dns.remove(RECORDS);
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, send("me@client.test", "", open));
            assertFalse(
                    send("me@client.test", "", "Subject: hello\n\nTLS-Required: No\n") instanceof Verdict.Delivered);
        }
    }
}
