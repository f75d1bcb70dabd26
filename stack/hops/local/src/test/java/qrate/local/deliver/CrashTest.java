package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.maildir.Maildir;
import qrate.maildir.MaildirName;
import qrate.testkit.ForwardingDisk;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

/// Stops the disk at every step of a life of deliveries, with a reader at work, and counts what the reader saw.
class CrashTest {
    private static final Instant BIRTH = Instant.parse("2026-06-01T12:00:00Z");
    private static final int MESSAGES = 4;
    private static final List<String> BOXES = List.of("domains/d/a/Maildir", "domains/d/a/Maildir/.Junk");

    /// What send believes, and what the reader saw: this outlives every crash.
    private static final class World {
        final Set<Notes.Key> confirmed = new HashSet<>();
        final Set<Notes.Key> settled = new HashSet<>();
        final Set<String> deleted = new HashSet<>();
        final Map<String, String> contents = new HashMap<>();
        InstantSource clock = InstantSource.fixed(BIRTH);
    }

    private static Notes.Key key(int id) {
        return new Notes.Key(id, id % 3, BIRTH.toEpochMilli());
    }

    private static Body body(int id) {
        return Body.of(Setting.utf8("message " + id + "\n" + "x".repeat(700 * id)));
    }

    /// One life: deliver what is not confirmed, some of it twice, settle, read now and then.
    private static void live(SimulatedDisk disk, World world, Random random) throws IOException {
        Notes notes = Notes.open(disk, world.clock, Log.silent());
        MaildirDelivery deliveries = new MaildirDelivery(disk, notes, "h");
        deliveries.recover(Log.silent());
        if (random.nextInt(3) == 0) {
            for (Maildirs.Outcome outcome : together(deliveries, world)) {
                Maildirs.Outcome.fresh(outcome);
            }
        }
        for (int id = 1; id <= MESSAGES; id++) {
            Notes.Key key = key(id);
            String box = BOXES.get(id % 2);
            if (random.nextInt(3) == 0) {
                read(disk, world);
            }
            for (int again = random.nextInt(2); again >= 0 && !world.settled.contains(key); again--) {
                deliveries.deliver(new Maildirs.Posting(key, box, true, body(id), world.clock.millis()));
                world.confirmed.add(key);
                if (random.nextInt(3) == 0) {
                    read(disk, world);
                }
            }
            if (random.nextInt(3) == 0 && world.confirmed.contains(key)) {
                // send's done record is durable: it never asks again
                world.settled.add(key);
                deliveries.settled(key.id(), List.of(key.number()));
            }
            if (random.nextBoolean()) {
                deliveries.settle(Log.silent());
            }
        }
    }

    /// Delivers all that send may still ask for at once, as the recipients of one job.
    private static List<Maildirs.Outcome> together(MaildirDelivery deliveries, World world) {
        List<Maildirs.Posting> postings = new ArrayList<>();
        for (int id = 1; id <= MESSAGES; id++) {
            if (!world.settled.contains(key(id))) {
                postings.add(new Maildirs.Posting(key(id), BOXES.get(id % 2), true, body(id), world.clock.millis()));
            }
        }
        List<Maildirs.Outcome> outcomes = deliveries.deliver(postings);
        for (int i = 0; i < postings.size(); i++) {
            if (outcomes.get(i) instanceof Maildirs.Outcome.There) {
                world.confirmed.add(postings.get(i).key());
            }
        }
        return outcomes;
    }

    /// Fetches and deletes everything, through cur or straight from new, durably.
    private static void read(SimulatedDisk disk, World world) throws IOException {
        for (String box : BOXES) {
            for (String folder : List.of("new", "cur")) {
                // whatever made the names we read is older than what we do to them: one journal orders both
                if (disk.exists(box)) {
                    disk.syncFolder(box + "/" + folder);
                }
                for (String name : disk.list(box + "/" + folder)) {
                    take(disk, world, box, folder + "/" + name);
                }
            }
        }
    }

    private static void take(SimulatedDisk disk, World world, String box, String file) throws IOException {
        String unique = MaildirName.unique(file.substring(4));
        assertFalse(world.deleted.contains(unique), "seen again after it was deleted for good: " + unique);
        world.contents.put(unique, content(disk, box + "/" + file));
        String at = box + "/" + file;
        if (unique.contains("Q1") && file.startsWith("new/")) {
            at = box + "/cur/" + unique + ":2,S";
            disk.rename(box + "/" + file, at);
        }
        disk.delete(at);
        disk.syncFolder(at.substring(0, at.lastIndexOf('/')));
        // only a deletion that is not durable yet may lead to a second fetch
        world.deleted.add(unique);
    }

