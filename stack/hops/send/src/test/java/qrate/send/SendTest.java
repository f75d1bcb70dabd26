package qrate.send;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.ledger.Ledger;
import qrate.qcontrol.QueueControl;
import qrate.queue.Journal;

/// qmail-send with its own threads on the real journal.
class SendTest {
    private static final InstantSource CLOCK = InstantSource.system();

    /// Answers each delivery on a thread of its own, and counts.
    private static final class Counting implements Spawner {
        final Map<String, Integer> delivered = new ConcurrentHashMap<>();
        final CountDownLatch open = new CountDownLatch(1);
        final AtomicLong settled = new AtomicLong();
        boolean hold;

        @Override
        public void start(Job job, Answers answers) {
            Thread.ofVirtual().start(() -> {
                if (hold) {
                    try {
                        open.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }
                for (Delivery delivery : job.deliveries()) {
                    delivered.merge(job.id() + " " + delivery.number(), 1, Integer::sum);
                    answers.answer(delivery.number(), new Verdict.Delivered("ok"));
                }
            });
        }

        @Override
        public void settled(long id, List<Integer> numbers) {
            settled.addAndGet(numbers.size());
        }

        @Override
        public void close() {
            open.countDown();
        }
    }

    @TempDir
    Path folder;

    private final Counting local = new Counting();
    private final Counting remote = new Counting();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Control control;

    @BeforeEach
    void controls() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.createDirectories(folder.resolve("queue"));
        Files.writeString(folder.resolve("control/me"), "here.example\n");
        control = new Control(folder.resolve("control"), CLOCK);
    }

    private Journal journal() throws IOException {
        return Journal.open(folder.resolve("queue"), CLOCK, Log.silent());
    }

    private Send send(Journal journal) throws IOException {
        Log lines = new Log(new PrintStream(log, false, StandardCharsets.UTF_8), Log.Stamp.NONE, CLOCK);
        Send send = new Send(
                new Send.Hops(journal, local, remote),
                control,
                CLOCK,
                new Ledger(lines, new RealDisk(folder.resolve("queue")), CLOCK));
        send.start();
        return send;
    }

    @Test
    void deliversEverythingOnceWhileManyHandIn() throws Exception {
        int messages = 4000;
        Instant start = Instant.now();
        try (Journal journal = journal();
                Send send = send(journal)) {
            try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 40; i++) {
                    clients.execute(() -> {
                        for (int n = 0; n < messages / 40; n++) {
                            Bench.send(journal, "ann@far.example", "bob@here.example");
                        }
                    });
                }
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> local.settled.get() == messages);
            await().until(() -> send.stat().messages() == 0);
        }
        System.out.println("SendTest: "
                + messages * 1000L / Duration.between(start, Instant.now()).toMillis()
                + " messages a second, accepted, delivered to nowhere and settled");
        assertEquals(messages, local.delivered.size());
        assertTrue(local.delivered.values().stream().allMatch(times -> times == 1));
        String said = log.toString(StandardCharsets.UTF_8);
        assertEquals(
                messages,
                said.lines().filter(line -> line.startsWith("end msg ")).count());
        assertTrue(said.endsWith("status: exiting\n"));
        try (var days = Files.list(folder.resolve("queue/ledger"))) {
            assertTrue(days.count() >= 1);
        }
    }

    @Test
    void leavesWhatIsNotAnsweredByTheDeadlineForTheNextStart() throws Exception {
        local.hold = true;
        try (Journal journal = journal()) {
            Bench.send(journal, "ann@far.example", "bob@here.example");
            Send send = send(journal);
            await().until(() -> send.stat().local() == 1);
            send.close(Duration.ofMillis(50));
            local.close();
        }
        local.hold = false;
        try (Journal journal = journal();
                Send send = send(journal)) {
            await().until(() -> send.stat().messages() == 0);
            assertEquals(0, journal.size());
        }
    }

    @Test
    void letsAnAdministratorLookAndEnd() throws Exception {
        Files.writeString(folder.resolve("control/concurrencyremote"), "0\n");
        try (Journal journal = journal();
                Send send = send(journal)) {
            Bench.send(journal, "ann@far.example", "x@far.example");
            await().until(() -> send.stat().messages() == 1);
            QueueControl.Item item = send.list(10, 0).getFirst();
            assertEquals("ann@far.example", item.sender());
            assertEquals("x@far.example", item.recipients().getFirst().address());
            assertTrue(send.retry(item.id()));
            assertTrue(send.drop(item.id()));
            await().until(() -> send.stat().messages() == 0 && journal.size() == 0);
            assertTrue(log.toString(StandardCharsets.UTF_8).contains("remote deliveries will be put on hold"));
        }
    }

    @Test
    void refusesToRunWithoutLocalsAndMe() throws Exception {
        Files.delete(folder.resolve("control/me"));
        control.reread();
        try (Journal journal = journal()) {
            assertThrows(IOException.class, () -> send(journal));
        }
    }
}
