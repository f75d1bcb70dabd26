package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.remote.RemoteDialogueTest.assertLater;
import static qrate.remote.RemoteDialogueTest.assertNever;
import static qrate.remote.RemoteDialogueTest.body;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.remote.session.RemoteSessions;

/// Servers that are slow, deaf, endless or no mail servers at all.
class RemoteHostileServerTest extends RemoteOnRig {
    @Test
    void survivesServersThatDoNotSpeakSmtp() throws Exception {
        FakeSmtp.Talk garbage = peer -> peer.say("HTTP/1.1 400 Bad Request");
        FakeSmtp.Talk endless = peer -> {
            for (int i = 0; i < 1_000_000; i++) {
                peer.raw("220-more and more and more\r\n");
            }
        };
        FakeSmtp.Talk oneLine = peer -> {
            for (int i = 0; i < 1_000_000; i++) {
                peer.raw("220 more and more and more");
            }
        };
        for (FakeSmtp.Talk talk : List.of(garbage, endless, oneLine)) {
            try (FakeSmtp server = new FakeSmtp(talk)) {
                rig.there(server);
                assertLater(rig.send(), "connection died");
            }
        }
    }

    @Test
    void givesUpOnAServerThatNeverAnswersOrAnswersDropByDrop() throws Exception {
        FakeSmtp.Talk drops = peer -> {
            for (int i = 0; i < 100; i++) {
                peer.raw("2");
                peer.flush();
                try {
                    Thread.sleep(100);
                } catch (InterruptedException _) {
                    return;
                }
            }
        };
        rig.control("timeoutremote", "1");
        for (FakeSmtp.Talk talk : List.of(drops, Polite.server().on("220", "silence"))) {
            try (FakeSmtp server = new FakeSmtp(talk)) {
                rig.there(server);
                assertLater(rig.send(), "connection died");
            }
        }
    }

