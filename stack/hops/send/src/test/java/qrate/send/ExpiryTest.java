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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
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
import qrate.ledger.LedgerProof;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.Quarantine.Kept;
import qrate.qcontrol.Whose;
import qrate.queue.Journal;

/// The days that a message stays in quarantine, on the real journal, with a clock that the test moves.
class ExpiryTest {
    private static final Whose ANN = Whose.mailbox("ann", Stream.of("here.example"));
    private static final String ADDRESS = "ann@here.example";
    private static final String OTHER = "bob@here.example";

    /// Puts everything off.
    private static final class Busy implements Spawner {
        @Override
        public void start(Job job, Answers answers) {
            job.deliveries().forEach(one -> answers.answer(one.number(), new Verdict.Later("not now")));
        }

        @Override
        public void settled(long id, List<Integer> numbers) {}

        @Override
        public void close() {}
    }

    @TempDir
    Path folder;

    private final AtomicReference<Instant> now = new AtomicReference<>(Bench.START);
    private final InstantSource clock = now::get;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Journal journal;
    private Send send;

    @BeforeEach
    void boot() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.createDirectories(folder.resolve("queue"));
        Files.writeString(folder.resolve("control/me"), "here.example\n");
        Files.writeString(folder.resolve("control/quarantinedays"), "30\n");
        start();
    }

    private void start() throws IOException {
        journal = Journal.open(folder.resolve("queue"), clock, Log.silent());
        Log lines = new Log(new PrintStream(log, false, StandardCharsets.UTF_8), Log.Stamp.NONE, clock);
        Busy busy = new Busy();
        send = new Send(
                new Send.Hops(journal, busy, busy),
                new Control(folder.resolve("control"), clock),
                clock,
                new Ledger(lines, new RealDisk(folder.resolve("queue")), clock));
        send.start();
    }

    @AfterEach
    void end() throws IOException {
        send.close();
        journal.close();
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    private static Envelope envelope(String... recipients) {
        return Envelope.of("forged@bank.example", recipients);
    }

    private long accept(Envelope envelope) {
        String text = journal.accept(envelope, Bench.body("Subject: x\n\nx\n")).text();
        return Long.parseLong(text.substring(text.lastIndexOf(' ') + 1));
    }

    private long aside(String... recipients) {
        long id = accept(envelope(recipients).toQuarantine("p=quarantine of bank.example"));
        await().until(() -> send.quarantine().one(Whose.ALL, id).isPresent());
        return id;
    }

    private List<Long> ids() throws IOException {
        return send.quarantine().list(Whose.ALL, 100, 0).messages().stream()
                .map(Kept::id)
                .toList();
    }

    /// A message that ends at the next look shows that there was one.
    private void awaitLook() throws IOException {
        long witness = aside(OTHER);
        pass(Duration.ofDays(31));
        await().until(() -> !ids().contains(witness));
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
    void endsWhatAFilterPutAsideAfterThirtyDaysAndTellsNobody() throws Exception {
        long id = aside(ADDRESS, OTHER);
        assertEquals(
                Optional.of(Bench.START.plus(Duration.ofDays(30))),
                send.quarantine().one(ANN, id).orElseThrow().stay().until());
        pass(Duration.ofDays(29));
        long later = aside(ADDRESS);
        pass(Duration.ofDays(1));
        await().until(() -> ids().equals(List.of(later)));
        assertFalse(send.quarantine().letOut(ANN, id));
        assertEquals(1, journal.size(), "no bounce of it either");
        end();
        String ledger = ledger();
        for (int recipient = 0; recipient < 2; recipient++) {
            String line = " aside msg " + id + " recipient " + recipient + " expired in quarantine\n";
            assertTrue(ledger.contains(line), ledger);
        }
        assertTrue(ledger.contains(" new msg " + id + "\n"), ledger);
        assertEquals(2, ledger.split(" end msg " + id + "\n", -1).length, ledger);
        assertFalse(ledger.contains("bounce"), ledger);
        start();
        assertEquals(List.of(later), ids());
    }

    @Test
    void endsOverARestartWhatWasDueWhileItWasDown() throws Exception {
        long id = aside(ADDRESS, OTHER);
        assertTrue(send.quarantine().delete(ANN, id));
        end();
        pass(Duration.ofDays(30).minusSeconds(1));
        start();
        assertEquals(
                Optional.of(Bench.START.plus(Duration.ofDays(30))),
                send.quarantine().one(Whose.ALL, id).orElseThrow().stay().until());
        end();
        pass(Duration.ofSeconds(1));
        start();
        await().until(() -> journal.size() == 0 && send.stat().messages() == 0);
        end();
        assertEquals(List.of(), LedgerProof.problems(new RealDisk(folder.resolve("queue")), Map.of()));
        start();
        assertEquals(0, send.stat().messages(), "it does not come back");
    }

    @Test
    void endsManyOldestFirstInParts() throws Exception {
        int many = PutAside.LOOKED_MAX + 5;
        IntStream.range(0, many).forEach(_ -> accept(envelope(ADDRESS).toQuarantine("a filter")));
        await().until(() -> send.stat().messages() == many);
        pass(Duration.ofDays(30));
        await().until(() -> journal.size() == 0 && send.stat().messages() == 0);
    }

    @Test
    void leavesWhatAnAdministratorOrALimitHolds() throws Exception {
        accept(envelope(ADDRESS).toHold("more than 5 recipients that failed in an hour"));
        accept(envelope(ADDRESS).toHold());
        long queued = accept(envelope(ADDRESS));
        await().until(() -> send.stat().messages() == 3);
        assertTrue(send.hold(queued, true));
        awaitLook();
        assertEquals(3, journal.size());
        assertEquals(3, send.stat().messages());
    }

    @Test
    void leavesWhatIsInQuarantineAndHeldByHandToo() throws Exception {
        long id = aside(ADDRESS);
        assertTrue(send.hold(id, true));
        assertEquals(
                Optional.empty(),
                send.quarantine().one(ANN, id).orElseThrow().stay().until());
        awaitLook();
        assertEquals(List.of(id), ids());
        end();
        start();
        awaitLook();
        assertEquals(List.of(id), ids(), "after a restart, too");
        assertTrue(send.quarantine().delete(ANN, id));
        end();
        assertFalse(
                ledger().contains(" new msg " + id + "\n"), "announced when it was held, and not again: " + ledger());
        start();
    }

    @Test
    void leavesWhatWasLetOutAndTriedAndIsHeldThen() throws Exception {
        long id = aside(ADDRESS);
        assertTrue(send.quarantine().letOut(Whose.ALL, id));
        assertTrue(send.hold(id, true));
        awaitLook();
        end();
        start();
        awaitLook();
        assertEquals(1, journal.size());
        assertEquals(1, send.stat().messages());
    }

    @Test
    void aClockThatWasSetBackKeepsMessages() throws Exception {
        pass(Duration.ofDays(3650));
        long ahead = aside(ADDRESS);
        pass(Duration.ofDays(-3650));
        awaitLook();
        assertEquals(List.of(ahead), ids());
    }

    @Test
    void keepsForEverWithoutDaysWithZeroAndWhileItCannotReadForHowLong() throws Exception {
        long id = aside(ADDRESS);
        Path file = folder.resolve("control/quarantinedays");
        for (String days : List.of("", "0\n", "a month\n")) {
            Files.writeString(file, days);
            pass(Duration.ofDays(100));
            await().until(() ->
                    send.quarantine().one(ANN, id).orElseThrow().stay().until().isEmpty());
            end();
            start(); // it looks when it starts
            assertEquals(List.of(id), ids());
        }
        await().until(() -> log.toString(StandardCharsets.UTF_8)
                .contains("alert: quarantine: nothing ends: control/quarantinedays: not a whole number"));
        Files.writeString(file, "201\n");
        pass(Duration.ofHours(1));
        await().until(() -> send.quarantine()
                .one(ANN, id)
                .map(Kept::stay)
                .equals(Optional.of(new Quarantine.Stay(Bench.START, 201))));
        Files.writeString(file, "7\n");
        pass(Duration.ofHours(1));
        await().until(() -> ids().isEmpty() && journal.size() == 0);
    }
}
