package qrate.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import qrate.address.Routing;
import qrate.core.Envelope;
import qrate.core.Verdict;
import qrate.qcontrol.Channel;
import qrate.queue.Queue;

/// The stages of a recipient and of its message: the table in docs/internals.md, and that there is no other way.
class StagesTest {
    private static final String HEADING = "## send: stages of a recipient and of its message\n";
    private static final Pattern ROW =
            Pattern.compile("^\\| ?([A-Z][a-z]+)? ?\\| ([A-Z][a-z]+) \\|", Pattern.MULTILINE);
    private static final Verdict OK = new Verdict.Delivered("ok");

    private final Active message = new Active(
            new Queue.Message(
                    7,
                    Instant.EPOCH,
                    Envelope.of("ann@far.example", "bob@here.example", "eve@here.example"),
                    Bench.body("x"),
                    List.of(new Queue.State.Pending(), new Queue.State.Delivered()),
                    false),
            List.of(route("bob"), route("eve")),
            true);
    private final Recipients recipients = message.recipients();
    private final Flight flight = new Flight(Channel.LOCAL, 1, List.of(0), false);
    private final DeliveryAnswer answer = new DeliveryAnswer(flight, 0, OK);

    private static Routing.Route route(String name) {
        return new Routing.Route(Channel.LOCAL, name + "@here.example", name + "@here.example", "");
    }

    @Test
    void theTablesHaveTheRecordsAndTheWaysBetweenThemAndNoOthers() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/internals.md"))) {
            root = root.getParent();
        }
        String text = Files.readString(root.resolve("docs/internals.md"));
        String section = text.substring(text.indexOf(HEADING) + HEADING.length());
        Matcher row = ROW.matcher(section.substring(0, section.indexOf("\n## ")));
        Set<String> names = new TreeSet<>();
        Set<String> ways = new TreeSet<>();
        while (row.find()) {
            names.add(row.group(2));
            if (row.group(1) != null) {
                names.add(row.group(1));
                assertTrue(ways.add(row.group(1) + " to " + row.group(2)), "twice: " + row.group());
            }
        }
        assertEquals(names(), names);
        assertEquals(ways(), ways);
    }

    private static List<Class<?>> records() {
        List<Class<?>> all = new ArrayList<>(List.of(Stage.class.getPermittedSubclasses()));
        all.addAll(List.of(Work.class.getPermittedSubclasses()));
        return all;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        records().forEach(one -> names.add(one.getSimpleName()));
        return names;
    }

    private static Set<String> ways() {
        Set<String> ways = new TreeSet<>();
        for (Class<?> from : records()) {
            for (Method method : from.getDeclaredMethods()) {
                if (records().contains(method.getReturnType())) {
                    ways.add(from.getSimpleName() + " to "
                            + method.getReturnType().getSimpleName());
                }
            }
        }
        return ways;
    }

    @Test
    void startsNobodyWhoFliesOrIsOver() {
        assertEquals(List.of(0), recipients.owed(Channel.LOCAL));
        recipients.launched(flight, 1);
        assertEquals(List.of(), recipients.owed(Channel.LOCAL));
        assertThrows(IllegalStateException.class, () -> recipients.launched(flight, 1));
        Flight over = new Flight(Channel.LOCAL, 2, List.of(1), false);
        assertThrows(IllegalStateException.class, () -> recipients.launched(over, 1));
        assertEquals(1, recipients.flying(), "and nothing has changed");
    }

    @Test
    void takesOneAnswerAFlightAndNoneOfAnEarlierOne() {
        recipients.launched(flight, 1);
        assertTrue(message.answered(answer));
        assertFalse(message.answered(answer));
        recipients.landed(answer, new Verdict.Later("busy"));
        recipients.plan(Channel.LOCAL);
        assertTrue(recipients.wake(Channel.LOCAL, Backlog.NEVER - 1));
        Flight second = new Flight(Channel.LOCAL, 2, List.of(0), false);
        recipients.launched(second, 2);
        assertFalse(message.answered(answer), "the first flight's, which was deferred");
        assertTrue(message.answered(new DeliveryAnswer(second, 0, OK)));
    }

    @Test
    void landsOnlyWhatWasAnswered() {
        assertThrows(IllegalStateException.class, () -> recipients.landed(answer, OK));
        recipients.launched(flight, 1);
        assertThrows(IllegalStateException.class, () -> recipients.landed(answer, OK));
        assertTrue(message.answered(answer));
        recipients.landed(answer, OK);
        assertTrue(recipients.over());
        assertThrows(IllegalStateException.class, () -> recipients.landed(answer, OK));
        assertEquals(0, recipients.flying());
    }

    @Test
    void remembersWhyARecipientIsLateUntilItIsOver() {
        recipients.launched(flight, 1);
        message.answered(answer);
        recipients.landed(answer, new Verdict.Later("busy"));
        assertEquals(Map.of(0, "busy"), recipients.late());
        recipients.plan(Channel.LOCAL);
        recipients.wake(Channel.LOCAL, Backlog.NEVER - 1);
        recipients.hold();
        assertEquals(Map.of(0, "busy"), recipients.late(), "held before it was started again");
        assertFalse(recipients.refused());
    }

    @Test
    void writesOneThingAtATimeToTheQueue() {
        assertThrows(IllegalStateException.class, message::recorded);
        assertThrows(IllegalStateException.class, message::rested);
        assertThrows(IllegalStateException.class, message::ended);
        message.recording();
        assertThrows(IllegalStateException.class, message::recording);
        assertThrows(IllegalStateException.class, message::resting);
        assertThrows(IllegalStateException.class, message::ending);
        assertTrue(message.mayStart(), "deliveries go on meanwhile");
        message.recorded();
        message.resting();
        assertFalse(message.mayStart());
        message.rested();
        message.ending();
        assertFalse(message.mayStart());
        assertThrows(IllegalStateException.class, message::recorded);
        message.ended();
        assertEquals(3, message.records());
    }

    @Test
    void writesNothingWhileThereIsTrouble() {
        recipients.launched(flight, 1);
        message.answered(answer);
        List<DeliveryAnswer> batch = message.recording();
        message.unrecorded(batch, 10);
        assertEquals(10, message.troubled());
        assertThrows(IllegalStateException.class, message::recording);
        message.calmed();
        assertEquals(batch, message.recording());
    }
}
