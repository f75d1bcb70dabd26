package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.qcontrol.QueueControl.Item;
import qrate.sendlimits.SendLimits;
import qrate.wordings.Wordings;

/// What send has to do with the limits of users: it says what failed, and shows why something is held.
class LimitedSendersTest {
    private static final Client ANN =
            new Client("192.0.2.7", "", "pc", "ESMTPSA", "ann@here.example", "", "submission").firstHand();

    @TempDir
    Path folder;

    private Bench bench;
    private MemoryQueue queue;
    private SendLimits limits;

    @BeforeEach
    void boot() {
        bench = new Bench(
                folder, Map.of("me", "here.example", "locals", "here.example", "sendlimits", "* messages 2 bounces 3"));
        queue = new MemoryQueue(bench.clock);
        limits = SendLimits.open(queue, new SendLimits.Parts(bench.control, bench.clock, Log.silent()), folder);
        bench.boot(new Send.Hops(queue, bench.local, bench.remote, limits, Wordings.builtIn()));
    }

    private void send(Client client, int recipients) {
        List<Recipient> to = IntStream.range(0, recipients)
                .mapToObj(i -> Recipient.of("r" + i + "@far.example"))
                .toList();
        limits.accept(new Envelope("ann@here.example", "", client, to), Bench.body("Subject: x\n\nhello\n"));
        bench.run();
    }

    private Item item(long id) throws IOException {
        return new Desk(queue, new Ways(bench.control, bench.trace, bench.clock), new LastReasons())
                .list(List.of(new Desk.Waiting(id, 0, true)))
                .getFirst();
    }

    @Test
    void countsRecipientsThatFailedForGoodWhenThatIsDurableAndNoOthers() {
        send(ANN, 3);
        bench.remote.answerAll(new Verdict.Never("5.1.1 nobody"));
        bench.run();
        assertEquals(0, limits.stopped());
        send(ANN, 2);
        bench.remote.open.removeFirst().answer(new Verdict.Later("4.2.1 busy"));
        bench.remote.open.removeFirst().answer(new Verdict.Never("5.1.1 nobody"));
        queue.full(true);
        bench.run();
        assertEquals(0, limits.stopped(), "not written down yet");
        queue.full(false);
        bench.pass(java.time.Duration.ofMinutes(1));
        assertEquals(1, limits.stopped());
    }

    @Test
    void doesNotCountFailuresOfWhatIsSentOn() {
        send(ANN.sentOn(), 9);
        bench.remote.answerAll(new Verdict.Never("5.1.1 nobody"));
        bench.run();
        assertEquals(0, limits.stopped());
    }

    @Test
    void startsNothingOfWhatIsBeyondAndShowsWhy() throws IOException {
        send(ANN, 1);
        send(ANN, 1);
        send(ANN, 1);
        assertEquals(2, bench.remote.jobs.size());
        Item held = item(3);
        assertEquals("ann@here.example", held.login());
        assertEquals("more than 2 messages in an hour", held.why());
        assertTrue(queue.hold(3, false));
        bench.scheduler.byHand().release(3);
        bench.run();
        assertEquals(3, bench.remote.jobs.size());
    }

    @Test
    void saysToWhoeverDeliversThatWhatIsSentOnIsNotTheUsersOwn() {
        send(ANN, 1);
        assertEquals("ann@here.example", bench.remote.jobs.getFirst().client().login());
        assertFalse(bench.remote.jobs.getFirst().client().first());
        assertEquals("", bench.remote.jobs.getFirst().parameters());
    }
}
