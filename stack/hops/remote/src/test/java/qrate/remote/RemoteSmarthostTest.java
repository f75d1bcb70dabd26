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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.core.Verdict;

/// Relays with a login, as providers have them.
class RemoteSmarthostTest extends RemoteOnRig {
    private static final Certificates RELAY = Certificates.selfSigned("mx.there.test");
    private static final Certificates LOCAL = Certificates.selfSigned("localhost");

    @BeforeEach
    void trust() throws Exception {
        Files.createDirectory(control.resolve("tlshosts"));
        rig.control("tlshosts/mx.there.test.pem", RELAY.pem()).control("tlshosts/localhost.pem", LOCAL.pem());
        rig.control("smtproutes", ":mx.there.test:587 ann@here.test p: \u00e4 s#s");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Polite secured() {
        return Polite.server().secured(RELAY.server());
    }

    private static Polite byLogin(Polite server) {
        return server.on("AUTH LOGIN", "334 VXNlcm5hbWU6")
                .on(base64("ann@here.test"), "334 UGFzc3dvcmQ6")
                .on(base64("p: \u00e4 s#s"), "235 2.7.0 welcome");
    }

    @Test
    void logsInWhereThereIsNothingButLogin() throws Exception {
        for (String offer : List.of("AUTH LOGIN XOAUTH2", "AUTH=LOGIN", "auth login")) {
            try (FakeSmtp server =
                    new FakeSmtp(byLogin(secured().offering(offer)).on("AUTH", "504 no"))) {
                rig.there(server);
                assertInstanceOf(Verdict.Delivered.class, rig.send(), offer);
                assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("AUTH PLAIN")));
            }
        }
    }

    @Test
    void logsInByAChallenge() throws Exception {
        // RFC 2195 §2's own example
        rig.control("smtproutes", ":mx.there.test:587 tim tanstaaftanstaaf");
        String challenge = base64("<1896.697170952@postoffice.reston.mci.net>");
        String answer = base64("tim b913a602c7eda7a495b4e6e7334d3890");
        Polite one = secured()
                .offering("AUTH CRAM-MD5")
                .on("AUTH CRAM-MD5", "334 " + challenge)
                .on(answer, "235 x");
        try (FakeSmtp server = new FakeSmtp(one)) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertTrue(server.commands().contains(answer));
        }
        try (FakeSmtp server = new FakeSmtp(secured()
                .offering("AUTH CRAM-MD5")
                .on("AUTH CRAM-MD5", "334 !!")
                .on("*", "501 given up"))) {
            rig.there(server);
            assertLater(rig.send(), "501 given up");
        }
    }

    @Test
    void takesTheNextMechanismWhereOneIsOfferedAndUnknown() throws Exception {
        Polite odd = byLogin(secured().offering("AUTH PLAIN LOGIN").on("AUTH PLAIN", "504 5.5.4 unrecognized"));
        try (FakeSmtp server = new FakeSmtp(odd)) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
        }
        try (FakeSmtp server =
                new FakeSmtp(byLogin(secured().offering("AUTH PLAIN LOGIN").on("AUTH PLAIN", "535 no")))) {
            rig.there(server);
            assertLater(rig.send(), "535 no");
            assertFalse(server.commands().contains("AUTH LOGIN"), "one wrong try is enough");
        }
    }

    @Test
    void aLongSecretGoesOnALineOfItsOwn() throws Exception {
        String password = "p".repeat(600);
        rig.control("smtproutes", ":mx.there.test:587 ann " + password);
        String secret = base64("\0ann\0" + password);
        Polite strict =
                secured().offering("AUTH PLAIN").on("AUTH PLAIN", "334 ").on(secret, "235 x");
        try (FakeSmtp server = new FakeSmtp(strict)) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertTrue(server.commands().contains("AUTH PLAIN"));
        }
    }

    @Test
    void tlsBeginsWithTheConnectionOnPort465AndWhereTheRouteSaysSo() throws Exception {
        String login = " ann@here.test p: \u00e4 s#s\n";
        rig.control(
                "smtproutes",
                "a.test:mx.there.test:465" + login + "b.test:smtps://mx.there.test" + login
                        + "c.test:SMTPS://MX.there.test.:4465" + login + "d.test:smtp://mx.there.test:465");
        List<String> dialled = List.of("192.0.2.1:465", "192.0.2.1:465", "192.0.2.1:4465");
        for (int i = 0; i < dialled.size(); i++) {
            FakeSmtp.Talk talk = peer -> {
                peer.startTls(RELAY.server());
                byLogin(Polite.server().offering("AUTH LOGIN")).with(peer);
            };
            try (FakeSmtp server = new FakeSmtp(talk)) {
                rig.there(server);
                String to = "you@" + (char) ('a' + i) + ".test";
                assertInstanceOf(Verdict.Delivered.class, rig.send("", to).getFirst(), to);
                assertEquals(dialled.get(i), rig.dialled.getLast());
                assertFalse(server.commands().contains("STARTTLS"));
            }
        }
        try (FakeSmtp server = new FakeSmtp(secured())) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send("", "you@d.test").getFirst());
            assertEquals(1, server.messages().size());
        }
    }

    @Test
    void nothingGoesInTheClearToAPortThatIsForTls() throws Exception {
        rig.control("smtproutes", ":mx.there.test:465");
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            // the greeting in the clear may come before our hello, or behind it
            assertLater(rig.send(), "but TLS failed: ");
            assertEquals(1, server.connections());
        }
    }

    @Test
    void localhostKeepsItsName() throws Exception {
        rig.control("smtproutes", ":localhost:587 ann@here.test p: \u00e4 s#s");
        try (FakeSmtp server =
                new FakeSmtp(byLogin(Polite.server().secured(LOCAL.server()).offering("AUTH LOGIN")))) {
            rig.at("127.0.0.1", server.port());
            assertInstanceOf(Verdict.Delivered.class, rig.send());
        }
        rig.at("::1", 1);
        try (FakeSmtp server =
                new FakeSmtp(byLogin(Polite.server().secured(RELAY.server()).offering("AUTH LOGIN")))) {
            rig.at("127.0.0.1", server.port());
            assertLater(rig.send(), "");
            assertTrue(rig.logged().contains("TLS with localhost failed"), rig.logged());
        }
    }

    @Test
    void anIpv6AddressInARouteIsInBrackets() throws Exception {
        rig.control("smtproutes", "a.test:[2001:db8::1]:2525\nb.test:[IPv6:2001:db8::1]:2526");
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.at("2001:db8:0:0:0:0:0:1", server.port());
            assertInstanceOf(Verdict.Delivered.class, rig.send("", "you@a.test").getFirst());
            assertInstanceOf(Verdict.Delivered.class, rig.send("", "you@b.test").getFirst());
            assertEquals(List.of("2001:db8:0:0:0:0:0:1:2525", "2001:db8:0:0:0:0:0:1:2526"), rig.dialled);
        }
    }
}
