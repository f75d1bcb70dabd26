package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
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
import qrate.sendlimits.SendLimits;
import qrate.wordings.Wordings;

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
        start();
    }

    /// As after a crash: nobody had time to write anything.
    private void start() {
        bench.boot(new Send.Hops(
                queue, bench.local, bench.remote, SendLimits.off(queue), Wordings.builtIn(), Optional.of(folder)));
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
    void knowsRefusedDomainsAfterACrashToo() throws Exception {
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        Optional<String> said = refused();
        List<QueueControl.RefusedDomain> all = bench.scheduler.heard().refused().all();
        bench.pass(Duration.ofMinutes(5));
        start();
        assertEquals(said, refused());
        assertEquals(all, bench.scheduler.heard().refused().all());
        send(TAKEN, "ann@here.example", "eve@gmail.com");
        start();
        assertEquals(Optional.empty(), refused());
        assertEquals("", Files.readString(file()));
    }

    @Test
    void writesRefusedDomainsRarelyAndAtTheEnd() throws Exception {
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        String first = Files.readString(file());
        send(UNSIGNED, "ann@also.example", "eve@gmail.com");
        assertEquals(first, Files.readString(file()), "within the minute");
        bench.pass(RefusedDomains.WRITE_EVERY);
        assertEquals(2, Files.readString(file()).lines().count());
        bench.pass(Duration.ofMinutes(2));
        String second = Files.readString(file());
        send(UNSIGNED, "ann@also.example", "eve@gmail.com");
        bench.pass(Duration.ofMinutes(2));
        assertEquals(second, Files.readString(file()), "within the hour");
        bench.pass(Duration.ofHours(1));
        send(UNSIGNED, "ann@also.example", "eve@gmail.com");
        assertNotEquals(second, Files.readString(file()));
        send(TAKEN, "ann@also.example", "eve@gmail.com");
        bench.scheduler.stop();
        bench.scheduler.settled();
        assertEquals(1, Files.readString(file()).lines().count());
    }

    /// A file that somebody else wrote or a disk tore takes nothing down, and brings nobody onto the overview who could
    /// not come there otherwise.
    @Test
    void passesOverWhatMakesNoSenseInTheFileOfRefusedDomains() throws Exception {
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        String line = Files.readString(file());
        Files.writeString(
                file(),
                "\n\t\t\t\nx\ty\t1\t2\nx\ty\t1\tz\t\n" + line.replace("gmail.com", "stranger.example")
                        + line.replaceAll("550.*", "%") + line + line.substring(0, 20));
        start();
        assertEquals(1, bench.scheduler.heard().refused().all().size());
        Files.delete(file());
        Files.createDirectory(file());
        start();
        assertEquals(Optional.empty(), refused());
        assertTrue(bench.log().contains("warning: unable to read which domains are refused"), bench.log());
        send(UNSIGNED, "ann@here.example", "eve@gmail.com");
        assertTrue(refused().isPresent());
        assertTrue(bench.log().contains("warning: unable to write which domains are refused"), bench.log());
    }

    private Path file() {
        return folder.resolve("refused");
    }

    @Test
    void remembersABoundedNumberOfRefusedDomains() {
        RefusedDomains refused = new RefusedDomains(
                () -> new Routing("", Set.of(), Set.of(), Map.of("", "all")),
                bench.clock,
                new RefusedFile(Optional.empty()),
                line -> {});
        for (int i = 0; i < 2 * RefusedDomains.PAIRS_MAX; i++) {
            refused.note("ann@d" + i + ".example", "gmail.com", UNSIGNED);
        }
        assertTrue(refused.problem().orElseThrow().endsWith("; and " + (RefusedDomains.PAIRS_MAX - 6) + " more"));
    }
}
