package qrate.local.deliver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.snapshots.Directory;

/// What becomes of one message where aliases lead to aliases: what is sent on is delivered in turn, as the queue does.
class ExpansionTest {
    private static final String DOMAIN = "example.test";

    @TempDir
    Path folder;

    private Setting setting;
    private final Map<String, Integer> arrived = new TreeMap<>();
    private final List<Verdict.Never> refused = new ArrayList<>();
    private int messages;

    @BeforeEach
    void open() throws Exception {
        setting = new Setting(folder);
        setting.domain(DOMAIN, "ann");
    }

    @AfterEach
    void close() throws Exception {
        setting.close();
    }

    private record Waiting(String parameters, String content, Recipient to) {}

    private void send(String local) throws Exception {
        Deque<Waiting> queue = new ArrayDeque<>();
        queue.add(new Waiting("", Setting.MESSAGE, Recipient.of(local + "@" + DOMAIN)));
        long id = 1;
        while (!queue.isEmpty()) {
            assertTrue(++messages < 10_000, "no end");
            Waiting next = queue.poll();
            String to = next.to.address();
            arrived.merge(to, 1, Integer::sum);
            if (!to.endsWith("@" + DOMAIN)) {
                continue;
            }
            Recipient recipient = new Recipient(DOMAIN + "-" + to, next.to.parameters());
            Spawner.Job job = new Spawner.Job(
                    id++,
                    Setting.BIRTH,
                    "sender@example.com",
                    next.parameters,
                    Body.of(next.content.getBytes(StandardCharsets.UTF_8)),
                    "",
                    List.of(new Spawner.Delivery(0, recipient)));
            setting.forwarded.clear();
            Verdict verdict = setting.deliver(job).getFirst();
            if (verdict instanceof Verdict.Never never) {
                refused.add(never);
            }
            for (Setting.Forwarded one : setting.forwarded) {
                one.envelope()
                        .recipients()
                        .forEach(r -> queue.add(new Waiting(one.envelope().parameters(), one.content(), r)));
            }
        }
    }

    private void alias(String name, String... to) {
        setting.route(name + "@" + DOMAIN, new Directory.Route.Forward(List.of(to)));
    }

    private static String[] level(int level) {
        return new String[] {"a" + level + "@" + DOMAIN, "b" + level + "@" + DOMAIN};
    }

    @Test
    void twentyAliasesMakeTwoCopies() throws Exception {
        for (int i = 0; i < 9; i++) {
            alias("a" + i, level(i + 1));
            alias("b" + i, level(i + 1));
        }
        alias("a9", "one@far.test", "two@far.test");
        alias("b9", "one@far.test", "TWO@far.test");
        send("a0");
        assertEquals(1, arrived.get("one@far.test"));
        assertEquals(1, arrived.get("two@far.test"));
        assertTrue(messages < 30, messages + " messages");
        assertEquals(List.of(), refused);
    }

    @Test
    void boxesThatKeepAndSendOnGetOneCopyEach() throws Exception {
        for (int i = 0; i < 10; i++) {
            for (String user : List.of("a" + i, "b" + i)) {
                setting.route(
                        user + "@" + DOMAIN,
                        Setting.mailbox(DOMAIN, user, 0, i < 9 ? List.of(level(i + 1)) : List.of(), true));
            }
        }
        send("a0");
        assertEquals(1, arrived.get("a9@" + DOMAIN));
        assertEquals(19, messages);
    }

    @Test
    void filesThatSendOnAreNoWayAround() throws Exception {
        for (int i = 0; i < 10; i++) {
            for (String user : List.of("a" + i, "b" + i)) {
                setting.put("domains/" + DOMAIN + "/.qmail-" + user, "&" + String.join("\n&", level(i + 1)) + "\n");
            }
        }
        alias("a10", "one@far.test", "two@far.test");
        alias("b10", "one@far.test", "two@far.test");
        send("a0");
        assertEquals(1, arrived.get("one@far.test"));
        assertTrue(messages < 30, messages + " messages");
    }

    @Test
    void soManyCopiesAndNoMoreAndOneReport() throws Exception {
        alias(
                "all",
                IntStream.range(0, 100).mapToObj(i -> "x" + i + "@" + DOMAIN).toArray(String[]::new));
        for (int i = 0; i < 100; i++) {
            int from = i;
            alias(
                    "x" + i,
                    IntStream.range(0, 100)
                            .mapToObj(j -> "y" + from + "." + j + "@far.test")
                            .toArray(String[]::new));
        }
        send("all");
        assertEquals(1 + Expansion.COPIES_MAX, messages);
        assertEquals(1, refused.size());
        assertTrue(refused.getFirst().text().contains("#5.4.6"), refused.toString());
    }

    @Test
    void anAliasThatSaysSoReachesAsManyAsItSays() throws Exception {
        String[] many =
                IntStream.range(0, 1500).mapToObj(i -> "x" + i + "@far.test").toArray(String[]::new);
        many[7] = "x7@" + DOMAIN;
        alias("all", many);
        alias("x7", "one@far.test", "two@far.test");
        send("all");
        assertEquals(1503, messages);
        assertEquals(List.of(), refused);
    }

    @Test
    void whatIsSentOnOneForOneHasNoMark() throws Exception {
        alias("info", "ann@far.test");
        setting.deliver(DOMAIN + "-info@" + DOMAIN);
        assertEquals("SENTON=" + DOMAIN, setting.forwarded.getFirst().envelope().parameters());
        alias("both", "ann@far.test", "bob@far.test");
        setting.deliver(DOMAIN + "-both@" + DOMAIN);
        assertTrue(setting.forwarded.get(1).envelope().parameters().startsWith("COPYOF="));
    }

    @Test
    void aSecondAttemptTellsWhoWasNotTold() throws Exception {
        alias("both", "ann@far.test", "bob@far.test");
        Spawner.Job job = Setting.job(7, "x@far.test", Setting.MESSAGE, DOMAIN + "-both@" + DOMAIN);
        assertInstanceOf(Verdict.Delivered.class, setting.deliver(job).getFirst());
        assertInstanceOf(Verdict.Delivered.class, setting.deliver(job).getFirst());
        assertEquals(1, setting.forwarded.size());
        assertFalse(setting.forwarded.isEmpty());
    }

    @Test
    void whatTheQueueDidNotTakeIsTriedAgain() throws Exception {
        Expansion expansion = new Expansion(to -> to);
        Mailing mailing = Mailing.of(
                Setting.job(7, "x@far.test", Setting.MESSAGE, "both@" + DOMAIN),
                new Spawner.Delivery(0, Recipient.of("both@" + DOMAIN)));
        List<String> to = List.of("ann@far.test", "bob@far.test");
        Expansion.Step.Send first = (Expansion.Step.Send) expansion.step(mailing, "x@far.test", "", to);
        assertInstanceOf(Expansion.Step.Nothing.class, expansion.step(mailing, "x@far.test", "", to));
        expansion.undo(first.claim());
        assertInstanceOf(Expansion.Step.Send.class, expansion.step(mailing, "x@far.test", "", to));
    }
}
