package qrate.qcontrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.Program;

/// `queue` over a real socket, on a queue that notes what is asked.
class QueueCommandTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static final class Noting implements QueueControl {
        final Map<Long, Item> items = new TreeMap<>();
        final List<String> asked = new ArrayList<>();
        final List<Sender> senders = new ArrayList<>();

        @Override
        public Stat stat() {
            return new Stat(items.size(), 0, 1, 0, 1);
        }

        @Override
        public List<Item> list(int limit, long after) {
            return items.values().stream()
                    .filter(item -> item.id() > after)
                    .limit(limit)
                    .toList();
        }

        @Override
        public void retryAll() {
            asked.add("retry all");
        }

        private boolean asked(String what, long id) {
            asked.add(what + " " + id);
            return items.containsKey(id);
        }

        @Override
        public boolean retry(long id) {
            return asked("retry", id);
        }

        @Override
        public boolean hold(long id, boolean held) {
            return asked(held ? "hold" : "release", id);
        }

        @Override
        public List<Sender> senders() {
            return senders;
        }

        @Override
        public boolean letSend(String login) {
            asked.add("let " + login);
            return senders.removeIf(sender -> sender.login().equals(login));
        }

        @Override
        public long freeze(Freeze what) {
            return 7;
        }

        @Override
        public boolean bounce(long id) {
            return asked("bounce", id);
        }

