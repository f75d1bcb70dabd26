package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;
import static qrate.remote.RemoteDialogueTest.assertNever;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.dns.DnsClient;
import qrate.remote.session.RemoteSessions;

/// Connections kept for the next message, and how many there are at once.
class RemoteReuseTest extends RemoteOnRig {
    @Test
    void sendsTheNextMessageOverTheSameConnection() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            for (int i = 0; i < 5; i++) {
                assertInstanceOf(Verdict.Delivered.class, rig.send());
            }
            assertEquals(1, server.connections());
            assertEquals(5, server.messages().size());
        }
    }

    @Test
    void resetsAfterATransactionThatEndedEarly() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("RCPT TO:<bad", "550 no"))) {
            rig.there(server);
            assertNever(rig.send("", "bad@there.test").getFirst(), "550 no");
            Awaitility.await().until(() -> rig.spawner.idle() == 1);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(1, server.connections());
            assertTrue(server.commands().contains("RSET"));
            Awaitility.await().until(() -> rig.spawner.idle() == 1);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertEquals(2, server.commands().stream().filter("RSET"::equals).count(), "each time anew");
        }
    }

    @Test
    void replacesAKeptConnectionThatTurnsOutDead() throws Exception {
        List<FakeSmtp.Talk> deaths = List.of(
                peer -> {
                    one(peer);
                    peer.hear(); // hangs up at the next MAIL
                },
                peer -> {
                    one(peer);
                    peer.hear();
                    peer.say("421 4.4.2 too late");
                });
        for (FakeSmtp.Talk death : deaths) {
            try (FakeSmtp server = new FakeSmtp(death, Polite.server())) {
                rig.there(server);
                assertInstanceOf(Verdict.Delivered.class, rig.send());
                assertInstanceOf(Verdict.Delivered.class, rig.send());
                assertEquals(2, server.connections());
                assertEquals(2, server.messages().size());
            }
            Awaitility.await().until(() -> rig.spawner.idle() <= 1);
        }
    }

    /// After the first message, a server with something against a second one.
    private static FakeSmtp.Talk weary(String beginning, String reply) {
        return peer -> {
            one(peer);
            while (true) {
                String command = peer.hear();
                if (command.startsWith(beginning)) {
                    peer.say(reply);
                } else if (command.equals("DATA")) {
                    peer.say("354 x");
                    peer.content();
                    peer.say("250 x");
                } else {
                    peer.say("250 x");
                }
            }
        };
    }

    @Test
    void whatIsRefusedOnAUsedConnectionIsOfferedOnAFreshOne() throws Exception {
        List<FakeSmtp.Talk> weary = new ArrayList<>();
        for (String code : List.of("421", "450", "451", "452", "500", "503", "530", "550", "552", "554")) {
            weary.add(weary("MAIL", code + " 5.5.1 Sender already given, too many messages"));
            weary.add(weary("RSET", code + " no"));
        }
        weary.add(weary("RCPT", "421 4.7.0 too many messages"));
        weary.add(weary("DATA", "421 4.7.0 too many messages"));
        weary.add(weary("DATA", "503 5.5.1 need MAIL"));
        weary.add(weary("DATA", "250 one reply behind"));
        weary.add(weary("MAIL", "not SMTP"));
        for (FakeSmtp.Talk talk : weary) {
            try (FakeSmtp server = new FakeSmtp(talk, Polite.server())) {
                rig.there(server);
                assertInstanceOf(Verdict.Delivered.class, rig.send());
                Awaitility.await().until(() -> rig.spawner.idle() >= 1);
                assertInstanceOf(Verdict.Delivered.class, rig.send());
                assertEquals(2, server.connections());
                assertEquals(2, server.messages().size());
            }
        }
    }

    @Test
    void whatAFreshConnectionRefusesCounts() throws Exception {
        Polite refusing = Polite.server().on("MAIL", "550 5.7.1 not you");
        try (FakeSmtp server = new FakeSmtp(weary("MAIL", "503 no"), refusing)) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            Awaitility.await().until(() -> rig.spawner.idle() == 1);
            assertNever(rig.send(), "550 5.7.1 not you");
            assertEquals(2, server.connections());
        }
    }

    @Test
    void aReplyTooManyEndsTheConnection() throws Exception {
        for (String extra : List.of("250 2.0.0 once more", "421 4.4.2 idle too long", "\r\n")) {
            FakeSmtp.Talk talkative = peer -> {
                one(peer);
                peer.say(extra);
                peer.hear();
            };
            try (FakeSmtp server = new FakeSmtp(talkative, Polite.server())) {
                rig.there(server);
                assertInstanceOf(Verdict.Delivered.class, rig.send());
                Verdict second = rig.send();
                assertInstanceOf(Verdict.Delivered.class, second, second.text());
                assertEquals(2, server.messages().size());
            }
        }
    }

    private static void one(FakeSmtp.Peer peer) throws IOException {
        peer.say("220 x");
        for (String reply : List.of("250 x", "250 x", "250 x", "354 x")) {
            peer.hear();
            peer.say(reply);
        }
        peer.content();
        peer.say("250 x");
    }

    @Test
    void quitsAConnectionNobodyNeeds() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            rig.send();
            assertEquals(1, rig.spawner.idle());
            rig.spawner.close();
            Awaitility.await().until(() -> server.commands().contains("QUIT"));
            assertEquals(0, rig.spawner.idle());
        }
    }

    @Test
    void keepsAConnectionForSecondsOnlyAndOnlySoMany() throws Exception {
        Limits brief = new Limits(
                50,
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30));
        try (Rig hasty = new Rig(Files.createTempDirectory(control, "hasty"), brief, DnsClient.TRY_MAX);
                FakeSmtp server = new FakeSmtp(Polite.server())) {
            hasty.there(server);
            List<CompletableFuture<List<Verdict>>> jobs = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                jobs.add(begin(hasty));
            }
            for (CompletableFuture<List<Verdict>> job : jobs) {
                assertInstanceOf(Verdict.Delivered.class, Rig.wait(job).getFirst());
            }
            assertTrue(hasty.spawner.idle() <= RemoteSessions.IDLE_PER_SERVER_MAX);
            Awaitility.await().until(() -> hasty.spawner.idle() == 0 && server.open() == 0);
        }
    }

    @Test
    void opensNoMoreConnectionsToAHostThanAllowed() throws Exception {
        rig.control("concurrencyperhost", "3");
        FakeSmtp.Talk slow = peer -> {
            pause();
            Polite.server().with(peer);
        };
        try (FakeSmtp server = new FakeSmtp(slow)) {
            rig.there(server);
            List<CompletableFuture<List<Verdict>>> jobs = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                jobs.add(begin(rig));
            }
            for (CompletableFuture<List<Verdict>> job : jobs) {
                assertInstanceOf(Verdict.Delivered.class, Rig.wait(job).getFirst());
            }
            assertEquals(20, server.messages().size());
            assertTrue(server.most() <= 3, "at once: " + server.most());
        }
    }

    @Test
    void defersWhenItsTurnAtABusyHostDoesNotCome() throws Exception {
        Limits impatient = new Limits(
                50,
                Duration.ofMillis(500),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2),
                Duration.ofMillis(50),
                Duration.ofSeconds(30));
        try (Rig busy = new Rig(Files.createTempDirectory(control, "busy"), impatient, DnsClient.TRY_MAX);
                FakeSmtp server = new FakeSmtp(Polite.server().on("MAIL", "silence"))) {
            busy.control("concurrencyperhost", "1").there(server);
            var first = busy.start("", "", RemoteDialogueTest.body("\n"), List.of(Recipient.of("you@there.test")));
            Awaitility.await().until(() -> server.commands().stream().anyMatch(c -> c.startsWith("MAIL")));
            assertLater(busy.send(), "Too many connections to there.test at once already. (#4.4.5)");
            busy.spawner.close();
            assertInstanceOf(Verdict.Later.class, Rig.wait(first).getFirst());
        }
    }

    @Test
    void doesNotReuseAConnectionTheServerIsClosing() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("MAIL", "421 busy"))) {
            rig.there(server);
            assertInstanceOf(Verdict.Later.class, rig.send());
            assertEquals(0, rig.spawner.idle());
            assertFalse(server.commands().contains("RSET"));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletableFuture<List<Verdict>> begin(Rig rig) {
        Body body = Body.of("A: b\n\nc\n".getBytes(StandardCharsets.UTF_8));
        return rig.start("", "", body, List.of(Recipient.of("you@there.test")));
    }
}
