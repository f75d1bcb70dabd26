package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Envelope;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// Reports that are no bounces: late, relayed, delivered.
class DelayWarningTest {
    @TempDir
    Path folder;

    private Bench bench;
    private MemoryQueue queue;

    private void boot(Map<String, String> controls) {
        bench = new Bench(folder, controls);
        queue = new MemoryQueue(bench.clock);
        bench.boot(queue);
        bench.remote.rule = delivery -> Optional.of(
                delivery.recipient().address().startsWith("x")
                        ? new Verdict.Later("Connected but greylisted.\nRemote host said: 450 4.2.0 wait")
                        : new Verdict.Delivered("ok"));
    }

    private void send(String sender, Recipient... recipients) {
        queue.accept(new Envelope(sender, "ENVID=q1", List.of(recipients)), Bench.body("Subject: x\n\nhello\n"));
        bench.run();
    }

    private void hours(int hours) {
        for (int i = 0; i < hours * 4; i++) {
            bench.pass(Duration.ofMinutes(15));
        }
    }

    @Test
    void saysNothingUnlessAskedByTheControlFile() {
        boot(Map.of());
        send("ann@far.example", new Recipient("x@far.example", "NOTIFY=DELAY"));
        hours(12);
        assertEquals(List.of(1L), queue.ids());
    }

    @Test
    void warnsOnceAndOnlyOfWhoeverStillWaits() throws IOException {
        boot(Map.of("delaywarning", "14400", "queuelifetime", "86400"));
        send("ann@far.example", new Recipient("x1@far.example", ""), new Recipient("ok@far.example", ""));
        hours(3);
        assertEquals(List.of(1L), queue.ids());
        hours(8);
        bench.boot(queue);
        hours(3);
        assertEquals(
                1,
                bench.remote.recipients().stream()
                        .filter("ann@far.example"::equals)
                        .count());
        assertTrue(queue.read(1).warned());
    }

    @Test
    void tellsWhatIsLateWhyAndHowLongItIsTried() {
        boot(Map.of("delaywarning", "3600", "queuelifetime", "86400", "locals", "far.example"));
        send("ann@far.example", new Recipient("x1@other.example", "ORCPT=rfc822;x1@other.example"));
        hours(2);
        String warning = Bench.text(queue, 2);
        assertTrue(warning.contains("Subject: delay notice\n"));
        assertTrue(warning.contains("Action: delayed\nStatus: 4.2.0\n"), warning);
        assertTrue(warning.contains("Will-Retry-Until: 2 Jan 2026 00:00:00 -0000\n"));
        assertTrue(warning.contains("Original-Envelope-Id: q1\n"));
        assertTrue(warning.contains("Original-Recipient: rfc822; x1@other.example\n"));
        assertTrue(warning.contains("Diagnostic-Code: smtp; 450 4.2.0 wait\n"));
        assertFalse(warning.contains("\nhello\n"), "the header alone");
    }

    @Test
    void honoursNotifyAndNeverWarnsNobody() {
        for (String notify : List.of("NOTIFY=NEVER", "NOTIFY=FAILURE", "NOTIFY=SUCCESS,FAILURE")) {
            boot(Map.of("delaywarning", "3600"));
            send("ann@far.example", new Recipient("x@other.example", notify));
            hours(3);
            assertEquals(List.of(1L), queue.ids(), notify);
        }
        for (String sender : List.of("", "#@[]")) {
            boot(Map.of("delaywarning", "3600"));
            send(sender, new Recipient("x@other.example", ""));
            hours(3);
            assertEquals(List.of(1L), queue.ids(), "to <" + sender + ">");
        }
    }

    @Test
    void reportsARelayedMessageOnlyWhereTheNextHopDoesNotReportItself() {
        boot(Map.of("locals", "far.example"));
        bench.remote.always(new Verdict.Delivered(Spawner.REPORTS_ITSELF + "\nRemote host said: 250 ok\n"));
        send("ann@far.example", new Recipient("y@other.example", "NOTIFY=SUCCESS"));
        assertEquals(List.of(), queue.ids());
        bench.remote.always(new Verdict.Delivered(
                "192.0.2.1 accepted message.\nRemote host said: 250 " + Spawner.REPORTS_ITSELF + "\n"));
        send("ann@far.example", new Recipient("y@other.example", "NOTIFY=SUCCESS"));
        assertEquals(1, queue.ids().size(), "the words of a stranger do not count");
        assertTrue(Bench.text(queue, queue.ids().getFirst()).contains("Action: relayed\n"));
    }

    @Test
    void leavesOutWhoGotItMeanwhile() {
        boot(Map.of("delaywarning", "3600", "locals", "here.example"));
        bench.remote.rule = _ -> Optional.empty();
        bench.local.always(new Verdict.Later("4.2.1 mailbox busy"));
        send("ann@far.example", new Recipient("bob@here.example", ""), new Recipient("eve@other.example", ""));
        bench.local.always(new Verdict.Delivered("ok"));
        hours(2);
        assertEquals(2, bench.local.jobs.size());
        bench.remote.answerAll(new Verdict.Later("450 4.2.0 wait"));
        bench.run();
        String warning = Bench.text(queue, 2);
        assertTrue(warning.contains("eve@other.example"), warning);
        assertFalse(warning.contains("bob@here.example"), warning);
    }
}