    @Test
    void givesUpOnAServerThatStopsReading() throws Exception {
        rig.control("timeoutremote", "1");
        CountDownLatch over = new CountDownLatch(1);
        FakeSmtp.Talk deaf = peer -> {
            peer.say("220 x");
            peer.hear();
            peer.say("250 x");
            peer.hear();
            peer.say("250 x");
            peer.hear();
            peer.say("250 x");
            peer.hear();
            peer.say("354 x");
            try {
                over.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        };
        try (FakeSmtp server = new FakeSmtp(deaf)) {
            rig.there(server);
            Body large = body("0123456789012345678901234567890123456789\n".repeat(400_000));
            assertLater(rig.send("", "", large, "you@there.test").getFirst(), "connection died. (#4.4.2)");
        } finally {
            over.countDown();
        }
    }

    @Test
    void keepsLittleOfALongReply() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("MAIL", "550-" + "no ".repeat(9000) + "\r\n550 no"))) {
            rig.there(server);
            Verdict verdict = rig.send();
            assertNever(verdict, "[cut]");
            assertTrue(verdict.text().length() < RemoteSessions.REPLY_CHARS_MAX + 500);
        }
    }

    /// Whatever it looks like, a refusal is one, and says why.
    @Test
    void aRefusalThatIsNotWellFormedIsARefusal() throws Exception {
        List<String> refusals = List.of(
                "550-first\r\nbad line\r\n550 last",
                "550-first\r\n\r\n550 last",
                "550-first\r\n550last\r\n550 last",
                "550-first\r\n250 last",
                "550-first\r\n551 last",
                "550 first \0 last",
                "550 first\rlast",
                "550 first\nlast",
                "550\tfirst last",
                "550 first " + "x".repeat(5000) + " last",
                "550-first\r\n".repeat(100) + "550 last");
        for (String command : List.of("MAIL", "RCPT", "DATA", ".")) {
            for (String refusal : refusals) {
                try (FakeSmtp server = new FakeSmtp(Polite.server().on(command, refusal))) {
                    rig.there(server);
                    Verdict verdict = rig.send();
                    assertNever(verdict, "first");
                    assertTrue(refusal.contains("\nlast") || verdict.text().contains("last"), verdict.text());
                    assertTrue(verdict.text().chars().noneMatch(c -> c < ' ' && c != '\n'), verdict.text());
                }
            }
        }
        for (String bare : List.of("550", "550 ")) {
            try (FakeSmtp server = new FakeSmtp(Polite.server().on("RCPT", bare))) {
                rig.there(server);
                assertNever(rig.send(), "550");
            }
        }
    }

    @Test
    void aRefusalThatBreaksOffIsARefusal() throws Exception {
        for (String half :
                List.of("550-no\r\n", "550-no\r\n550", "550 no", "550-no\r\n" + "550-x\r\n".repeat(20_000))) {
            FakeSmtp.Talk talk = peer -> {
                for (String reply : List.of("220 x", "250 x")) {
                    peer.say(reply);
                    peer.hear();
                }
                peer.raw(half);
                peer.flush();
            };
            try (FakeSmtp server = new FakeSmtp(talk)) {
                rig.there(server);
                assertNever(rig.send(), "550");
                assertTrue(rig.spawner.idle() == 0);
            }
        }
    }

    @Test
    void goodNewsWithNonsenseInItIsGoodNews() throws Exception {
        for (String taken : List.of("250 ok \0", "250-ok\r\nnonsense\r\n250 ok", "250", "250 " + "x".repeat(5000))) {
            try (FakeSmtp server = new FakeSmtp(Polite.server().on(".", taken))) {
                rig.there(server);
                assertInstanceOf(Verdict.Delivered.class, rig.send());
            }
        }
    }

    @Test
    void aServerThatAnswersAndClosesInTheMiddleOfAMessageIsHeard() throws Exception {
        FakeSmtp.Talk early = peer -> {
            for (String reply : List.of("220 x", "250 x", "250 x", "250 x", "354 x")) {
                peer.say(reply);
                peer.hear();
            }
            peer.say("552 5.3.4 too large");
        };
        try (FakeSmtp server = new FakeSmtp(early)) {
            rig.there(server);
            Body large = body("0123456789012345678901234567890123456789\n".repeat(400_000));
            assertNever(rig.send("", "", large, "you@there.test").getFirst(), "552 5.3.4 too large");
        }
    }

    @Test
    void aConnectionThatEndsBehindTheDotMayHaveDelivered() throws Exception {
        for (String end : List.of("close", "2", "not SMTP")) {
            try (FakeSmtp server = new FakeSmtp(Polite.server().on(".", end))) {
                rig.there(server);
                assertLater(rig.send(), "Possible duplicate! (#4.4.2)");
            }
        }
    }

    @Test
    void whatTheServerMayHaveIsWaitedForWhenClosed() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        FakeSmtp.Talk slow = peer -> {
            for (String reply : List.of("220 x", "250 x", "250 x", "250 x", "354 x")) {
                peer.say(reply);
                if (!reply.startsWith("354")) {
                    peer.hear();
                }
            }
            peer.content();
            try {
                closing.await(60, java.util.concurrent.TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            peer.say("250 ok at last");
        };
        try (FakeSmtp server = new FakeSmtp(slow)) {
            rig.there(server);
            var job = rig.start("", "", body("\n"), List.of(qrate.core.Recipient.of("you@there.test")));
            org.awaitility.Awaitility.await().until(() -> server.messages().size() == 1);
            Thread close = Thread.startVirtualThread(rig.spawner::close);
            org.awaitility.Awaitility.await().until(() -> rig.logged().contains("waiting for the answer to its end"));
            closing.countDown();
            assertInstanceOf(Verdict.Delivered.class, Rig.wait(job).getFirst());
            close.join();
        }
    }

    @Test
    void answersEveryOpenDeliveryWhenClosed() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("MAIL", "silence"))) {
            rig.there(server);
            var job = rig.start("", "", body("\n"), List.of(qrate.core.Recipient.of("you@there.test")));
            org.awaitility.Awaitility.await()
                    .until(() -> server.commands().stream().anyMatch(c -> c.startsWith("MAIL")));
            rig.spawner.close();
            assertInstanceOf(Verdict.Later.class, Rig.wait(job).getFirst());
            assertLater(
                    rig.send(), Spawner.NO_ANSWER + " rspawn, which stopped before the delivery was finished (#4.3.2)");
        }
    }
}
