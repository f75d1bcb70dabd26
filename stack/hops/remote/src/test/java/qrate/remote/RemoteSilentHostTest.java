package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.dns.DnsClient;

class RemoteSilentHostTest {
    private static final Limits LIMITS = new Limits(
            50,
            Duration.ofMillis(500),
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30),
            Duration.ofMillis(20));

    @TempDir
    Path folder;

    private Rig rig(String name) throws IOException {
        return new Rig(Files.createDirectory(folder.resolve(name)), LIMITS, DnsClient.TRY_MAX)
                .control("concurrencyremote", "1");
    }

    private static CompletableFuture<List<Verdict>> begin(Rig rig) {
        return rig.start("", "", RemoteDialogueTest.body("\n"), List.of(Recipient.of("you@there.test")));
    }

    /// A place is given back after the answer: the answer alone does not show it.
    private static void nobodyWaits(Rig rig) {
        Awaitility.await().until(() -> rig.spawner.waiting() == 0);
    }

    private static void other(Rig rig, FakeSmtp server) {
        rig.dns.put("other.test", "MX", "10 mx.other.test.").put("mx.other.test", "A", "192.0.2.2");
        rig.at("192.0.2.2", server.port());
    }

    private static FakeSmtp.Talk behind(CountDownLatch open) {
        return peer -> {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            Polite.server().with(peer);
        };
    }

    @Test
    void holdsUpNobodyAndIsServedWhenItAnswers() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (Rig rig = rig("answers");
                FakeSmtp slow = new FakeSmtp(behind(open));
                FakeSmtp quick = new FakeSmtp(Polite.server())) {
            rig.there(slow);
            other(rig, quick);
            CompletableFuture<List<Verdict>> first = begin(rig);
            Awaitility.await().until(() -> rig.spawner.waiting() == 1);
            CompletableFuture<List<Verdict>> second = begin(rig);
            Awaitility.await().until(() -> rig.spawner.waiting() == 2);
            for (int i = 0; i < 5; i++) {
                assertInstanceOf(
                        Verdict.Delivered.class,
                        rig.send("me@client.test", "you@other.test").getFirst());
            }
            assertFalse(first.isDone());
            assertEquals(1, slow.connections(), "the second one waits behind the first");
            open.countDown();
            assertInstanceOf(Verdict.Delivered.class, Rig.wait(first).getFirst());
            assertInstanceOf(Verdict.Delivered.class, Rig.wait(second).getFirst());
            assertEquals(2, slow.messages().size());
            nobodyWaits(rig);
        }
    }

    @Test
    void thatNeverAnswersIsAskedOnceForAllWhoWaitForIt() throws Exception {
        try (Rig rig = rig("never");
                FakeSmtp silent = new FakeSmtp(Polite.server().on("220", "silence"))) {
            rig.control("timeoutremote", "1").there(silent);
            List<CompletableFuture<List<Verdict>>> all = List.of(begin(rig), begin(rig), begin(rig));
            boolean behind = false;
            for (CompletableFuture<List<Verdict>> one : all) {
                Verdict verdict = Rig.wait(one).getFirst();
                assertInstanceOf(Verdict.Later.class, verdict);
                behind |= verdict.text().contains("another delivery got no answer from there.test");
            }
            assertTrue(behind);
            assertTrue(silent.connections() < all.size(), "connections: " + silent.connections());
            nobodyWaits(rig);
        }
    }

    @Test
    void endsWithTheSpawnerLikeAnyOther() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (Rig rig = rig("stops");
                FakeSmtp slow = new FakeSmtp(behind(open))) {
            rig.there(slow);
            CompletableFuture<List<Verdict>> first = begin(rig);
            CompletableFuture<List<Verdict>> second = begin(rig);
            Awaitility.await().until(() -> rig.spawner.waiting() == 2);
            rig.spawner.close();
            assertInstanceOf(Verdict.Later.class, Rig.wait(first).getFirst());
            assertInstanceOf(Verdict.Later.class, Rig.wait(second).getFirst());
            nobodyWaits(rig);
            open.countDown();
        }
    }
}