        @Override
        public boolean drop(long id) {
            return asked("drop", id);
        }
    }

    @TempDir
    Path state;

    private final Noting queue = new Noting();
    private QueueControlServer server;

    @BeforeEach
    void listen() throws IOException {
        server = new QueueControlServer(queue, state.resolve("run/send.sock"), Log.silent());
        add(1, "ann@far.example", Duration.ofDays(3), false, "far.example-bob@far.example", Channel.LOCAL);
        add(2, "", Duration.ofHours(1), false, "eve@Other.Example", Channel.REMOTE);
        add(3, "Ann@far.example", Duration.ofMinutes(5), true, "eve@sub.other.example", Channel.REMOTE);
    }

    private void add(long id, String sender, Duration age, boolean held, String to, Channel channel) {
        QueueControl.Line done =
                new QueueControl.Line("done@done.example", Channel.REMOTE, QueueControl.Progress.DELIVERED, "");
        QueueControl.Line bad = new QueueControl.Line(
                "bad@bad.example", Channel.LOCAL, QueueControl.Progress.REFUSED, "550 no\n\u001b[2Jgone");
        QueueControl.Line owed = new QueueControl.Line(to, channel, QueueControl.Progress.PENDING, "");
        queue.items.put(
                id,
                new QueueControl.Item(
                        id, NOW.minus(age), sender, 10 * id, NOW.plusSeconds(60), held, List.of(done, bad, owed)));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private record Ran(int exit, String out, String err) {}

    private Ran run(String... arguments) throws Exception {
        return run(new QueueCommand(() -> NOW), arguments);
    }

    private Ran run(Program program, String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = program.run(
                List.of(arguments),
                new Program.Stdio(
                        Map.of("QRATE_STATE", state.toString()),
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)));
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private void acts(String... arguments) throws Exception {
        queue.asked.clear();
        assertEquals(0, run(arguments).exit, () -> String.join(" ", arguments));
    }

    @Test
    void whatEndsMessagesMayBeTakenForAgreed() throws Exception {
        acts("delete", "1", "--force");
        assertEquals(List.of("drop 1"), queue.asked);
        assertEquals(100, run("retry", "1", "--force").exit, "it ends nothing");
        assertEquals(100, run("delete", "--force").exit, "that names no message");
    }

    @Test
    void listsEveryMessageInALineOfItsOwn() throws Exception {
        assertEquals(new Ran(0, """
                        1  2025-12-30T03:04:05Z  10 bytes  <ann@far.example>  1 of 3 owed  next 2026-01-02T03:05:05Z
                        2  2026-01-02T02:04:05Z  20 bytes  <>  1 of 3 owed  next 2026-01-02T03:05:05Z
                        3  2026-01-02T02:59:05Z  30 bytes  <Ann@far.example>  1 of 3 owed  held
                        """, ""), run("list"));
        for (long id = 4; id <= 700; id++) {
            add(id, "", Duration.ZERO, false, "x@y.example", Channel.REMOTE);
        }
        assertEquals(700, run("list").out.lines().count());
    }

    @Test
    void showsEachRecipientAndItsReasonOnSafeLines() throws Exception {
        Ran ran = run("show", "3");
        assertEquals(0, ran.exit);
        assertEquals("""
                3  2026-01-02T02:59:05Z  30 bytes  <Ann@far.example>  1 of 3 owed  held
                  delivered  remote  done@done.example
                  refused  local  bad@bad.example
                      550 no
                      \\x1b[2Jgone
                  owed  remote  eve@sub.other.example
                """, ran.out);
        Ran none = run("show", "3", "99");
        assertEquals(1, none.exit);
        assertEquals("queue: no message 99 is in the queue\n", none.err);
    }

    @Test
    void selectsBySenderRecipientDomainAgeAndHold() throws Exception {
        acts("retry", "--sender", "ANN@far.example");
        assertEquals(List.of("retry 1", "retry 3"), queue.asked);
        acts("hold", "--sender", "<>");
        assertEquals(List.of("hold 2"), queue.asked);
        acts("bounce", "--recipient", "bob@far.example");
        assertEquals(List.of("bounce 1"), queue.asked);
        acts("delete", "--domain", "other.example");
        assertEquals(List.of("drop 2"), queue.asked);
        acts("release", "--held");
        assertEquals(List.of("release 3"), queue.asked);
        acts("retry", "--older", "30m", "--newer", "2h");
        assertEquals(List.of("retry 2"), queue.asked);
        acts("retry", "--all");
        assertEquals(List.of("retry 1", "retry 2", "retry 3"), queue.asked);
        acts("delete", "2", "3");
        assertEquals(List.of("drop 2", "drop 3"), queue.asked);
    }

    @Test
    void doesNotCountAnAddressThatIsOver() throws Exception {
        Ran ran = run("delete", "--recipient", "done@done.example");
        assertEquals(new Ran(1, "delete: 0 messages\n", ""), ran);
        assertEquals(List.of(), queue.asked);
    }

    @Test
    void namesIdsThatAreNotThereAndActsOnTheOthers() throws Exception {
        Ran ran = run("hold", "2", "77");
        assertEquals(new Ran(1, "hold: 1 message\n", "queue: no message 77 is in the queue\n"), ran);
    }

    @Test
    void refusesToActOnEverythingBySilenceAndWhatItDoesNotUnderstand() throws Exception {
        for (List<String> words : List.of(
                List.<String>of(),
                List.of("sing"),
                List.of("delete"),
                List.of("hold"),
                List.of("show"),
                List.of("delete", "x"),
                List.of("delete", "0"),
                List.of("delete", "--sender"),
                List.of("delete", "--older", "soon"),
                List.of("delete", "--older", "999999999d"),
                List.of("delete", "--what", "x"),
                List.of("delete", "1", "--all"),
                List.of("delete", "-1"))) {
            Ran ran = run(words.toArray(String[]::new));
            assertEquals(100, ran.exit, words.toString());
            assertTrue(ran.err.startsWith("queue: "), words.toString());
            assertFalse(ran.err.contains("fatal"), ran.err);
            assertEquals(1, ran.err.lines().count());
        }
        assertEquals(List.of(), queue.asked);
    }

    @Test
    void explainsItselfAndSaysWhenSendDoesNotRun() throws Exception {
        assertEquals(new Ran(0, QueueCommand.USAGE, ""), run("--help"));
        server.close();
        Ran ran = run("list");
        assertEquals(111, ran.exit);
        assertTrue(ran.err.startsWith("queue: fatal: qmail-send does not run: "), ran.err);
        assertFalse(ran.err.contains("\tat "));
    }

    private static final String SECOND = "{\"id\":2,\"sender\":\"\",\"born\":\"2026-01-02T02:04:05Z\",\"bytes\":20,"
            + "\"next\":\"2026-01-02T03:05:05Z\",\"held\":false,\"login\":\"\",\"why\":\"\",\"recipients\":["
            + "{\"address\":\"done@done.example\",\"channel\":\"remote\",\"progress\":\"delivered\",\"why\":\"\"},"
            + "{\"address\":\"bad@bad.example\",\"channel\":\"local\",\"progress\":\"refused\","
            + "\"why\":\"550 no\\n\\u001b[2Jgone\"},"
            + "{\"address\":\"eve@Other.Example\",\"channel\":\"remote\",\"progress\":\"pending\",\"why\":\"\"}]}";

    @Test
    void printsTheSameAsJson() throws Exception {
        assertEquals(new Ran(0, "[\n" + SECOND + "\n]\n", ""), run("list", "--json", "2"));
        assertEquals(new Ran(0, "[\n" + SECOND + "\n]\n", ""), run("show", "--sender", "<>", "--json"));
        assertEquals(new Ran(1, "[]\n", "queue: no message 99 is in the queue\n"), run("show", "--json", "99"));
        assertEquals(
                new Ran(100, "", "queue: --json is none of the options: queue --help says how\n"),
                run("retry", "--json", "2"));
    }

    @Test
    void qmailsOwnListsPrintJsonToo() throws Exception {
        for (Program program : List.of(new QmailQread(), new Mailq())) {
            Ran ran = run(program, "--json");
            assertEquals(0, ran.exit);
            assertEquals(5, ran.out.lines().count());
            assertEquals(SECOND + ",", ran.out.lines().toList().get(2));
            assertEquals(0, run(program, "-Ac").exit, "as monitors call them: other words are passed over");
        }
        assertEquals(
                new Ran(
                        0,
                        "{\"messages\":3,\"local\":0,\"localMax\":1,\"remote\":0,\"remoteMax\":1,\"notPreprocessed\":0}\n",
                        ""),
                run(new QmailQstat(), "--json"));
        assertEquals(0, run(new QmailQstat(), "-x").exit);
        queue.items.clear();
        assertEquals(new Ran(0, "[]\n", ""), run(new QmailQread(), "--json"));
    }

    @Test
    void saysWhatARefusalMeansBelowIt() throws Exception {
        QueueControl.Line unsigned = new QueueControl.Line(
                "eve@far.example",
                Channel.REMOTE,
                QueueControl.Progress.PENDING,
                "192.0.2.1 failed.\nRemote host said: 550 5.7.26 unauthenticated - gsmtp");
        queue.items.put(9L, new QueueControl.Item(9, NOW, "ann@here.example", 1, NOW, false, List.of(unsigned)));
        List<String> shown = run("show", "9").out.lines().toList();
        int at = shown.indexOf("      Remote host said: 550 5.7.26 unauthenticated - gsmtp");
        assertEquals("      What it means: Gmail takes no mail that passes neither SPF nor DKIM.", shown.get(at + 1));
        assertTrue(shown.get(at + 2).startsWith("      What the postmaster of this host can do: compare"));
        assertTrue(shown.get(at + 2).contains("`qrate dns here.example`"));
        String json = run(new QmailQread(), "--json").out;
        assertTrue(json.contains("\"kind\":\"authentication\",\"meaning\":\"Gmail takes no mail that"), json);
        assertTrue(json.contains("\",\"action\":\"compare SPF"), json);
        assertEquals(1, json.split("\"meaning\"", -1).length - 1, "what is not known has no words");
    }

    @Test
    void showsWhyAMessageIsHeldAndFindsAllOfALogin() throws Exception {
        queue.items.put(
                50L,
                new QueueControl.Item(
                        50, NOW, "ann@here.example", 7, NOW, true, "ann@here.example", "too many\u001b", List.of()));
        Ran held = run("list", "--login", "Ann@here.example");
        assertEquals(0, held.exit());
        assertTrue(held.out().startsWith("50  ") && held.out().endsWith("  held: too many\\x1b\n"), held.out());
        assertEquals(1, run("list", "--login", "bob@here.example").exit());
        assertEquals(new Ran(0, "release: 1 message\n", ""), run("release", "--login", "ann@here.example"));
    }

    private void addSenders() {
        queue.senders.add(new QueueControl.Sender(
                "ann@here.example",
                QueueControl.Freedom.STOPPED,
                NOW,
                "more than 2 bounces",
                3,
                List.of(new QueueControl.Use("messages", 5, 10), new QueueControl.Use("bounces", 3, 0))));
        queue.senders.add(new QueueControl.Sender(
                "bob@here.example", QueueControl.Freedom.FREE, Instant.EPOCH, "", 0, List.of()));
    }

    @Test
    void namesWhoIsStoppedAndWhy() throws Exception {
        assertEquals(new Ran(0, "nobody is near a limit\n", ""), run(new SendLimitsCommand()));
        addSenders();
        assertEquals(new Ran(0, """
                        ann@here.example  stopped  5 of 10 messages, 3 bounces, 3 held
                            2026-01-02T03:04:05Z  more than 2 bounces
                        bob@here.example  free\s\s
                        """, ""), run(new SendLimitsCommand()));
        String json = run(new SendLimitsCommand(), "--json").out();
        assertTrue(json.contains("\"login\":\"ann@here.example\",\"freedom\":\"stopped\""), json);
    }

    @Test
    void letsAUserSendAgainByCommand() throws Exception {
        addSenders();
        assertEquals(
                0, run(new SendLimitsCommand(), "--release", "ann@here.example").exit());
        assertEquals(List.of("let ann@here.example"), queue.asked);
        Ran again = run(new SendLimitsCommand(), "--release", "ann@here.example");
        assertEquals(1, again.exit());
        assertTrue(again.err().contains("nothing is known of ann@here.example"), again.err());
        for (String[] wrong : new String[][] {{"--release"}, {"ann"}, {"--no"}}) {
            assertEquals(100, run(new SendLimitsCommand(), wrong).exit());
        }
        assertTrue(run(new SendLimitsCommand(), "--help").out().startsWith("usage: sendlimits"));
        server.close();
        assertEquals(111, run(new SendLimitsCommand()).exit());
    }
}
