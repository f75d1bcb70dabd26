package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.address.Routing;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.qcontrol.QueueControl;

class HeardTest {
    private static final Verdict BUSY =
            new Verdict.Later("192.0.2.1 failed.\nRemote host said: 452 4.2.2 over quota - gsmtp\n");
    private static final Verdict UNSIGNED = new Verdict.Never(
            "192.0.2.1 failed.\nRemote host said: 550 5.7.26 the sender is unauthenticated - gsmtp\n");
    private static final Verdict TAKEN = new Verdict.Delivered("ok\n");

    @TempDir
    Path folder;

    private Bench bench;
    private MemoryQueue queue;

    @BeforeEach
    void boot() {
        bench = new Bench(folder, Map.of("locals", "here.example\nalso.example"));
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
    }

    private void send(Verdict verdict, String from, String... to) {
        bench.remote.always(verdict);
        Bench.send(queue, from, to);
        bench.run();
    }

    private List<QueueControl.Line> listed() throws Exception {
        Desk desk = new Desk(
                queue,
                new Ways(bench.control, bench.trace, bench.clock),
                bench.scheduler.heard().reasons());
        return desk.list(bench.scheduler.waiting(10, 0)).getFirst().recipients();
    }

    private Optional<String> refused() {
        return bench.scheduler.heard().refused().problem();
    }

    @Test
    void showsInTheQueueWhatWasSaidLastAndWhatItMeans() throws Exception {
        bench.remote.rule = one -> Optional.of(one.recipient().address().startsWith("eve") ? BUSY : TAKEN);
        Bench.send(queue, "ann@here.example", "eve@far.example", "bob@far.example");
        bench.run();
        QueueControl.Line eve = listed().getFirst();
        assertEquals(QueueControl.Progress.PENDING, eve.progress());
        assertEquals(BUSY.text(), eve.why());
        assertEquals("The mailbox is full.", eve.advice("").orElseThrow().meaning());
        assertEquals("", listed().getLast().why());
    }

    @Test
    void keepsTheReasonWhileNobodyCanBeAsked() throws Exception {
        send(BUSY, "ann@here.example", "eve@far.example");
        bench.remote.always(new Verdict.Later(Spawner.NO_ANSWER + " spawn"));
        bench.pass(Duration.ofHours(1));
        assertEquals(BUSY.text(), listed().getFirst().why());
    }

    @Test
    void remembersABoundedNumberOfReasonsAndBoundedOnes() {
        LastReasons reasons = new LastReasons();
        for (int i = 0; i <= LastReasons.RECIPIENTS_MAX; i++) {
            reasons.note(1, i, new Verdict.Later("x".repeat(5_000)));
        }
        assertEquals("", reasons.of(1, 0));
        assertEquals(LastReasons.REASON_CHARS_MAX, reasons.of(1, 1).length());
        reasons.note(1, 1, TAKEN);
        assertEquals("", reasons.of(1, 1));
    }

    @Test
    void saysWhichDomainAProviderRefusesSinceWhenAndWhatToDo() {
        String since = bench.now.toString();
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        bench.pass(Duration.ofHours(1));
        send(UNSIGNED, "bob@here.example", "eve@gmail.com");
        assertEquals(
                Optional.of("gmail.com refuses mail from here.example since " + since
                        + ": Gmail takes no mail that passes neither SPF nor DKIM. What to do: compare SPF, DKIM and"
                        + " DMARC with what DNS has: `qrate dns here.example` prints the records and says which is"
                        + " missing"),
                refused());
        bench.pass(Duration.ofMinutes(1));
        send(UNSIGNED, "ann@also.example", "eve@googlemail.com");
        assertTrue(refused().orElseThrow().endsWith("; and googlemail.com that from also.example"));
        QueueControl.RefusedDomain first =
                bench.scheduler.heard().refused().all().getFirst();
        assertEquals("here.example gmail.com", first.domain() + " " + first.provider());
        assertTrue(first.reply().contains("550 5.7.26 the sender is unauthenticated"), first.reply());
        assertTrue(first.advice().orElseThrow().kind().isStanding());
    }

    @Test
    void forgetsItOnceAMessageIsTakenOrNoneWasRefusedForDays() {
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        send(TAKEN, "ann@also.example", "eve@gmail.com");
        assertTrue(refused().isPresent(), "another domain was taken");
        send(TAKEN, "ann@here.example", "eve@gmail.com");
        assertEquals(Optional.empty(), refused());
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        bench.pass(RefusedDomains.KEPT.plusSeconds(1));
        assertEquals(Optional.empty(), refused());
    }

    /// Any host can answer so; and what others sent on by us is refused for is not ours to mend.
    @Test
    void takesNoStrangersWordAndNobodyElsesMail() {
        send(UNSIGNED, "ann@here.example", "eve@far.example");
        send(UNSIGNED, "eve@far.example", "bob@gmail.com");
        send(UNSIGNED, "SRS0=abcd=AB=far.example=eve@here.example", "bob@gmail.com");
        send(UNSIGNED, "", "bob@gmail.com");
        send(BUSY, "ann@here.example", "bob@gmail.com");
        assertEquals(Optional.empty(), refused());
    }

    @Test
    void remembersABoundedNumberOfRefusedDomains() {
        RefusedDomains refused =
                new RefusedDomains(() -> new Routing("", Set.of(), Set.of(), Map.of("", "all")), bench.clock);
        for (int i = 0; i < 2 * RefusedDomains.PAIRS_MAX; i++) {
            refused.note("ann@d" + i + ".example", "gmail.com", UNSIGNED);
        }
        assertTrue(refused.problem().orElseThrow().endsWith("; and " + (RefusedDomains.PAIRS_MAX - 6) + " more"));
    }
}
