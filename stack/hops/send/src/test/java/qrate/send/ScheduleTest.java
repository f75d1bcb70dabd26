package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.qcontrol.Channel;
import qrate.testkit.Seeds;

/// qmail-send's schedule: birth + (sqrt(age) + 10 or 20)².
class ScheduleTest {
    /// The well-known tables: attempts that follow each other at once.
    @ParameterizedTest
    @CsvSource({
        "LOCAL, 0, 100",
        "LOCAL, 100, 400",
        "LOCAL, 400, 900",
        "LOCAL, 900, 1600",
        "REMOTE, 0, 400",
        "REMOTE, 400, 1600",
        "REMOTE, 1600, 3600",
        "REMOTE, 3600, 6400",
        "REMOTE, 6400, 10000"
    })
    void triesAgainByTheTable(Channel channel, long age, long next) {
        long birth = 1_700_000_000_000L;
        assertEquals(birth + next * 1000, Schedule.next(birth, birth + age * 1000, channel));
    }

    @Test
    void isDueAtOnceWhenNeverTried() {
        assertEquals(0, Schedule.next(1_700_000_000_000L, 0, Channel.LOCAL));
    }

    @Test
    void survivesAClockThatWentBack() {
        assertEquals(5_000_000 + 100_000, Schedule.next(5_000_000, 1000, Channel.LOCAL));
    }

    @Test
    void givesUpAfterTheLifetime() {
        Duration week = Duration.ofDays(7);
        assertFalse(Schedule.dying(0, week.toMillis(), week));
        assertTrue(Schedule.dying(0, week.toMillis() + 1, week));
    }

    @Test
    void backlogGivesTheEarliestFirstWhateverIsAddedAndRemoved() {
        Seeds.forAll(200, random -> {
            Backlog backlog = new Backlog();
            PriorityQueue<Backlog.Entry> model = new PriorityQueue<>(
                    (a, b) -> a.due() != b.due() ? Long.compare(a.due(), b.due()) : Long.compare(a.id(), b.id()));
            for (int i = 0; i < 300; i++) {
                if (random.nextInt(3) > 0) {
                    Backlog.Entry entry =
                            new Backlog.Entry(i, 5, random.nextInt(50), random.nextBoolean() ? 3 : Backlog.NEVER);
                    backlog.add(entry);
                    model.add(entry);
                } else if (!model.isEmpty() && random.nextBoolean()) {
                    assertEquals(model.poll(), backlog.take());
                } else {
                    long id = random.nextInt(i + 1);
                    assertEquals(
                            model.removeIf(entry -> entry.id() == id),
                            backlog.remove(id).isPresent());
                }
                assertEquals(model.isEmpty() ? Backlog.NEVER : model.peek().due(), backlog.due());
                assertEquals(model.size(), backlog.size());
            }
        });
    }

    @Test
    void lineKeepsItsOrderWhileItGrowsAndTurns() {
        Fifo line = new Fifo();
        long in = 0;
        long out = 0;
        for (int i = 0; i < 1000; i++) {
            line.add(++in, i);
            line.add(++in, i);
            assertEquals(++out, line.take().id());
        }
        assertTrue(line.remove(in - 1).isPresent());
        assertFalse(line.remove(in - 1).isPresent());
        assertFalse(line.contains(in - 1));
        assertTrue(line.contains(in));
        assertEquals(in - out - 1, line.size());
        assertEquals(out + 1, line.take().id());
    }
}
