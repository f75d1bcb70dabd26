package qrate.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Line;
import qrate.qcontrol.QueueControl.Progress;

class LedgerCheckTest {
    private static final String WELL = """
            running
            new msg 7
            info msg 7: bytes 18 from <ann@far.example> qp 7 uid 1 recipients 2
            starting delivery 1: msg 7 to local bob@here.example recipient 0
            starting delivery 2: msg 7 to remote eve@far.example recipient 1
            status: local 1/10 remote 1/20
            delivery 1: success: did_1+0+0/
            delivery 2: deferral: later/
            starting delivery 3: msg 7 to remote eve@far.example recipient 1
            delivery 3: failure: no/
            bounce msg 7 qp 8
            end msg 7
            new msg 8
            info msg 8: bytes 100 from <> qp 8 uid 1 recipients 1
            starting delivery 4: msg 8 to remote ann@far.example recipient 0
            delivery 4: success: ok/
            end msg 8
            """;

    private static Item item(long id, Progress... states) {
        List<Line> lines = new ArrayList<>();
        for (Progress state : states) {
            lines.add(new Line("x@y.example", Channel.LOCAL, state, ""));
        }
        return new Item(id, Instant.EPOCH, "", 1, Instant.EPOCH, false, lines);
    }

    private static LedgerCheck check(String lines) {
        LedgerCheck check = new LedgerCheck();
        lines.lines().forEach(line -> check.take(LedgerLine.parse(line)));
        return check;
    }

    private static List<String> problems(String lines, Item... queue) {
        Map<Long, Item> items = new HashMap<>();
        for (Item item : queue) {
            items.put(item.id(), item);
        }
        return check(lines).problems(items).stream()
                .map(problem -> problem.id() + " " + problem.what())
                .toList();
    }

    @Test
    void isContentWithMailThatEndedOrWaits() {
        assertEquals(List.of(), problems(WELL));
        assertEquals(new LedgerCheck.Sums(2, 2, 1, 0, 0), check(WELL).sums(Map.of()));
        String waits = WELL + """
                new msg 9
                info msg 9: bytes 1 from <> qp 9 uid 1 recipients 3
                starting delivery 5: msg 9 to local a@b recipient 1
                delivery 5: success: ok/
                starting delivery 6: msg 9 to local c@b recipient 2
                delivery 6: failure: no/
                """;
        assertEquals(List.of(), problems(waits, item(9, Progress.PENDING, Progress.DELIVERED, Progress.REFUSED)));
        assertEquals(List.of(), problems(WELL, item(9, Progress.PENDING)), "accepted, and not looked at yet");
    }

    @Test
    void isContentWithWhatAnAdministratorEnds() {
        String info = "new msg 9\ninfo msg 9: bytes 1 from <a@b> qp 9 uid 1 recipients 2\n";
        assertEquals(List.of(), problems(info + "dropped msg 9 by hand\nend msg 9\n"));
        assertEquals(
                2,
                check(info + "dropped msg 9 by hand\nend msg 9\n")
                        .sums(Map.of())
                        .deleted());
        String gaveUp = "gave up msg 9 recipient 0\ngave up msg 9 recipient 1\n";
        assertEquals(List.of(), problems(info + gaveUp + "bounce msg 9 qp 10\nend msg 9\n"));
        assertEquals(List.of(), problems(info + gaveUp + "silent msg 9\nend msg 9\n"));
        assertEquals(List.of(), problems(info + gaveUp + "triple bounce: discarding bounce/9\nend msg 9\n"));
    }

