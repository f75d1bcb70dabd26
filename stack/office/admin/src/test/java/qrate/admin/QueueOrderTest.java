package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl;

/// The queue in the order of what somebody chose.
class QueueOrderTest extends AdminOnRig {
    private static final int ALL = 120;

    /// Beside those made here there is number 7, whose sender and recipient come first, and which is small and old.
    private static final long USUAL = 7;

    private Rig.Browser admin;

    @BeforeEach
    void fill() throws IOException {
        rig.queue.others.clear();
        IntStream.range(0, ALL).forEach(i -> rig.queue.others.add(item(i)));
        rig.queue.messages = ALL + 1;
        admin = rig.browser().signIn("admin");
    }

    private static QueueControl.Item item(int i) {
        return new QueueControl.Item(
                100 + i,
                Instant.ofEpochSecond(1_000_000 + i * 37 % ALL),
                "s" + (1000 + i * 41 % ALL) + "@here.test",
                10_000 + i * 43 % ALL,
                Instant.ofEpochSecond(2_000_000 + i * 47 % ALL),
                false,
                List.of(
                        line("a@aaa.test", QueueControl.Progress.DELIVERED),
                        line("z" + i + "@y" + (1000 + i * 53 % ALL) + ".test", QueueControl.Progress.PENDING)));
    }

    private static QueueControl.Line line(String address, QueueControl.Progress progress) {
        return new QueueControl.Line(address, Channel.REMOTE, progress, "");
    }

    private List<Long> shown(String query) throws IOException {
        Matcher number = Pattern.compile("href=\"/queue/([0-9]+)/drop\"")
                .matcher(admin.get("/queue" + query).body());
        List<Long> numbers = new ArrayList<>();
        while (number.find()) {
            numbers.add(Long.parseLong(number.group(1)));
        }
        return numbers;
    }

    private static List<Long> by(Function<Integer, Integer> value) {
        List<Long> numbers = new ArrayList<>(List.of(USUAL));
        IntStream.range(0, ALL).boxed().sorted(Comparator.comparing(value)).forEach(i -> numbers.add(100L + i));
        return numbers;
    }

    @Test
    void eachOrderIsThatOfAllMessagesAndNotOfAPage() throws IOException {
        Map<String, Function<Integer, Integer>> orders = Map.of(
                "to", i -> i * 53 % ALL,
                "from", i -> i * 41 % ALL,
                "since", i -> i * 37 % ALL,
                "next", i -> i * 47 % ALL,
                "size", i -> i * 43 % ALL);
        for (Map.Entry<String, Function<Integer, Integer>> order : orders.entrySet()) {
            List<Long> all = by(order.getValue());
            if (order.getKey().equals("to")) { // x.test is before y…
                assertEquals(USUAL, all.getFirst());
            }
            assertEquals(all.subList(0, 50), shown("?sort=" + order.getKey()), order.getKey());
            assertEquals(all.reversed().subList(0, 50), shown("?sort=-" + order.getKey()), order.getKey());
        }
        assertEquals(by(i -> i).subList(0, 50), shown(""));
        assertEquals(by(i -> i).reversed().subList(0, 50), shown("?sort=-number"));
    }

    @Test
    void itsPagesFollowEachOther() throws IOException {
        List<Long> all = by(i -> i * 53 % ALL);
        String page = admin.get("/queue?sort=to").body();
        assertTrue(page.contains("href=\"/queue?sort=to&amp;after=" + all.get(49) + "\""), page);
        assertTrue(page.contains("href=\"/queue?sort=-to\" aria-current=\"true\""), page);
        assertEquals(all.subList(50, 100), shown("?sort=to&after=" + all.get(49)));
        assertEquals(all.subList(100, ALL + 1), shown("?sort=to&after=" + all.get(99)));
        assertEquals(all.subList(50, 100), shown("?sort=to&before=" + all.get(100)));
        assertEquals(all.subList(0, 50), shown("?sort=to&after=999999")); // gone meanwhile
        List<Long> plain = by(i -> i);
        assertTrue(admin.get("/queue").body().contains("href=\"/queue?after=" + plain.get(49) + "\""));
        assertEquals(plain.subList(50, 100), shown("?after=" + plain.get(49)));
        assertEquals(plain.subList(0, 50), shown("?after=x&sort=nothing"));
    }

    @Test
    void showsThoseFromOrToWhatIsLookedForAndWhereMostGo() throws IOException {
        assertEquals(List.of(101L), shown("?q=S" + (1000 + 41 % ALL) + "@HERE"));
        assertEquals(List.of(102L), shown("?q=%40y" + (1000 + 2 * 53 % ALL) + ".test"));
        assertEquals(List.of(), shown("?q=a@aaa.test"), "who has got it waits for nothing");
        assertEquals(by(i -> i * 43 % ALL).subList(1, 51), shown("?q=here.test&sort=size"));
        assertTrue(admin.get("/queue?q=nobody").body().contains("No message in the queue is from or to that."));
        QueueControl.Item one = item(1);
        rig.queue.others.add(new QueueControl.Item(
                5_000, one.birth(), one.sender(), one.size(), one.next(), false, one.recipients()));
        String page = admin.get("/queue").body();
        String most = "y" + (1000 + 53 % ALL) + ".test";
        assertTrue(page.contains("<a href=\"/queue?q=%40" + most + "\">" + most + "</a> 2"), page);
        rig.queue.messages = 1_000_000;
        assertFalse(admin.get("/queue").body().contains("Most go to:"));
    }

    @Test
    void saysHowLongTheOldestWaitsWhenTheNextTryIsAndWhereEachTryStands() throws IOException {
        String page = admin.get("/queue").body();
        assertTrue(page.contains("The oldest waits since 1 Jan 1970, 00:00 UTC."), page);
        assertTrue(page.contains("The next try is now."), page);
        assertTrue(page.contains("<a href=\"/trace?q=7\" aria-label=\"Each try of message 7\">Each try</a>"), page);
        rig.queue.messages = 1_000_000;
        assertFalse(admin.get("/queue").body().contains("The oldest waits"), "nobody reads a million for it");
    }

    @Test
    void aMessageIsHeldByAButtonByATickAndByRest() throws IOException {
        admin.post("/queue/7/hold", Map.of());
        assertTrue(admin.get("/queue?done=held").body().contains("Held: nothing of it goes out until it is let go."));
        assertEquals(
                204,
                rig.api("POST", "/api/v1/queue/messages/7/hold", rig.token("admin"), "")
                        .statusCode());
        assertEquals(List.of("hold 7", "hold 7"), rig.queue.asked);
        assertTrue(admin.get("/audit").body().contains("queue: hold message 7 until it is let go"));
    }

    @Test
    void aQueueThatIsTooLongStaysInItsOwnOrderAndSaysSo() throws IOException {
        String said = "1,000 rows can be put in order at most";
        rig.queue.messages = 1_000_000;
        assertEquals(by(i -> i).subList(0, 50), shown("?sort=-size"));
        assertTrue(admin.get("/queue?sort=-size").body().contains(said));
        assertFalse(admin.get("/queue").body().contains(said));
        // more came in between the two asks
        rig.queue.messages = 1;
        IntStream.range(ALL, 1_001).forEach(i -> rig.queue.others.add(item(i)));
        assertEquals(by(i -> i).subList(0, 50), shown("?sort=-size"));
    }
}
