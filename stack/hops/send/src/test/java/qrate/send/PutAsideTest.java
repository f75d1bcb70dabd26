package qrate.send;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.ledger.Ledger;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.Whose;
import qrate.queue.Journal;

/// What filters put aside, on the real journal with qmail-send's own threads.
class PutAsideTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Whose ANN = Whose.mailbox("ann", Stream.of("here.example", "also.example"));
    private static final Whose BOB = Whose.mailbox("Bob", Stream.of("HERE.example"));
    private static final Whose HERE = Whose.domains(Stream.of("here.example", "also.example"));
    private static final String MESSAGE = """
            Authentication-Results: mx.here.example; dmarc=fail
             header.from=bank.example
            From: =?utf-8?q?B=C3=A4nk?= <x@bank.example>
            To: you
            Subject: your account
            Authentication-Results: elsewhere.example; spf=pass

            click
            """;

    /// Takes everything, and counts by address.
    private static final class Taking implements Spawner {
        final Map<String, Integer> delivered = new ConcurrentHashMap<>();

        @Override
        public void start(Job job, Answers answers) {
            for (Delivery delivery : job.deliveries()) {
                delivered.merge(delivery.recipient().address(), 1, Integer::sum);
                answers.answer(delivery.number(), new Verdict.Delivered("ok"));
            }
        }

        @Override
        public void settled(long id, List<Integer> numbers) {}

        @Override
        public void close() {}
    }

    @TempDir
    Path folder;

    private final Taking local = new Taking();
    private Journal journal;
    private Send send;

    @BeforeEach
    void boot() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.createDirectories(folder.resolve("queue"));
        Files.writeString(folder.resolve("control/me"), "here.example\n");
        Files.writeString(folder.resolve("control/locals"), "here.example\nalso.example\nother.example\n");
        start();
    }

    private void start() throws IOException {
        journal = Journal.open(folder.resolve("queue"), CLOCK, Log.silent());
        Log lines = new Log(
                new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8), Log.Stamp.NONE, CLOCK);
        send = new Send(
                new Send.Hops(journal, local, local),
                new Control(folder.resolve("control"), CLOCK),
                CLOCK,
                new Ledger(lines, new RealDisk(folder.resolve("queue")), CLOCK));
        send.start();
    }

    @AfterEach
    void end() throws IOException {
        send.close();
        journal.close();
    }

    /// @return its number in the queue
    private long aside(String... recipients) {
        Envelope envelope = Envelope.of("x@bank.example", recipients).toQuarantine("p=quarantine of bank.example");
        String text = journal.accept(envelope, Bench.body(MESSAGE)).text();
        return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
    }

    private Quarantine quarantine() {
        return send.quarantine();
    }

    private List<Long> ids(Whose whose) throws IOException {
        return quarantine().list(whose, 100, 0).messages().stream()
                .map(Quarantine.Kept::id)
                .toList();
    }

    private String ledger() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> days = Files.list(folder.resolve("queue/ledger"))) {
            for (Path day : days.sorted().toList()) {
                all.append(Files.readString(day));
            }
        }
        return all.toString();
    }

    @Test
    void showsEachTheirsWithWhyAndWhatItSaysOfItself() throws Exception {
        long first = aside("ann@here.example", "bob@here.example");
        long second = aside("ANN@also.example", "eve@other.example");
        aside("eve@other.example");
        await().until(() -> ids(Whose.ALL).size() == 3);
        assertEquals(List.of(second, first), ids(ANN), "the newest first");
        assertEquals(List.of(first), ids(BOB));
        assertEquals(List.of(second, first), ids(HERE));
        Quarantine.Kept kept = quarantine().one(ANN, first).orElseThrow();
        assertEquals(List.of("ann@here.example"), kept.recipients(), "nobody else's name");
        assertEquals("p=quarantine of bank.example", kept.why());
        assertEquals("x@bank.example", kept.sender());
        assertEquals("Bänk <x@bank.example>", kept.about().from());
        assertEquals("your account", kept.about().subject());
        assertEquals(MESSAGE.length(), kept.size());
        assertEquals(2, kept.results().size());
        assertTrue(kept.results().getFirst().contains("header.from=bank.example"));
        assertTrue(quarantine().one(BOB, second).isEmpty());
    }

    @Test
    void goesThroughManyAPartAtATime() throws Exception {
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.addFirst(aside("ann@here.example"));
            aside("eve@other.example");
        }
        await().until(() -> ids(Whose.ALL).size() == 14);
        List<Long> seen = new ArrayList<>();
        long before = 0;
        do {
            Quarantine.Part part = quarantine().list(ANN, 3, before);
            part.messages().forEach(kept -> seen.add(kept.id()));
            before = part.next();
        } while (before != 0);
        assertEquals(all, seen);
    }

    @Test
    void letsOutForOneRecipientOnceAndKeepsItForTheOthers() throws Exception {
        long id = aside("ann@here.example", "bob@here.example", "ann@here.example");
        await().until(() -> ids(Whose.ALL).size() == 1);
        assertTrue(quarantine().letOut(ANN, id));
        assertFalse(quarantine().letOut(ANN, id));
        assertFalse(quarantine().delete(ANN, id));
        await().until(() -> local.delivered.getOrDefault("ann@here.example", 0) == 2);
        assertEquals(List.of(), ids(ANN));
        assertEquals(List.of(id), ids(BOB));
        end();
        start();
        await().until(() -> ids(Whose.ALL).equals(List.of(id)));
        assertTrue(quarantine().letOut(BOB, id));
        await().until(() -> journal.size() == 0);
        assertEquals(Map.of("ann@here.example", 2, "bob@here.example", 1), new TreeMap<>(local.delivered));
        end();
        String ledger = ledger();
        assertTrue(ledger.contains(" aside msg " + id + " recipient 0 let out qp " + (id + 1) + "\n"), ledger);
        assertTrue(ledger.contains(" aside msg " + id + " recipient 2 let out qp " + (id + 1) + "\n"), ledger);
        assertTrue(ledger.contains(" released msg " + id + "\n"), ledger);
        start();
    }

    @Test
    void deletesForOneRecipientAndEndsWithTheLast() throws Exception {
        long id = aside("ann@here.example", "bob@here.example");
        await().until(() -> ids(Whose.ALL).size() == 1);
        assertTrue(quarantine().delete(ANN, id));
        assertEquals(List.of(id), ids(BOB));
        assertTrue(quarantine().delete(BOB, id));
        assertFalse(quarantine().delete(BOB, id));
        assertEquals(0, journal.size());
        assertEquals(0, send.stat().messages());
        assertEquals(Map.of(), local.delivered);
        end();
        String ledger = ledger();
        assertTrue(ledger.contains(" aside msg " + id + " recipient 1 deleted by hand\n"), ledger);
        assertTrue(ledger.contains(" new msg " + id + "\n"), ledger);
        assertEquals(2, ledger.split(" end msg " + id + "\n", -1).length, ledger);
        start();
    }

    @Test
    void touchesNothingThatIsHeldForAnotherReason() throws Exception {
        Envelope envelope = Envelope.of("ann@here.example", "bob@here.example");
        journal.accept(envelope.toHold("more than 5 recipients that failed in an hour"), Bench.body(MESSAGE));
        journal.accept(envelope.toHold(), Bench.body(MESSAGE));
        await().until(() -> send.stat().messages() == 2);
        assertEquals(List.of(), ids(Whose.ALL));
        assertFalse(quarantine().letOut(Whose.ALL, 1));
        assertFalse(quarantine().delete(Whose.ALL, 1));
        assertFalse(quarantine().delete(Whose.ALL, 99));
        assertEquals(2, journal.size());
    }

    @Test
    void deliversToEachOnceHoweverManyLetItOutAtTheSameMoment() throws Exception {
        int messages = 20;
        for (int i = 0; i < messages; i++) {
            aside("ann@here.example", "bob@here.example", "eve@other.example");
        }
        await().until(() -> ids(Whose.ALL).size() == messages);
        List<Long> ids = ids(Whose.ALL);
        try (ExecutorService people = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (long id : ids) {
                for (Whose whose : List.of(ANN, BOB, HERE, Whose.ALL, ANN, BOB)) {
                    all.add(people.submit(() -> quarantine().letOut(whose, id)));
                }
                all.add(people.submit(() -> send.hold(id, false)));
                all.add(people.submit(() -> send.retry(id)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        await().until(() -> journal.size() == 0 && send.stat().messages() == 0);
        assertEquals(
                Map.of("ann@here.example", messages, "bob@here.example", messages, "eve@other.example", messages),
                new TreeMap<>(local.delivered));
    }
}