    private static String content(Disk disk, String file) throws IOException {
        try (InputStream in = disk.read(file, 0)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static void checkAll(SimulatedDisk disk, World world) throws IOException {
        disk.crashAt(Long.MAX_VALUE);
        for (int round = 0; round < 2; round++) {
            live(disk, world, new Random(5));
            read(disk, world);
        }
        for (int id = 1; id <= MESSAGES; id++) {
            Body body = body(id);
            String name = MaildirName.of(BIRTH.getEpochSecond(), id, id % 3, "h", body);
            assertTrue(world.contents.containsKey(name), "never seen: " + name);
            assertEquals(
                    new String(body.open().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8),
                    world.contents.get(name));
        }
        assertEquals(MESSAGES, world.contents.size());
        for (String box : BOXES) {
            assertEquals(List.of(), disk.list(box + "/tmp"));
        }
    }

    /// Lives until the crash or the end; true when it came.
    private static boolean crashes(SimulatedDisk disk, World world, Random random) throws IOException {
        try {
            live(disk, world, random);
            read(disk, world);
            return false;
        } catch (SimulatedDisk.Crash _) {
            return true;
        }
    }

    @Test
    void showsEachMessageOnceWhereverItCrashes() {
        Seeds.forAll(6, random -> {
            try {
                long plan = random.nextLong();
                boolean crashed = true;
                for (long step = 0; crashed; step++) {
                    SimulatedDisk disk = new SimulatedDisk(random.nextLong());
                    disk.crashAt(step);
                    World world = new World();
                    crashed = crashes(disk, world, new Random(plan));
                    checkAll(crashed ? disk.restart() : disk, world);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void showsEachMessageOnceOverManyCrashes() {
        Seeds.forAll(300, random -> {
            try {
                SimulatedDisk disk = new SimulatedDisk(random.nextLong());
                World world = new World();
                for (int life = 0; life < 4; life++) {
                    disk.crashAt(random.nextInt(70));
                    disk = crashes(disk, world, random) ? disk.restart() : disk;
                }
                checkAll(disk, world);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    /// Lets some calls fail with an exception, as a full or failing disk does, before or after their effect.
    private static final class FailingDisk extends ForwardingDisk {
        private final Random random;
        private boolean failing = true;

        FailingDisk(Disk disk, Random random) {
            super(disk);
            this.random = random;
        }

        @Override
        protected void around(Step step) throws IOException {
            boolean fails = failing && random.nextInt(6) == 0;
            if (fails && random.nextBoolean()) {
                throw new IOException("No space left on device");
            }
            step.run();
            if (fails) {
                throw new IOException("Input/output error");
            }
        }
    }

    @Test
    void showsEachMessageOnceWhenTheDiskFailsAndThenCrashes() {
        Seeds.forAll(300, random -> {
            try {
                SimulatedDisk disk = new SimulatedDisk(random.nextLong());
                World world = new World();
                disk.crashAt(10 + random.nextInt(250));
                try {
                    faulty(disk, world, random);
                } catch (SimulatedDisk.Crash _) {
                    disk = disk.restart();
                }
                checkAll(disk, world);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private static void faulty(SimulatedDisk disk, World world, Random random) throws IOException {
        FailingDisk failing = new FailingDisk(disk, random);
        failing.failing = false;
        Notes notes = Notes.open(failing, world.clock, Log.silent());
        MaildirDelivery deliveries = new MaildirDelivery(failing, notes, "h");
        failing.failing = true;
        for (int round = 0; round < 6; round++) {
            if (random.nextInt(3) == 0) {
                together(deliveries, world);
            }
            for (int id = 1; id <= MESSAGES; id++) {
                Notes.Key key = key(id);
                if (world.settled.contains(key)) {
                    continue;
                }
                try {
                    deliveries.deliver(
                            new Maildirs.Posting(key, BOXES.get(id % 2), true, body(id), world.clock.millis()));
                    world.settled.add(key);
                    deliveries.settled(key.id(), List.of(key.number()));
                    deliveries.settle(Log.silent());
                } catch (IOException e) {
                    assertFalse(e.getMessage().isEmpty());
                }
                if (random.nextInt(3) == 0) {
                    read(disk, world);
                }
            }
        }
    }

    /// Refuses to sync `new` once.
    private static final class NewNotSynced extends ForwardingDisk {
        private boolean refused;

        NewNotSynced(Disk disk) {
            super(disk);
        }

        @Override
        public void syncFolder(String folder) throws IOException {
            if (folder.endsWith("/new") && !refused) {
                refused = true;
                throw new IOException("Input/output error");
            }
            super.syncFolder(folder);
        }
    }

    @Test
    void keepsANoteUntilItsRenameIsDurable() {
        Seeds.forAll(50, random -> {
            try {
                SimulatedDisk disk = new SimulatedDisk(random.nextLong());
                NewNotSynced failing = new NewNotSynced(disk);
                Maildir.make(disk, BOXES.getFirst());
                Notes notes = Notes.open(failing, InstantSource.fixed(BIRTH), Log.silent());
                MaildirDelivery deliveries = new MaildirDelivery(failing, notes, "h");
                assertTrue(deliveries.deliver(
                        new Maildirs.Posting(key(1), BOXES.getFirst(), false, body(1), BIRTH.toEpochMilli())));
                deliveries.settled(1, List.of(1));
                deliveries.settle(Log.silent());
                assertTrue(deliveries.noted(key(1), BOXES.getFirst()), "its folder was not synced");
                if (random.nextBoolean()) {
                    deliveries.settle(Log.silent());
                    assertFalse(deliveries.noted(key(1), BOXES.getFirst()));
                    notes.write(List.of(new Notes.Note(key(2), BIRTH.toEpochMilli(), "box", "name")));
                }
                disk.crash();
                SimulatedDisk after = disk.restart();
                Notes left = Notes.open(after, InstantSource.fixed(BIRTH), Log.silent());
                new MaildirDelivery(after, left, "h").recover(Log.silent());
                assertEquals(1, after.list(BOXES.getFirst() + "/new").size());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void forgetsNotesOfAMonthAgoAndKeepsYoungerOnes() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Maildir.make(disk, BOXES.getFirst());
        Notes notes = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
        notes.write(List.of(new Notes.Note(key(1), BIRTH.toEpochMilli(), BOXES.getFirst(), "old")));
        Instant later = BIRTH.plus(Duration.ofDays(20));
        notes.write(List.of(new Notes.Note(key(2), later.toEpochMilli(), BOXES.getFirst(), "young")));
        Notes month = Notes.open(disk, InstantSource.fixed(BIRTH.plus(Duration.ofDays(31))), Log.silent());
        assertTrue(month.find(key(1), BOXES.getFirst()).isEmpty());
        assertEquals("young", month.find(key(2), BOXES.getFirst()).orElseThrow().name());
    }

    @Test
    void takesAnotherMessageWithTheSameIdForAnotherMessage() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Notes notes = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
        MaildirDelivery deliveries = new MaildirDelivery(disk, notes, "h");
        assertTrue(deliveries.deliver(new Maildirs.Posting(key(1), BOXES.getFirst(), true, body(1), 0)));
        Notes.Key other = new Notes.Key(1, 1, BIRTH.toEpochMilli() + 5000);
        assertTrue(deliveries.deliver(new Maildirs.Posting(other, BOXES.getFirst(), true, body(1), 0)));
        assertEquals(2, disk.list(BOXES.getFirst() + "/new").size());
    }

    @Test
    void readsPastADamagedNote() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Notes notes = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
        for (int id = 1; id <= 3; id++) {
            notes.write(List.of(new Notes.Note(key(id), BIRTH.toEpochMilli(), "box", "name")));
        }
        String file = Notes.FOLDER + "/" + disk.list(Notes.FOLDER).getFirst();
        disk.corrupt(file, (int) disk.size(file) / 2);
        Notes again = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
        assertEquals(2, again.all().size());
        assertTrue(again.find(key(3), "box").isPresent());
    }

    @Test
    void writesTheLogAnewBeforeItGrowsForEver() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Notes notes = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
        String name = "n".repeat(100_000);
        for (int id = 1; id <= 100; id++) {
            notes.write(List.of(new Notes.Note(key(id), BIRTH.toEpochMilli(), "box", name)));
            notes.forget(id - 1, List.of((id - 1) % 3));
        }
        List<String> files = disk.list(Notes.FOLDER);
        assertEquals(1, files.size());
        assertTrue(disk.size(Notes.FOLDER + "/" + files.getFirst()) < Notes.COMPACT_BYTES + 1_000_000);
        Notes again = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
        assertEquals(
                List.of("box"),
                new ArrayList<>(
                        again.all().stream().map(Notes.Note::maildir).distinct().toList()));
        assertTrue(again.find(key(100), "box").isPresent());
        assertTrue(again.find(key(50), "box").isEmpty());
    }

    @Test
    void refusesToStartWhereNotesCannotBeWritten() {
        SimulatedDisk disk = new SimulatedDisk(1);
        disk.fault(new IOException("Read-only file system"));
        assertThrows(IOException.class, () -> Notes.open(disk, InstantSource.system(), Log.silent()));
    }

    @Test
    void aNoteLogWithZerosBehindItsEndIsWhole() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        Notes notes = Notes.open(disk, () -> BIRTH, Log.silent());
        Notes.Note note = new Notes.Note(key(1), BIRTH.toEpochMilli(), BOXES.getFirst(), "name");
        notes.write(List.of(note));
        String file = Notes.FOLDER + "/" + disk.list(Notes.FOLDER).getLast();
        try (Disk.Appender behind = disk.append(file, disk.size(file))) {
            behind.write(new byte[10_000]);
            behind.sync();
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Log log = new Log(new PrintStream(said, true, StandardCharsets.UTF_8), Log.Stamp.NONE, () -> BIRTH);
        assertEquals(List.of(note), Notes.open(disk, () -> BIRTH, log).all());
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }
}
