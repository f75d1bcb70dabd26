package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import qrate.core.Figure;
import qrate.core.Verdict;

class WaitingHostsTest extends SchedulerOnBench {
    private Map<String, Long> figures(Figure figure) {
        return bench.scheduler.places().samples(bench.now.toEpochMilli()).stream()
                .filter(sample -> sample.figure() == figure)
                .collect(Collectors.toMap(sample -> sample.labels().getFirst(), sample -> sample.value()));
    }

    private void sendToFive() {
        for (int i = 0; i < 5; i++) {
            Bench.send(queue, "ann@far.example", "x@h" + i + ".example");
        }
        bench.run();
    }

    @Test
    void startsOthersInTheSlotsOfThoseWhoseHostsLetThemWait() {
        sendToFive();
        assertEquals(2, bench.remote.open.size());
        bench.remote.open.getFirst().answers().waits(true);
        bench.run();
        assertEquals(3, bench.remote.open.size());
        assertEquals(2L, figures(Figure.UNDER_WAY).get("remote"));
        assertEquals(1L, figures(Figure.UNANSWERED).get("remote"));
        assertEquals(3, bench.scheduler.flyingFar(), "an end waits for it as well");
    }

    @Test
    void startsNothingMoreWhileThoseWhoGoOnTakeTheSlots() {
        sendToFive();
        List<Spy.Started> first = List.copyOf(bench.remote.open);
        first.forEach(one -> one.answers().waits(true));
        bench.run();
        assertEquals(4, bench.remote.open.size());
        first.forEach(one -> one.answers().waits(false));
        bench.run();
        assertEquals(4L, figures(Figure.UNDER_WAY).get("remote"));
        for (Spy.Started one : first) {
            bench.remote.open.remove(one);
            one.answer(OK);
            bench.run();
            assertEquals(4, bench.remote.jobs.size());
        }
        bench.remote.open.removeFirst().answer(OK);
        bench.run();
        assertEquals(5, bench.remote.jobs.size());
    }

    @Test
    void countsEachWaitOnceWhateverIsSaidTwiceOrTooLate() {
        sendToFive();
        Spy.Started one = bench.remote.open.removeFirst();
        one.answers().waits(false);
        one.answers().waits(true);
        one.answers().waits(true);
        bench.run();
        assertEquals(1L, figures(Figure.UNANSWERED).get("remote"));
        one.answer(LATER);
        bench.run();
        one.answers().waits(true);
        one.answers().waits(false);
        bench.run();
        assertEquals(0L, figures(Figure.UNANSWERED).get("remote"));
        assertEquals(2L, figures(Figure.UNDER_WAY).get("remote"));
        bench.remote.always(OK);
        bench.remote.answerAll(OK);
        bench.run();
        assertEquals(0, bench.scheduler.flyingFar());
        assertEquals(1, queue.ids().size(), "the deferred one");
    }

    @Test
    void letsNoMoreWaitThanThereArePlaces() {
        for (int i = 0; i < Slots.WAITING_MAX + 10; i++) {
            Bench.send(queue, "ann@far.example", "x@h" + i + ".example");
        }
        bench.run();
        for (int i = 0; i < Slots.WAITING_MAX + 2; i++) {
            bench.remote.open.get(i).answers().waits(true);
            bench.run();
        }
        assertEquals((long) Slots.WAITING_MAX, figures(Figure.UNANSWERED).get("remote"));
        assertEquals(Slots.WAITING_MAX + 2, bench.remote.open.size());
        bench.remote.always(new Verdict.Delivered("ok"));
        bench.remote.answerAll(OK);
        bench.run();
        assertEquals(List.of(), queue.ids());
    }
}
