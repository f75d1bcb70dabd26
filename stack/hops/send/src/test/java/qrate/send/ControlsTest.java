package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Verdict;

/// Each control file of qmail-send(8) by what it changes, read from the file itself; `me` is mx.example.test.
class ControlsTest {
    private static final Verdict OK = new Verdict.Delivered("ok");
    private static final Verdict NEVER = new Verdict.Never("5.1.1 no such user");
    private static final Verdict LATER = new Verdict.Later("4.2.1 busy");

    @TempDir
    Path folder;

    private int benches;
    private MemoryQueue queue;

    /// A scheduler that reads these control files, pairs of name and content.
    private Bench bench(String... controls) {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < controls.length; i += 2) {
            files.put(controls[i], controls[i + 1]);
        }
        Bench bench = new Bench(folder.resolve("bench" + benches++), files);
        queue = new MemoryQueue(bench.clock);
        return bench.boot(queue);
    }

    private Bench sent(Bench bench, String sender, String... recipients) {
        Bench.send(queue, sender, recipients);
        bench.run();
        return bench;
    }

    /// What bench sends back when a recipient is refused.
    ///
    /// @param sender empty for a double bounce
    private String bounced(Bench bench, String sender) {
        bench.local.rule =
                delivery -> delivery.recipient().address().startsWith("bob") ? Optional.of(NEVER) : Optional.empty();
        sent(bench, sender, "bob@mx.example.test");
        return Bench.text(queue, 2);
    }

    @Test
    void meAloneIsEnoughForEveryName() throws IOException {
        Bench bench = bench();
        assertTrue(bounced(bench, "ann@far.example").contains("From: MAILER-DAEMON@mx.example.test\n"));
        assertTrue(bench.log().contains("to local bob@mx.example.test"), "locals");
        bench = bench();
        bounced(bench, "");
        assertEquals(List.of("postmaster@mx.example.test"), Bench.recipients(queue, 2));
        bench = sent(bench(), "ann@far.example", "bob");
        assertEquals(List.of("bob@mx.example.test"), bench.local.recipients(), "envnoathost");
    }

    @Test
    void localsTakesThePlaceOfMe() {
        Bench bench = sent(
                bench("locals", "a.example\nB.example"),
                "x@far.example",
                "u@a.example",
                "u@b.EXAMPLE",
                "u@mx.example.test");
        assertEquals(List.of("u@a.example", "u@b.EXAMPLE"), bench.local.recipients());
        assertEquals(List.of("u@mx.example.test"), bench.remote.recipients());
        bench = sent(bench("locals", ""), "x@far.example", "u@mx.example.test");
        assertEquals(List.of(), bench.local.recipients(), "an empty file: nothing is local");
    }

    @Test
    void virtualdomainsPutsItsPrefixInFront() {
        Bench bench = sent(
                bench("virtualdomains", "v.example:joe\nann@far.example:ann\n.sub.example:all\nnot.sub.example:"),
                "x@far.example",
                "u@v.example",
                "ann@far.example",
                "u@a.sub.example",
                "u@not.sub.example");
        assertEquals(
                List.of("joe-u@v.example", "ann-ann@far.example", "all-u@a.sub.example"), bench.local.recipients());
        assertEquals(List.of("u@not.sub.example"), bench.remote.recipients());
    }

    @Test
    void envnoathostIsAppendedToABareName() {
        Bench bench = sent(bench("envnoathost", "names.example"), "x@far.example", "bob");
        assertEquals(List.of("bob@names.example"), bench.remote.recipients());
    }

    @Test
    void percenthackTurnsPercentIntoAt() {
        Bench bench = sent(bench("percenthack", "mx.example.test"), "x@far.example", "a%far.example@mx.example.test");
        assertEquals(List.of("a@far.example"), bench.remote.recipients());
        bench = sent(bench(), "x@far.example", "a%far.example@mx.example.test");
        assertEquals(List.of("a%far.example@mx.example.test"), bench.local.recipients(), "without it, a name");
    }

    @Test
    void concurrencylocalIsTheMostAtOnceAndZeroHolds() {
        String[] many = {"a@mx.example.test", "b@mx.example.test", "c@mx.example.test"};
        Bench bench = sent(bench("concurrencylocal", "2"), "x@far.example", many);
        assertEquals(2, bench.local.open.size());
        bench.local.answerAll(OK);
        bench.run();
        assertEquals(1, bench.local.open.size());
        bench = sent(bench("concurrencylocal", "0"), "x@far.example", "a@mx.example.test", "a@far.example");
        assertEquals(List.of(), bench.local.recipients());
        assertEquals(List.of("a@far.example"), bench.remote.recipients(), "the other way goes on");
    }

    @Test
    void concurrencyremoteIsTheMostAtOnceAndZeroHolds() {
        String[] many = {"a@a.example", "b@b.example", "c@c.example"};
        Bench bench = sent(bench("concurrencyremote", "2"), "x@far.example", many);
        assertEquals(2, bench.remote.open.size());
        bench = sent(bench("concurrencyremote", "0"), "x@far.example", "a@mx.example.test", "a@far.example");
        assertEquals(List.of(), bench.remote.recipients());
        assertEquals(List.of("a@mx.example.test"), bench.local.recipients());
    }

    @Test
    void queuelifetimeEndsInABounceAfterOneMoreAttempt() {
        Bench bench = bench("queuelifetime", "1000");
        bench.remote.always(LATER);
        sent(bench, "ann@mx.example.test", "bob@far.example");
        bench.pass(Duration.ofSeconds(999));
        assertEquals(0, queue.bounces(1));
        bench.pass(Duration.ofDays(1));
        assertEquals(1, queue.bounces(1));
        bench = bench();
        bench.remote.always(LATER);
        sent(bench, "ann@mx.example.test", "bob@far.example");
        bench.pass(Duration.ofDays(6));
        assertEquals(0, queue.bounces(1), "a week without the file");
        bench.pass(Duration.ofDays(4));
        assertEquals(1, queue.bounces(1));
    }

    @Test
    void bouncefromIsTheUserOfABounce() {
        assertTrue(
                bounced(bench("bouncefrom", "DOORMAN"), "ann@far.example").contains("From: DOORMAN@mx.example.test\n"));
    }

    @Test
    void aBouncefromThatNeedsQuotesGetsThem() {
        String bounce = bounced(bench("bouncefrom", "Mail Daemon"), "ann@far.example");
        assertTrue(bounce.contains("From: \"Mail Daemon\"@mx.example.test\n"), bounce);
    }

    @Test
    void bouncehostIsItsHostAndTheNameItGoesBy() {
        String bounce = bounced(bench("bouncehost", "bounces.example"), "ann@far.example");
        assertTrue(bounce.contains("From: MAILER-DAEMON@bounces.example\n"), bounce);
        assertTrue(bounce.contains("This is the qmail-send program at bounces.example.\n"), bounce);
    }

    @Test
    void doublebouncetoIsTheUserOfADoubleBounce() {
        bounced(bench("doublebounceto", "admin"), "");
        assertEquals(List.of("admin@mx.example.test"), Bench.recipients(queue, 2));
    }

    @Test
    void doublebouncehostIsItsHost() {
        bounced(bench("doublebouncehost", "watch.example", "doublebounceto", "admin"), "");
        assertEquals(List.of("admin@watch.example"), Bench.recipients(queue, 2));
    }
}
