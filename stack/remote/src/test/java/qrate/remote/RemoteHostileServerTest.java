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
        FakeSmtp.Talk nul = peer -> peer.raw("220 \0\0\0\r\n");
        for (FakeSmtp.Talk talk : List.of(garbage, endless, oneLine, nul)) {
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
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("MAIL", "550-" + "no ".repeat(600) + "\r\n550 no"))) {
            rig.there(server);
            Verdict verdict = rig.send();
            assertNever(verdict, "[cut]");
            assertTrue(verdict.text().length() < 2_000);
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
