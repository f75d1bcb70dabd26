package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Verdict;
import qrate.queue.Queue.Ending.Done;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

class JournalFaultTest {
    private static final Envelope TO_ONE = Envelope.of("a@x", "b@y");
    private static final String LARGE = "large\n".repeat(100);

    private final SimulatedDisk disk = new SimulatedDisk(3);

    private static long accept(Journal journal, String text) {
        return JournalFixture.id(journal.accept(TO_ONE, JournalFixture.body(text)));
    }

    private static Set<Long> owed(Journal journal) {
        TreeSet<Long> ids = new TreeSet<>();
        journal.owed(owed -> ids.add(owed.id()));
        return ids;
    }

    private static List<String> texts(Journal journal) throws IOException {
        List<String> texts = new ArrayList<>();
        for (long id : owed(journal)) {
            texts.add(JournalFixture.text(journal.read(id).body()));
        }
        return texts;
    }

    @Test
    void refusesForNowWhileTheDiskIsFullAndGoesOnByItself() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long before = accept(journal, "before\n");
        disk.room(20); // half a record gets written
        for (String text : List.of("small\n", LARGE)) {
            Verdict verdict = journal.accept(TO_ONE, JournalFixture.body(text));
            assertInstanceOf(Verdict.Later.class, verdict);
            assertTrue(verdict.text().contains("4.3.1"), verdict.text());
        }
        assertThrows(IOException.class, () -> journal.settle(before, List.of(new Done(0))));
        assertEquals(1, journal.size());
        disk.room(Long.MAX_VALUE);
        long after = accept(journal, "after\n");
        Journal again = JournalFixture.open(disk);
        assertEquals(new TreeSet<>(List.of(before, after)), owed(again));
        assertEquals(List.of("before\n", "after\n"), texts(again));
        assertEquals(List.of(), disk.list(Bodies.FOLDER));
    }

    private static void behind(SimulatedDisk disk, byte[] bytes) throws IOException {
        String last = Segment.FOLDER + "/" + disk.list(Segment.FOLDER).getLast();
        try (Disk.Appender file = disk.append(last, disk.size(last))) {
            file.write(bytes);
            file.sync();
        }
    }

    @Test
    void takesZerosBehindTheLastRecordForTheRoomThatTheyAre() throws IOException {
        Journal journal = JournalFixture.open(disk);
        accept(journal, "before\n");
        behind(disk, new byte[100_000]);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Log log = new Log(new PrintStream(said, true, StandardCharsets.UTF_8), Log.Stamp.NONE, JournalFixture.CLOCK);
        Journal again = JournalFixture.open(disk, JournalFixture.SMALL, log);
        assertEquals(List.of("before\n"), texts(again));
        assertFalse(said.toString(StandardCharsets.UTF_8).contains("cutting"), said.toString(StandardCharsets.UTF_8));
        accept(again, "after\n");
        assertEquals(List.of("before\n", "after\n"), texts(JournalFixture.open(disk)));
    }

    @Test
    void cutsATornRecordAndTheZerosBehindIt() throws IOException {
        Journal journal = JournalFixture.open(disk);
        accept(journal, "before\n");
        behind(disk, Arrays.copyOf("half a record".getBytes(StandardCharsets.US_ASCII), 50_000));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Log log = new Log(new PrintStream(said, true, StandardCharsets.UTF_8), Log.Stamp.NONE, JournalFixture.CLOCK);
        Journal again = JournalFixture.open(disk, JournalFixture.SMALL, log);
        assertTrue(said.toString(StandardCharsets.UTF_8).contains("cutting a torn end of 13 bytes"));
        accept(again, "after\n");
        assertEquals(List.of("before\n", "after\n"), texts(JournalFixture.open(disk)));
    }

    @Test
    void refusesForNowOnAnyFaultAndGoesOnByItself() throws IOException {
        Journal journal = JournalFixture.open(disk);
        accept(journal, "before\n");
        disk.fault(new IOException("Input/output error"));
        Verdict verdict = journal.accept(TO_ONE, JournalFixture.body("lost\n"));
        assertTrue(verdict instanceof Verdict.Later && verdict.text().contains("4.3.0"), verdict.text());
        disk.fault(null);
        accept(journal, "after\n");
        assertEquals(List.of("before\n", "after\n"), texts(JournalFixture.open(disk)));
    }

    @Test
    void startsOnADiskThatCannotBeWrittenAndStillGivesOutWhatItHolds() throws IOException {
        long id = accept(JournalFixture.open(disk), "before\n");
        SimulatedDisk next = disk.restart();
        Journal journal = JournalFixture.open(new ReadOnly(next));
        assertEquals(new TreeSet<>(List.of(id)), owed(journal));
        assertEquals("before\n", JournalFixture.text(journal.read(id).body()));
        assertInstanceOf(Verdict.Later.class, journal.accept(TO_ONE, JournalFixture.body("no\n")));
    }

    /// What was answered with an error stays out, whatever the failed sync had put on the disk.
    @Test
    void neverBringsBackBehindASuccessWhatItAnsweredWithAnError() {
        Seeds.forAll(300, random -> {
            SimulatedDisk simulated = new SimulatedDisk(random.nextLong());
            FailingSync failing = new FailingSync(simulated);
            try {
                Journal journal = JournalFixture.open(failing);
                accept(journal, "before\n");
                failing.syncs(false);
                for (int i = random.nextInt(3); i >= 0; i--) {
                    assertInstanceOf(Verdict.Later.class, journal.accept(TO_ONE, JournalFixture.body("refused\n")));
                }
                failing.syncs(true);
                accept(journal, "after\n");
                simulated.crash();
                assertEquals(List.of("before\n", "after\n"), texts(JournalFixture.open(simulated.restart())));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    void setsDamageInTheMiddleAsideAndKeepsTheRest() throws IOException {
        Journal journal = JournalFixture.open(disk);
        accept(journal, "first\n");
        long from = disk.size(segment());
        long second = accept(journal, "second\n");
        accept(journal, "third\n");
        disk.corrupt(segment(), (int) from + 30);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Log log = new Log(new PrintStream(lines, true, StandardCharsets.UTF_8), Log.Stamp.NONE, JournalFixture.CLOCK);
        Journal again = JournalFixture.open(disk, JournalFixture.SMALL, log);
        assertEquals(List.of("first\n", "third\n"), texts(again));
        assertEquals(1, disk.list(Replay.ASIDE).size());
        assertTrue(lines.toString(StandardCharsets.UTF_8).contains("damaged"), lines.toString(StandardCharsets.UTF_8));
        try (InputStream aside =
                disk.read(Replay.ASIDE + "/" + disk.list(Replay.ASIDE).getFirst(), 0)) {
            assertTrue(new String(aside.readAllBytes(), StandardCharsets.ISO_8859_1).contains("second"));
        }
        assertTrue(accept(again, "fourth\n") > second + 2, "an id may be given twice");
        assertEquals(List.of("first\n", "third\n", "fourth\n"), texts(JournalFixture.open(disk)));
    }

    @Test
    void livesWithADamagedHeader() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long id = accept(journal, "first\n");
        disk.corrupt(segment(), 9);
        assertEquals(List.of("first\n"), texts(JournalFixture.open(disk)));
        assertEquals(List.of(), disk.list(Replay.ASIDE));
        disk.corrupt(segment(), Segment.HEADER_BYTES / 2 + 9);
        Journal again = JournalFixture.open(disk);
        assertEquals(List.of("first\n"), texts(again));
        assertTrue(accept(again, "second\n") > id);
        assertEquals(List.of("first\n", "second\n"), texts(JournalFixture.open(disk)));
    }

    @Test
    void readsNoDamagedMessageAndGoesOnWithTheOthers() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long from = disk.size(segment());
        long small = accept(journal, "small\n");
        long large = accept(journal, LARGE);
        disk.corrupt(segment(), (int) from + 40);
        disk.corrupt(Bodies.file(large), 5);
        assertThrows(IOException.class, () -> journal.read(small));
        Body body = journal.read(large).body();
        assertThrows(IOException.class, () -> JournalFixture.text(body));
        assertEquals(
                "next\n",
                JournalFixture.text(journal.read(accept(journal, "next\n")).body()));
    }

    @Test
    void cleansAndMovesUntilOnlyWhatIsOwedIsLeft() throws IOException {
        Journal journal = JournalFixture.open(disk);
        long kept = accept(journal, "kept\n");
        long large = accept(journal, LARGE);
        long last = 0;
        for (int i = 0; i < 500; i++) {
            last = accept(journal, "passing through\n");
            journal.settle(last, List.of(new Done(0)));
        }
        assertTrue(disk.list(Segment.FOLDER).size() > 5);
        journal.clean();
        assertTrue(
                disk.list(Segment.FOLDER).size() <= 2, disk.list(Segment.FOLDER).toString());
        assertEquals("kept\n", JournalFixture.text(journal.read(kept).body()));
        assertEquals(List.of("kept\n", LARGE), texts(JournalFixture.open(disk)));
        journal.drop(kept);
        journal.drop(large);
        journal.clean();
        assertEquals(List.of(), disk.list(Bodies.FOLDER));
        assertTrue(accept(JournalFixture.open(disk), "new\n") > last, "id given twice");
    }

    @Test
    void tellsNoRecordInAMessageFromItsOwn() throws IOException {
        Journal journal = JournalFixture.open(disk);
        Entry.Encoder forged = new Entry.Encoder(64).dropped(accept(journal, "owed\n"));
        Frame.Batch frame = new Frame.Batch();
        frame.add(0x5151515151515151L, 2000, forged.bytes(), forged.length());
        String text = new String(frame.bytes(), 0, frame.length(), StandardCharsets.ISO_8859_1);
        long from = disk.size(segment());
        journal.accept(TO_ONE, Body.of(text.getBytes(StandardCharsets.ISO_8859_1)));
        disk.corrupt(segment(), (int) from + 20);
        assertEquals(List.of("owed\n"), texts(JournalFixture.open(disk)));
    }

    @Test
    void readsAnyBytesAtAllWithoutHarm() {
        Seeds.forAll(400, random -> {
            SimulatedDisk broken = new SimulatedDisk(random.nextLong());
            try {
                Journal journal = JournalFixture.open(broken);
                for (int i = 0; i < 8; i++) {
                    long id = accept(journal, "x".repeat(random.nextInt(100)));
                    if (random.nextBoolean()) {
                        journal.settle(id, List.of(new Queue.Ending.Failed(0, "no")));
                    }
                }
                damage(broken, random);
                Journal again = JournalFixture.open(broken);
                owed(again).forEach(id -> readable(again, id));
                accept(again, "goes on\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static void readable(Journal journal, long id) {
        try {
            assertEquals(1, journal.read(id).states().size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void damage(SimulatedDisk disk, Random random) throws IOException {
        String file = Segment.file(1);
        int size = (int) disk.size(file);
        switch (random.nextInt(3)) {
            case 0 -> disk.append(file, random.nextInt(size)).close();
            case 1 -> {
                for (int i = random.nextInt(20); i >= 0; i--) {
                    disk.corrupt(file, random.nextInt(size));
                }
            }
            default -> {
                byte[] noise = new byte[random.nextInt(3000)];
                random.nextBytes(noise);
                disk.append(file, random.nextInt(size)).write(noise);
            }
        }
    }

    private String segment() throws IOException {
        return Segment.FOLDER + "/" + disk.list(Segment.FOLDER).getLast();
    }
}
