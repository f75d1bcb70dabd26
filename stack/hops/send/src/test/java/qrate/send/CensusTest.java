package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import qrate.core.Figure;
import qrate.core.Verdict;

class CensusTest extends SchedulerOnBench {
    private Map<String, Long> figures(Figure... wanted) {
        Map<String, Long> all = new TreeMap<>();
        for (Figure.Sample sample : bench.scheduler.places().samples(bench.clock.millis())) {
            if (Arrays.asList(wanted).contains(sample.figure()) && sample.value() != 0) {
                all.put(String.join(" ", sample.labels()), sample.value());
            }
        }
        return all;
    }

    @Test
    void whoWaitsIsCountedByWhatForAndSinceWhen() throws IOException {
        Bench.send(queue, "ann@far.example", "bob@here.example", "x@h.example");
        bench.scheduler.drain();
        assertEquals(Map.of("todo", 1L), figures(Figure.WAITING), "not tried yet");
        bench.run();
        assertEquals(Map.of("local", 1L, "remote", 1L), figures(Figure.WAITING), "on its way");
        bench.local.answerAll(OK);
        bench.remote.answerAll(new Verdict.Later("later\n"));
        bench.pass(Duration.ofSeconds(60));
        assertEquals(Map.of("remote", 1L), figures(Figure.WAITING), "one recipient is over");
        assertEquals(Map.of("remote", 60L), figures(Figure.OLDEST));
        Bench.send(queue, "ann@far.example", "eve@here.example");
        bench.scheduler.drain();
        queue.hold(2, true);
        bench.scheduler.byHand().hold(2);
        bench.pass(Duration.ofSeconds(5));
        assertEquals(Map.of("held", 1L, "remote", 1L), figures(Figure.WAITING));
        assertEquals(Map.of("held", 5L, "remote", 65L), figures(Figure.OLDEST));
    }

    @Test
    void whoStandsInLineForASlotIsCountedOnce() {
        for (int i = 0; i < 10; i++) {
            Bench.send(queue, "ann@far.example", "x@h" + i + ".example");
        }
        bench.run();
        assertEquals(2, figures(Figure.UNDER_WAY).get("remote"));
        Map<String, Long> waiting = figures(Figure.WAITING);
        assertEquals(10, waiting.getOrDefault("remote", 0L) + waiting.getOrDefault("todo", 0L), waiting::toString);
    }

    @Test
    void whatCameOfDeliveriesIsCounted() {
        for (String to : List.of("a@here.example", "b@here.example", "c@here.example")) {
            Bench.send(queue, "ann@far.example", to);
        }
        bench.run();
        bench.local.answerAll(OK);
        bench.run();
        Bench.send(queue, "ann@far.example", "d@here.example");
        bench.run();
        bench.local.answerAll(new Verdict.Never("no such mailbox\n"));
        bench.run();
        Bench.send(queue, "ann@far.example", "x@h.example");
        bench.run();
        bench.remote.answerAll(new Verdict.Later("later\n"));
        bench.run();
        Map<String, Long> ended = figures(Figure.DELIVERIES);
        assertEquals(3, ended.get("local success"));
        assertEquals(1, ended.get("local permanent"));
        assertEquals(2, ended.get("remote temporary"), "the message and the bounce");
        assertEquals(5 + 1, figures(Figure.ACCEPTED).get(""), "five, and the bounce of one");
        assertEquals(Map.of("local", 3L, "remote", 2L), figures(Figure.UNDER_WAY_LIMIT));
    }

    @Test
    void aMessageThatWaitedThroughARestartCountsForBothUntilItIsRead() {
        Bench.send(queue, "ann@far.example", "x@h.example");
        bench.run();
        bench.remote.answerAll(new Verdict.Later("later\n"));
        bench.run();
        bench.boot(queue);
        assertEquals(Map.of("local", 1L, "remote", 1L), figures(Figure.WAITING));
        Bench.send(queue, "ann@far.example", "y@h.example");
        bench.boot(queue);
        assertEquals(Map.of("local", 1L, "remote", 1L, "todo", 1L), figures(Figure.WAITING), "never tried");
    }
}
