package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Verdict;

class RemoteTlsTest extends RemoteOnRig {
    private static final Certificates CERTIFICATES = Certificates.selfSigned("mx.there.test");

    @Test
    void usesTlsWithAnyCertificateWhereItIsOffered() throws Exception {
        try (FakeSmtp server = new FakeSmtp(secured())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(
                    List.of("EHLO client.test", "STARTTLS", "EHLO client.test", "MAIL FROM:<me@client.test>"),
                    server.commands().subList(0, 4));
        }
    }

    @Test
    void goesOnInPlainTextOnANewConnectionWhenTheHandshakeFails() throws Exception {
        Polite broken = Polite.server().offering("STARTTLS").on("STARTTLS", "220 go\r\n500 not TLS at all");
        try (FakeSmtp server = new FakeSmtp(broken)) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(2, server.connections());
            assertTrue(rig.logged().contains("TLS with mx.there.test failed"), rig.logged());
        }
    }

    @Test
    void goesOnInPlainTextOnANewConnectionWhenTheServerHangsUpOnStarttls() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().offering("STARTTLS").on("STARTTLS", "close"))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(2, server.connections());
        }
    }

    /// As a server does with TLS 1.3 that wants a certificate of its client.
    @Test
    void goesOnInPlainTextOnANewConnectionWhenTheServerHangsUpBehindTheHandshake() throws Exception {
        FakeSmtp.Talk broken = peer -> {
            peer.say("220 fake.test");
            peer.hear();
            peer.say("250-fake.test", "250 STARTTLS");
            peer.hear();
            peer.say("220 go");
            peer.startTls(CERTIFICATES.server());
        };
        try (FakeSmtp server = new FakeSmtp(broken, Polite.server())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(2, server.connections());
        }
    }

    @Test
    void goesOnInPlainTextOnTheSameConnectionWhenStarttlsIsRefused() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().offering("STARTTLS").on("STARTTLS", "454 not now"))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(1, server.connections());
        }
    }

    @Test
    void deliversNothingWithoutTlsWhereItMust() throws Exception {
        rig.control("tlsremote", "must");
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(rig.send(), "but it offers no TLS. control/tlsremote demands TLS. (#4.7.4)");
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server().offering("STARTTLS").on("STARTTLS", "220 go\r\nnot TLS"))) {
            rig.there(server);
            assertLater(rig.send(), "control/tlsremote demands TLS. (#4.7.5)");
            assertEquals(1, server.connections());
        }
        try (FakeSmtp server = new FakeSmtp(secured())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
        }
    }

    @Test
    void leavesTlsAloneWhereItMayNot() throws Exception {
        rig.control("tlsremote", "never");
        try (FakeSmtp server = new FakeSmtp(secured())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertFalse(server.commands().contains("STARTTLS"));
        }
    }

    @Test
    void wantsACertificateForTheNameFromTheAuthorityInTlshosts() throws Exception {
        Files.createDirectory(control.resolve("tlshosts"));
        rig.control("tlshosts/mx.there.test.pem", CERTIFICATES.pem());
        try (FakeSmtp server = new FakeSmtp(secured())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
        }
        Certificates forged = Certificates.selfSigned("mx.there.test");
        Certificates other = Certificates.selfSigned("other.test");
        for (Certificates wrong : List.of(forged, other)) {
            if (wrong.equals(other)) {
                rig.control("tlshosts/mx.there.test.pem", other.pem());
            }
            try (FakeSmtp server = new FakeSmtp(Polite.server().secured(wrong.server()))) {
                rig.there(server);
                assertLater(rig.send(), "TLS failed");
            }
        }
    }

    @Test
    void logsInAtARelayOverTlsOnly() throws Exception {
        Files.createDirectory(control.resolve("tlshosts"));
        rig.control("tlshosts/mx.there.test.pem", CERTIFICATES.pem());
        rig.control("smtproutes", ":mx.there.test:587 ann:pass:word");
        String secret = Base64.getEncoder().encodeToString("\0ann\0pass:word".getBytes(StandardCharsets.UTF_8));
        try (FakeSmtp server = new FakeSmtp(secured().offering("AUTH LOGIN PLAIN"))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertTrue(server.commands().contains("AUTH PLAIN " + secret));
            assertEquals(List.of("192.0.2.1:587"), rig.dialled);
        }
    }

    @Test
    void neverShowsAPasswordToAServerItCannotVerify() throws Exception {
        rig.control("smtproutes", ":mx.there.test:587 ann:password");
        List<Polite> wrong = List.of(
                secured().offering("AUTH PLAIN"), // a certificate nobody vouches for
                Polite.server().offering("AUTH PLAIN"),
                Polite.server().offering("AUTH PLAIN", "STARTTLS").on("STARTTLS", "454 no"));
        List<String> reports = List.of("(#4.7.5)", "(#4.7.4)", "(#4.7.4)");
        for (int i = 0; i < wrong.size(); i++) {
            try (FakeSmtp server = new FakeSmtp(wrong.get(i))) {
                rig.there(server);
                assertLater(rig.send(), reports.get(i));
                assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("AUTH")));
            }
        }
        assertFalse(rig.logged().contains("password"));
    }

    @Test
    void defersWhereItCannotLogIn() throws Exception {
        Files.createDirectory(control.resolve("tlshosts"));
        rig.control("tlshosts/mx.there.test.pem", CERTIFICATES.pem());
        rig.control("smtproutes", ":mx.there.test:587 ann:password");
        try (FakeSmtp server = new FakeSmtp(secured())) {
            rig.there(server);
            assertLater(
                    rig.send(), "Connected to 192.0.2.1 but it offers no AUTH over TLS by PLAIN, LOGIN or CRAM-MD5");
        }
    }

    @Test
    void defersWhenItsLoginIsRejected() throws Exception {
        Files.createDirectory(control.resolve("tlshosts"));
        rig.control("tlshosts/mx.there.test.pem", CERTIFICATES.pem());
        rig.control("smtproutes", ":mx.there.test:587 ann:password");
        try (FakeSmtp server = new FakeSmtp(secured().offering("AUTH PLAIN").on("AUTH", "535 5.7.8 wrong"))) {
            rig.there(server);
            assertLater(
                    rig.send(),
                    "my login was rejected, which is in control/smtproutes.\nRemote host said: 535 5.7.8 wrong");
        }
    }

    @Test
    void saysWhyACertificateIsNotGoodAndWhichFileWouldMakeItSo() throws Exception {
        rig.control("smtproutes", ":mx.there.test:587 ann:password");
        try (FakeSmtp server = new FakeSmtp(secured().offering("AUTH PLAIN"))) {
            rig.there(server);
            assertLater(rig.send(), "but TLS failed: its certificate is signed by nobody who is trusted here. ");
            assertLater(rig.send(), "to trust it, put it or its authority into control/tlshosts/mx.there.test.pem.");
        }
        Files.createDirectory(control.resolve("tlshosts"));
        Certificates other = Certificates.selfSigned("other.test");
        rig.control("tlshosts/mx.there.test.pem", other.pem());
        try (FakeSmtp server = new FakeSmtp(Polite.server().secured(other.server()))) {
            rig.there(server);
            assertLater(rig.send(), "TLS failed: its certificate is for another name. control/tlshosts/mx.there.test");
        }
    }

    @Test
    void aRefusalForWantOfTlsIsNotFinalWhereTlsBroke() throws Exception {
        Polite broken = Polite.server().offering("STARTTLS").on("STARTTLS", "220 go\r\n500 not TLS at all");
        Polite refused = Polite.server().offering("STARTTLS").on("STARTTLS", "454 not now");
        FakeSmtp.Talk plain = Polite.server().on("MAIL", "530 5.7.0 Must issue a STARTTLS command first");
        List<List<FakeSmtp.Talk>> servers = List.of(
                List.of(broken.on("MAIL", "530 5.7.0 STARTTLS first")),
                List.of(broken.on("RCPT", "550 5.7.10 encryption needed")),
                List.of(broken.on("DATA", "538 5.7.11 encryption needed")),
                List.of(broken, plain),
                List.of(refused.on("MAIL", "530 5.7.0 STARTTLS first")));
        for (List<FakeSmtp.Talk> talks : servers) {
            try (FakeSmtp server = new FakeSmtp(talks.toArray(FakeSmtp.Talk[]::new))) {
                rig.there(server);
                assertLater(rig.send(), "");
            }
        }
        try (FakeSmtp server = new FakeSmtp(broken.on("RCPT", "550 5.1.1 nobody"))) {
            rig.there(server);
            RemoteDialogueTest.assertNever(rig.send(), "550 5.1.1 nobody");
        }
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("MAIL", "530 5.7.0 Authentication required"))) {
            rig.there(server);
            RemoteDialogueTest.assertNever(rig.send(), "530 5.7.0");
        }
    }

    private static Polite secured() {
        return Polite.server().secured(CERTIFICATES.server());
    }
}
