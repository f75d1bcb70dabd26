package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Verdict;

/// The room for what filters put aside, before a queue that only counts.
class ShelfTest {
    private static final Body BODY = Bench.body("Subject: x\n\nx\n");

    /// A queue and what it holds.
    private static final class Held implements Intake, Shelf.Contents {
        final TreeMap<Long, Envelope> all = new TreeMap<>();
        boolean full;
        private long last;

        @Override
        public synchronized Verdict accept(Envelope envelope, Body body) {
            if (full) {
                return new Verdict.Later("qq write error or disk full (#4.3.1)");
            }
            all.put(++last, envelope);
            return new Verdict.Delivered("ok 1764000000 qp " + last);
        }

        @Override
        public synchronized void each(BiConsumer<Long, Envelope> visitor) {
            all.forEach(visitor);
        }

        @Override
        public synchronized Set<Long> gone(Set<Long> ids) {
            Set<Long> gone = new HashSet<>(ids);
            gone.removeAll(all.keySet());
            return gone;
        }
    }

    private final Held queue = new Held();
    private Instant now = Bench.START;
    private final Shelf shelf = new Shelf(queue, () -> now);

    private static Envelope aside(String... recipients) {
        return Envelope.of("x@bank.example", recipients).toQuarantine("a filter");
    }

    private Verdict accept(String... recipients) {
        return shelf.accept(aside(recipients), BODY);
    }

    private void fill(int messages, String... recipients) {
        for (int i = 0; i < messages; i++) {
            assertInstanceOf(Verdict.Delivered.class, accept(recipients));
        }
    }

    @Test
    void putsOffWhatIsBeyondADomainsShareAndNothingElse() {
        fill(Shelf.DOMAIN_MESSAGES_MAX, "ann@here.example", "bob@HERE.example");
        assertEquals(
                new Verdict.Later("too much mail of this kind waits here, try again later (#4.3.1)"),
                accept("eve@Here.example"));
        assertInstanceOf(Verdict.Later.class, accept("eve@there.example", "ann@here.example"));
        assertInstanceOf(Verdict.Delivered.class, accept("eve@there.example"));
        Envelope plain = Envelope.of("x@bank.example", "ann@here.example");
        assertInstanceOf(Verdict.Delivered.class, shelf.accept(plain, BODY));
        assertInstanceOf(Verdict.Delivered.class, shelf.accept(plain.toHold("a limit"), BODY));
    }

    @Test
    void putsOffWhatIsBeyondAll() {
        for (int i = 0; i < Shelf.MESSAGES_MAX / Shelf.DOMAIN_MESSAGES_MAX; i++) {
            fill(Shelf.DOMAIN_MESSAGES_MAX, "ann@d" + i + ".example");
        }
        assertInstanceOf(Verdict.Later.class, accept("ann@other.example"));
        assertEquals(Shelf.MESSAGES_MAX, queue.all.size());
        assertTrue(shelf.problem().orElseThrow().startsWith("nine tenths of 10000 messages are there: "));
    }

    @Test
    void givesRoomBackOnceMessagesHaveLeft() {
        shelf.fill(queue);
        fill(Shelf.DOMAIN_MESSAGES_MAX, "ann@here.example");
        assertInstanceOf(Verdict.Later.class, accept("ann@here.example"));
        queue.all.pollFirstEntry();
        assertInstanceOf(Verdict.Later.class, accept("ann@here.example"), "it has looked in this second");
        now = now.plusSeconds(1);
        fill(1, "ann@here.example");
        assertInstanceOf(Verdict.Later.class, accept("ann@here.example"));
        now = now.minusSeconds(3600);
        queue.all.pollFirstEntry();
        fill(1, "ann@here.example");
    }

    @Test
    void whatTheQueueDoesNotTakeTakesNoRoom() {
        queue.full = true;
        for (int i = 0; i < Shelf.DOMAIN_MESSAGES_MAX + 1; i++) {
            assertEquals(new Verdict.Later("qq write error or disk full (#4.3.1)"), accept("ann@here.example"));
        }
        queue.full = false;
        fill(Shelf.DOMAIN_MESSAGES_MAX, "ann@here.example");
    }

    @Test
    void countsWhatWasThereBeforeOnce() {
        for (int i = 0; i < Shelf.DOMAIN_MESSAGES_MAX - 2; i++) {
            queue.accept(aside("ann@here.example"), BODY);
        }
        fill(1, "ann@here.example");
        shelf.fill(queue);
        fill(1, "ann@here.example");
        assertInstanceOf(Verdict.Later.class, accept("ann@here.example"));
    }

    @Test
    void saysSoWhenNineTenthsAreFull() {
        shelf.fill(queue);
        fill(Shelf.DOMAIN_MESSAGES_MAX / 10 * 9 - 1, "ann@here.example");
        assertEquals(Optional.empty(), shelf.problem());
        fill(1, "ann@here.example");
        assertTrue(shelf.problem().orElseThrow().startsWith("nine tenths of 2000 messages are there for here.example"));
        queue.all.pollFirstEntry();
        now = now.plusSeconds(1);
        assertEquals(Optional.empty(), shelf.problem());
    }

    @Test
    void neverTakesTooManyHoweverManyComeAtOnce() throws Exception {
        shelf.fill(queue);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> all = new ArrayList<>();
            for (int i = 0; i < Shelf.DOMAIN_MESSAGES_MAX * 2; i++) {
                all.add(clients.submit(() -> accept("ann@here.example")));
            }
            for (Future<Verdict> one : all) {
                one.get();
            }
        }
        assertEquals(Shelf.DOMAIN_MESSAGES_MAX, queue.all.size());
    }
}
