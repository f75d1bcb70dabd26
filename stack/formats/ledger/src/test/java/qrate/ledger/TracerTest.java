package qrate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.RealDisk;
import qrate.qcontrol.Trace;
import qrate.qcontrol.Whose;

class TracerTest {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Whose HERE = Whose.domains(Stream.of("here.test"));

    @TempDir
    Path folder;

    private Tracer tracer;
    private final Map<String, StringBuilder> days = new TreeMap<>();
    private Instant now = START;
    private long delivery;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(folder.resolve("ledger"));
        tracer = new Tracer(new RealDisk(folder));
    }

    private void line(String text) {
        days.computeIfAbsent(now.toString().substring(0, 10), _ -> new StringBuilder())
                .append(now + " " + text + "\n");
        now = now.plusMillis(1);
    }

    private void write() throws IOException {
        for (Map.Entry<String, StringBuilder> day : days.entrySet()) {
            Files.write(
                    folder.resolve("ledger").resolve(day.getKey()),
                    day.getValue().toString().getBytes(UTF_8));
        }
    }

    private void accept(long id, String sender, int recipients) {
        accept(id, sender, recipients, sender.endsWith("@here.test") ? " login " + sender : "");
    }

    private void accept(long id, String sender, int recipients, String login) {
        line("new msg " + id);
        line("info msg " + id + ": bytes 1234 from <" + sender + "> qp " + id + " uid 7791 recipients " + recipients);
        line("from msg " + id + ": client 192.0.2.7 helo far.test with ESMTPS" + login
                + " tls TLSv1.3 door smtp message-id <m" + id + "@far.test>");
    }

    private long begin(long id, String address) {
        delivery++;
        boolean local = address.endsWith("@here.test");
        line("starting delivery " + delivery + ": msg " + id + " to " + (local ? "local here.test-" : "remote ")
                + address + " recipient 0");
        return delivery;
    }

    private void deliver(long id, String address) {
        line("delivery " + begin(id, address) + ": success: did_1+0+0/");
    }

    private Trace.Part find(String word, Whose whose, long before, int limit) throws IOException {
        return tracer.find(new Trace.Query(word, whose, Instant.EPOCH, before, limit));
    }

    private List<Long> ids(String word) throws IOException {
        return ids(word, Whose.ALL);
    }

    private List<Long> ids(String word, Whose whose) throws IOException {
        return find(word, whose, 0, 50).ways().stream().map(Trace.Way::id).toList();
    }

    private static List<String> steps(Trace.Way way) {
        return way.steps().stream()
                .map(step -> (step.kind().word() + " " + step.address() + " " + step.text()).strip())
                .toList();
    }

    @Test
    void tellsTheWholeWayOfAMessage() throws IOException {
        accept(7, "eve@far.test", 2);
        long first = begin(7, "ann@here.test");
        long second = begin(7, "you@there.test");
        line("delivery " + second + ": deferral: Connected_to_192.0.2.9_but_greeting_failed./");
        line("delivery " + first + ": success: did_1+0+0/");
        line("held msg 7");
        now = now.plus(Duration.ofDays(2));
        line("released msg 7");
        line("delivery " + begin(7, "you@there.test") + ": failure: 550_no/");
        line("bounce msg 7 qp 9");
        line("end msg 7");
        write();
        Trace.Way way = find("7", Whose.ALL, 0, 1).ways().getFirst();
        assertEquals("eve@far.test", way.sender());
        assertEquals(1234, way.bytes());
        assertEquals("<m7@far.test>", way.messageId());
        assertEquals("192.0.2.7", way.from().get("client"));
        assertEquals("TLSv1.3", way.from().get("tls"));
        assertEquals(
                List.of(
                        "accepted",
                        "put-off you@there.test Connected_to_192.0.2.9_but_greeting_failed./",
                        "delivered ann@here.test did_1+0+0/",
                        "held",
                        "released",
                        "refused you@there.test 550_no/",
                        "bounced  9",
                        "ended"),
                steps(way));
    }

    @Test
    void aDeliveryThatNeverEndedIsSaidToHaveBegun() throws IOException {
        accept(7, "eve@far.test", 1);
        begin(7, "ann@here.test");
        line("running");
        delivery = 0;
        accept(8, "eve@far.test", 1);
        deliver(8, "bob@here.test");
        write();
        assertEquals(
                List.of("accepted", "begun ann@here.test"),
                steps(find("7", Whose.ALL, 0, 1).ways().getFirst()),
                "what flew before a start does not land after it");
    }

    @Test
    void findsByAddressInAnyCaseByDomainByNumberAndByMessageId() throws IOException {
        accept(7, "eve@far.test", 1);
        deliver(7, "ann@here.test");
        accept(8, "bob@here.test", 1);
        deliver(8, "you@there.test");
        write();
        assertEquals(List.of(7L), ids("Ann@HERE.test"));
        assertEquals(List.of(7L), ids("EVE@far.test"));
        assertEquals(List.of(8L, 7L), ids("@here.test"));
        assertEquals(List.of(8L), ids("8"));
        assertEquals(List.of(7L), ids("m7@far.test"));
        assertEquals(List.of(7L), ids("<m7@far.test>"));
        assertEquals(List.of(8L, 7L), ids(""));
        for (String nothing : List.of("ann", "nn@here.test", "9", "m9@far.test", "@test", "bytes")) {
            assertEquals(List.of(), ids(nothing), nothing);
        }
    }

    @Test
    void whatWasWrittenMeanwhileIsFoundAndALineWithoutItsEndIsNot() throws IOException {
        accept(7, "eve@far.test", 1);
        write();
        assertEquals(List.of(7L), ids(""));
        accept(8, "eve@far.test", 1);
        days.values().iterator().next().append(now + " info msg 9: bytes 1 from <half@far.test> qp 1 uid");
        write();
        assertEquals(List.of(8L, 7L), ids(""));
        days.values().iterator().next().append(" 1 recipients 1\n");
        write();
        assertEquals(List.of(9L), ids("half@far.test"));
        now = now.plus(Duration.ofDays(1));
        accept(10, "eve@far.test", 1);
        write();
        assertEquals(
                List.of(10L),
                find("", Whose.ALL, 0, 1).ways().stream().map(Trace.Way::id).toList());
        Files.delete(folder.resolve("ledger/2026-11-01"));
        assertEquals(List.of(10L), ids(""), "a day that is swept away is gone");
    }

    @Test
    void somebodySeesTheirsAloneAndOfOthersMessagesTheirRecipientsAlone() throws IOException {
        accept(7, "eve@far.test", 2);
        deliver(7, "ann@here.test");
        deliver(7, "secret@there.test");
        accept(8, "eve@far.test", 1);
        deliver(8, "secret@there.test");
        accept(9, "ann@here.test", 1);
        deliver(9, "you@there.test");
        accept(10, "", 1);
        deliver(10, "ann@here.test");
        accept(11, "ann@here.test", 1, ""); // somebody else wrote that
        deliver(11, "secret@there.test");
        accept(12, "ann@here.test", 2, "");
        deliver(12, "secret@there.test");
        deliver(12, "bob@here.test");
        write();
        assertEquals(List.of(12L, 10L, 9L, 7L), ids("", HERE));
        assertEquals(List.of(), ids("11", HERE));
        assertEquals(
                List.of("accepted", "delivered bob@here.test did_1+0+0/"),
                steps(find("12", HERE, 0, 1).ways().getFirst()));
        assertEquals(List.of(7L), ids("eve@far.test", HERE));
        assertEquals(List.of(7L), ids("7", HERE));
        assertEquals(List.of(), ids("8", HERE));
        assertEquals(List.of(), ids("secret@there.test", HERE), "nor whom else a message went to");
        Trace.Way way = find("7", HERE, 0, 1).ways().getFirst();
        assertEquals(List.of("accepted", "delivered ann@here.test did_1+0+0/"), steps(way));
        assertEquals(
                List.of("accepted", "delivered you@there.test did_1+0+0/"),
                steps(find("9", HERE, 0, 1).ways().getFirst()));
        assertEquals(List.of(12L), ids("", Whose.mailbox("bob", Stream.of("here.test"))));
        assertEquals(List.of(10L, 9L, 7L), ids("", Whose.mailbox("ann", Stream.of("here.test"))));
    }

    @Test
    void givesPartsOneAfterTheOther() throws IOException {
        for (int i = 1; i <= 1_000; i++) {
            accept(i, i % 3 == 0 ? "bob@here.test" : "eve@far.test", 1);
            deliver(i, "you@there.test");
            line("end msg " + i);
        }
        write();
        for (Whose whose : List.of(Whose.ALL, HERE)) {
            List<Long> all = new ArrayList<>();
            long before = 0;
            do {
                Trace.Part part = find("bob@here.test", whose, before, 7);
                part.ways().forEach(way -> all.add(way.id()));
                before = part.next();
            } while (before != 0);
            assertEquals(Stream.iterate(999L, id -> id > 0, id -> id - 3).toList(), all);
        }
    }

    /// Whatever stands in the files: nothing is thrown, and what is whole is found.
    @Test
    void aDamagedLedgerIsReadAsFarAsItGoes() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            days.clear();
            for (int i = 1; i <= 20; i++) {
                accept(i, "eve@far.test", 1);
                deliver(i, "ann@here.test");
                line(random.nextBoolean() ? "running" : "end msg " + i);
            }
            byte[] bytes = days.values().iterator().next().toString().getBytes(UTF_8);
            for (int i = random.nextInt(60); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) "\n :<>@-0\0".charAt(random.nextInt(9));
            }
            Path day = folder.resolve("ledger").resolve(days.keySet().iterator().next());
            Files.write(day, bytes);
            tracer = new Tracer(new RealDisk(folder));
            for (String word : List.of("", "eve@far.test", "7", "@here.test", "m7@far.test")) {
                for (Whose whose : List.of(Whose.ALL, HERE)) {
                    List<Long> all = find(word, whose, 0, 50).ways().stream()
                            .map(Trace.Way::id)
                            .toList();
                    assertEquals(
                            all.stream()
                                    .sorted(Comparator.reverseOrder())
                                    .distinct()
                                    .toList(),
                            all,
                            "seed " + seed);
                }
            }
            Files.delete(day);
        }
    }

    @Test
    void whatHappenedLongAgoIsLeftOut() throws IOException {
        accept(7, "eve@far.test", 1);
        now = now.plus(Duration.ofDays(3));
        accept(8, "eve@far.test", 1);
        write();
        Trace.Query query = new Trace.Query("", Whose.ALL, START.plus(Duration.ofDays(1)), 0, 50);
        assertEquals(
                List.of(8L),
                tracer.find(query).ways().stream().map(Trace.Way::id).toList());
    }

    /// However long the ledger is, a few blocks are read: of 100,000 messages those of somebody who writes always, of
    /// somebody who wrote once long ago, and of nobody.
    @Test
    void readsAFewBlocksOfAnyLedger() throws IOException {
        accept(1, "once@far.test", 1);
        deliver(1, "ann@here.test");
        line("end msg 1");
        for (int i = 2; i <= 100_000; i++) {
            if (i % 4_000 == 0) {
                now = now.plus(Duration.ofDays(1));
            }
            accept(i, "sender" + i % 1_000 + "@far.test", 1);
            deliver(i, "user" + i % 777 + "@here.test");
            line("end msg " + i);
        }
        write();
        ids("nothing@far.test");
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.resolve("ledger"))) {
            for (Path day : files) {
                bytes += Files.size(day);
            }
        }
        long blocks = bytes / LedgerBlocks.BLOCK_BYTES;
        assertTrue(blocks > 2_500, "blocks: " + blocks);
        assertEquals(List.of(1L), ids("once@far.test"));
        assertTrue(tracer.read() < blocks / 50, "read: " + tracer.read() + " of " + blocks);
        assertEquals(List.of(), ids("nobody@far.test"));
        assertTrue(tracer.read() < blocks / 50, "read: " + tracer.read() + " of " + blocks);
        assertEquals(50, ids("sender7@far.test").size());
        assertTrue(tracer.read() < blocks / 10, "read: " + tracer.read() + " of " + blocks);
        assertEquals(50, ids("").size());
        assertTrue(tracer.read() < 50, "read: " + tracer.read());
        assertFalse(ids("", HERE).isEmpty());
        assertTrue(tracer.read() < 50, "read: " + tracer.read());
    }
}
