package qrate.local.deliver;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import qrate.core.Body;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.maildir.Maildir;
import qrate.testkit.ForwardingDisk;
import qrate.testkit.SimulatedDisk;

/// Deliveries that wait for one sync together, and crashes at each step of theirs.
@Timeout(60)
class GroupCommitTest {
    private static final Instant BIRTH = Instant.parse("2026-06-01T12:00:00Z");
    private static final String BOX = "domains/d/a/Maildir";
    private static final int COMPANY = 5;

    /// Holds the first sync of a file until it is let go, and counts; can refuse what follows.
    private static final class Gate extends ForwardingDisk {
        final CountDownLatch open = new CountDownLatch(1);
        final AtomicInteger files = new AtomicInteger();
        final AtomicInteger together = new AtomicInteger();
        volatile boolean refusesAll;
        volatile boolean refusesNotes;
        volatile boolean alone;
        volatile boolean watched;
        private final Disk disk;

        Gate(Disk disk) {
            super(disk);
            this.disk = disk;
        }

        @Override
        protected void aroundSync(Step sync) throws IOException {
            int before = watched ? files.getAndIncrement() : -1;
            if (before == 0) {
                awaitQuietly(open);
            } else if (before > 0 && refusesNotes) {
                throw new IOException("Input/output error");
            }
            sync.run();
        }

        @Override
        public boolean canSyncAll() {
            return !alone;
        }

        @Override
        public void syncAll() throws IOException {
            together.incrementAndGet();
            if (refusesAll) {
                throw new IOException("Input/output error");
            }
            disk.syncAll();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// One delivery, and then some that come while it syncs.
    private static final class Party {
        final SimulatedDisk disk;
        final Gate gate;
        final Notes notes;
        final Set<Integer> delivered = ConcurrentHashMap.newKeySet();
        final List<Thread> threads = new ArrayList<>();

        Party(SimulatedDisk disk) throws IOException {
            this.disk = disk;
            Maildir.make(disk, BOX);
            this.notes = Notes.open(disk, InstantSource.fixed(BIRTH), Log.silent());
            this.gate = new Gate(disk);
        }

        void meet(Notes behind) {
            gate.watched = true;
            MaildirDelivery deliveries = new MaildirDelivery(gate, behind, "h");
            start(deliveries, 0);
            await().pollInterval(Duration.ofMillis(1)).until(() -> gate.files.get() == 1 || ended(0));
            for (int id = 1; id <= COMPANY; id++) {
                start(deliveries, id);
                int last = id;
                await().pollInterval(Duration.ofMillis(1))
                        .until(() -> ended(last) || threads.get(last).getState() == Thread.State.WAITING);
            }
            gate.open.countDown();
            threads.forEach(Party::join);
        }

        private boolean ended(int thread) {
            return !threads.get(thread).isAlive();
        }

        private void start(MaildirDelivery deliveries, int id) {
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    deliveries.deliver(new Maildirs.Posting(key(id), BOX, false, body(id), BIRTH.toEpochMilli()));
                    delivered.add(id);
                } catch (IOException | SimulatedDisk.Crash _) {
                    // whoever asked is told that it may not be there
                }
            }));
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Notes.Key key(int id) {
        return new Notes.Key(id + 1, 0, BIRTH.toEpochMilli());
    }

    private static Body body(int id) {
        return Body.of(Setting.utf8("message " + id + "\n" + "x".repeat(900)));
    }

    @Test
    void oneSyncServesAllThatCameMeanwhile() throws IOException {
        Party party = new Party(new SimulatedDisk(1));
        party.meet(party.notes);
        assertEquals(1 + COMPANY, party.disk.list(BOX + "/new").size());
        assertEquals(1, party.gate.together.get());
        assertEquals(1, party.gate.files.get(), "only the first synced a file of its own");
        assertEquals(1 + COMPANY, party.notes.all().size());
    }

    @Test
    void eachSyncsItsOwnFileWhereTheDiskCannotSyncAll() throws IOException {
        Party party = new Party(new SimulatedDisk(1));
        party.gate.alone = true;
        party.meet(party.notes);
        assertEquals(1 + COMPANY, party.disk.list(BOX + "/new").size());
        assertEquals(0, party.gate.together.get());
        assertEquals(1 + COMPANY, party.gate.files.get());
    }

    @Test
    void aSyncOfAllThatFailsFailsEachOfThemAndLeavesNothing() throws IOException {
        Party party = new Party(new SimulatedDisk(1));
        party.gate.refusesAll = true;
        party.meet(party.notes);
        assertEquals(Set.of(0), party.delivered);
        assertEquals(1, party.disk.list(BOX + "/new").size());
        assertEquals(List.of(), party.disk.list(BOX + "/tmp"));
        assertEquals(1, party.notes.all().size());
    }

    @Test
    void aNoteThatFailsLeavesTheFileThatItMaySpeakOf() throws IOException {
        Party party = new Party(new SimulatedDisk(1));
        Notes behind = Notes.open(party.gate, InstantSource.fixed(BIRTH), Log.silent());
        party.gate.refusesNotes = true;
        party.meet(behind);
        assertEquals(Set.of(), party.delivered);
        assertEquals(List.of(), party.disk.list(BOX + "/new"));
        assertEquals(1 + COMPANY, party.disk.list(BOX + "/tmp").size());
    }

    @Test
    void showsEachMessageOnceWhereverAGroupCrashes() throws IOException {
        boolean crashed = true;
        for (long step = 0; crashed; step++) {
            SimulatedDisk disk = new SimulatedDisk(step);
            Party party = new Party(disk);
            disk.crashAt(disk.steps() + step);
            party.meet(party.notes);
            crashed = disk.down();
            disk.crashAt(Long.MAX_VALUE);
            SimulatedDisk after = crashed ? disk.restart() : disk;
            Notes notes = Notes.open(after, InstantSource.fixed(BIRTH), Log.silent());
            MaildirDelivery deliveries = new MaildirDelivery(after, notes, "h");
            deliveries.recover(Log.silent());
            List<String> seen = after.list(BOX + "/new");
            for (int id = 0; id <= COMPANY; id++) {
                String mine = ".Q" + (id + 1) + "R0.";
                if (party.delivered.contains(id)) {
                    assertTrue(seen.stream().anyMatch(name -> name.contains(mine)), "lost at step " + step);
                }
                deliveries.deliver(new Maildirs.Posting(key(id), BOX, false, body(id), BIRTH.toEpochMilli()));
            }
            seen = after.list(BOX + "/new");
            assertEquals(1 + COMPANY, seen.size(), "at step " + step);
            for (String name : seen) {
                assertEquals(910, after.size(BOX + "/new/" + name), "torn at step " + step);
            }
        }
    }
}