    @Test
    void namesWhatIsLostOrEndedTwiceOrNotAtAll() {
        String info = "new msg 9\ninfo msg 9: bytes 1 from <> qp 9 uid 1 recipients 1\n";
        String start = "starting delivery 5: msg 9 to local a@b recipient 0\n";
        String success = "delivery 5: success: ok/\n";
        assertEquals(List.of("9 lost: neither ended nor in the queue"), problems(info));
        assertEquals(
                List.of("9 recipient 0 is neither delivered nor bounced, and the message ended"),
                problems(info + "end msg 9\n"));
        assertEquals(
                List.of("9 refused recipients, and the message ended without a bounce"),
                problems(info + start + "delivery 5: failure: no/\nend msg 9\n"));
        assertEquals(
                List.of("9 bounced, and no recipient was refused"),
                problems(info + start + success + "bounce msg 9 qp 11\nend msg 9\n"));
        assertEquals(
                List.of("9 recipient 0 ended twice"),
                problems(info + start + success + start + success + "end msg 9\n"));
        assertEquals(
                List.of("9 ended, and still in the queue"),
                problems(info + start + success + "end msg 9\n", item(9, Progress.PENDING)));
        assertEquals(
                List.of("9 recipient 0 is still queued in the queue and delivered in the ledger"),
                problems(info + start + success, item(9, Progress.PENDING)));
        assertEquals(
                List.of("9 began again after its end"), problems(info + start + success + "end msg 9\nnew msg 9\n"));
        assertEquals(
                List.of("9 went on after its end", "9 recipient 0 ended twice").getFirst(),
                problems(info + start + success + "end msg 9\n" + start).getFirst());
        assertEquals(
                List.of("10 was never accepted"),
                problems(info + "starting delivery 5: msg 10 to local a@b recipient 0\n", item(9, Progress.PENDING)));
        assertEquals(
                List.of("10 recipient 0 is delivered in the queue and still queued in the ledger"),
                problems(WELL, item(10, Progress.DELIVERED, Progress.PENDING)));
    }

    @Test
    void leavesAloneWhatBeganBeforeTheOldestLine() {
        assertEquals(List.of(), problems("starting delivery 1: msg 3 to local a@b recipient 0\nend msg 3\n" + WELL));
        assertEquals(List.of(), problems(WELL, item(3, Progress.DELIVERED)));
    }

    @Test
    void forgetsDeliveriesOfAProcessThatDied() {
        String died = """
                new msg 9
                info msg 9: bytes 1 from <> qp 9 uid 1 recipients 1
                starting delivery 1: msg 9 to local a@b recipient 0
                running
                starting delivery 1: msg 9 to local a@b recipient 0
                delivery 1: success: ok/
                end msg 9
                """;
        assertEquals(List.of(), problems(died));
    }

    @Test
    void believesTheJournalWhereACrashTookLines() {
        String info = "new msg 9\ninfo msg 9: bytes 1 from <> qp 9 uid 1 recipients 2\n";
        String recovered = """
                running
                recovered msg 9: bytes 1 from <> recipients 2
                recovered msg 9: recipient 0 delivered a@b
                recovered msg 9: recipient 1 %s c@d
                recovered msg 9: %s
                """;
        for (String before : List.of("", info, WELL, info + "starting delivery 5: msg 9 to local a@b recipient 0\n")) {
            assertEquals(List.of(), problems(before + recovered.formatted("delivered", "end delivered")));
            assertEquals(List.of(), problems(before + recovered.formatted("refused", "end bounced qp 12")));
            assertEquals(List.of(), problems(before + recovered.formatted("queued", "end dropped")));
            assertEquals(
                    List.of(),
                    problems(
                            before + recovered.formatted("queued", "queued"),
                            item(9, Progress.DELIVERED, Progress.PENDING)));
            assertEquals(
                    List.of("9 lost: neither ended nor in the queue"),
                    problems(before + recovered.formatted("queued", "queued")));
        }
        assertEquals(
                List.of(),
                problems(
                        WELL + recovered.formatted("delivered", "end delivered").replace("msg 9", "msg 7")));
        assertTrue(
                check(WELL + recovered.formatted("delivered", "end delivered").replace("msg 9", "msg 7"))
                                .sums(Map.of())
                                .messages()
                        == 2);
    }
}
