package qrate.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

/// The files, and what may stand in them.
class LedgerTest {
    private Instant now = Instant.parse("2026-01-01T23:59:58Z");
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private Ledger ledger(Disk disk) {
        PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
        return new Ledger(new Log(out, Log.Stamp.NONE, () -> now), disk, () -> now);
    }

    private static List<String> read(Disk disk) {
        List<String> texts = new ArrayList<>();
        try {
            new LedgerReader(disk).read(stamped -> texts.add(stamped.text()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    @Test
    void turnsItsFileAtMidnightAndReadsOnOverIt() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        LedgerReader reader = new LedgerReader(disk);
        List<String> seen = new ArrayList<>();
        try (Ledger ledger = ledger(disk)) {
            ledger.line("new msg 1", " recipients 1");
            ledger.flushIfDue();
            reader.read(stamped -> seen.add(stamped.text()));
            assertEquals(List.of("new msg 1 recipients 1"), seen);
            now = now.plus(Duration.ofSeconds(5));
            ledger.note("end msg 1");
            assertTrue(ledger.isUnsynced());
            ledger.sync();
            assertFalse(ledger.isUnsynced());
            reader.read(stamped -> seen.add(stamped.text()));
        }
        assertEquals(List.of("2026-01-01", "2026-01-02"), disk.list("ledger"));
        assertEquals(List.of("new msg 1 recipients 1", "end msg 1"), seen);
        assertEquals("new msg 1\n", log.toString(StandardCharsets.UTF_8), "notes are for the ledger alone");
    }

    @Test
    void keepsEverySyncedLineAndCutsTheTornOneWhateverTheStepOfTheCrash() {
        Seeds.forAll(300, random -> {
            SimulatedDisk disk = new SimulatedDisk(random.nextLong());
            disk.crashAt(random.nextInt(40));
            int synced = 0;
            int written = 0;
            try (Ledger ledger = ledger(disk)) {
                for (int i = 0; i < 30; i++) {
                    ledger.note("new msg " + written++);
                    if (random.nextInt(3) == 0) {
                        ledger.sync();
                        synced = written;
                    }
                    if (random.nextInt(4) == 0) {
                        now = now.plusSeconds(1);
                        ledger.flushIfDue();
                    }
                }
            } catch (SimulatedDisk.Crash _) {
                // as asked
            }
            SimulatedDisk next = disk.restart();
            now = now.plusSeconds(1);
            try (Ledger ledger = ledger(next)) {
                ledger.note("running");
            }
            List<String> lines = read(next);
            List<String> news =
                    lines.stream().filter(line -> line.startsWith("new msg ")).toList();
            for (int i = 0; i < synced; i++) {
                assertEquals("new msg " + i, news.get(i));
            }
            assertEquals(news.size(), new TreeSet<>(news).size());
            assertEquals("running", lines.getLast(), "the first line after the crash stands on a line of its own");
        });
    }

    @Test
    void saysOnceInAWhileThatItCannotWriteAndGoesOnLater() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        try (Ledger ledger = ledger(disk)) {
            disk.fault(new IOException("No space left on device"));
            for (int i = 0; i < 10; i++) {
                ledger.note("new msg " + i);
                ledger.sync();
            }
            disk.fault(null);
            ledger.note("new msg 10");
            ledger.sync();
        }
        assertEquals(List.of("new msg 10"), read(disk));
        assertEquals(1, log.toString(StandardCharsets.UTF_8).lines().count());
    }

    @Test
    void saysWhoHandedAMessageOver() throws IOException {
        Client stranger = new Client(
                "192.0.2.7", "unknown", "mx.far.example", "ESMTPS", "", "TLSv1.3 TLS_AES_256_GCM_SHA384", "smtp");
        assertEquals(
                " client 192.0.2.7 helo mx.far.example with ESMTPS tls TLSv1.3 door smtp message-id <1@far.example>",
                origin(stranger, """
                        Received: from liar (10.0.0.1) by liar with SMTP; x
                        MESSAGE-ID:
                         <1@far.example>
                        Subject: x

                        Message-ID: <2@x>
                        """));
        Client user = new Client("192.0.2.8", "", "[10.1.1.1]", "ESMTPSA", "ann@here.example", "", "submission");
        assertEquals(
                " client 192.0.2.8 helo [10.1.1.1] with ESMTPSA login ann@here.example door submission",
                origin(user, ""));
        assertEquals(" uid 1000", origin(Client.uid(1000), "Received: from liar (10.0.0.1) by liar with SMTP; x\n\n"));
        assertEquals(" unknown", origin(Client.UNKNOWN, "Received: from liar (10.0.0.1) by liar with SMTP; x\n\n"));
        String helo = origin(new Client("192.0.2.9", "", "x message-id <lie>\n", "SMTP", "", "", "smtp"), "");
        assertEquals(" client 192.0.2.9 helo x_message-id_<lie>_ with SMTP door smtp", helo);
        String nasty = origin(Client.UNKNOWN, "Message-ID: <a b\u0001\u00e9" + "x".repeat(5000) + ">\n\n");
        assertTrue(nasty.startsWith(" unknown message-id <a_b___xxx"), nasty);
        assertTrue(nasty.length() < 300);
    }

    private static String origin(Client client, String message) throws IOException {
        return Origin.of(client, Body.of(message.getBytes(StandardCharsets.UTF_8)))
                .text();
    }

    @Test
    void readsBackEveryLineItWrites() {
        assertEquals(
                new LedgerLine.Known(7, "a>b@c", 3),
                LedgerLine.parse("info msg 7: bytes 1 from <a>b@c> qp 7 uid 1 recipients 3"));
        assertEquals(
                new LedgerLine.Known(7, "", -1),
                LedgerLine.parse("info msg 7: bytes 1 from <> qp 7 uid 1"),
                "qmail's own");
        assertEquals(
                new LedgerLine.Starting(5, 7, "x@y", -1), LedgerLine.parse("starting delivery 5: msg 7 to local x@y"));
        assertEquals(
                new LedgerLine.From(7, "<a@b>"),
                LedgerLine.parse("from msg 7: client 1.2.3.4 helo x with SMTP message-id <a@b>"));
        assertEquals(new LedgerLine.From(7, ""), LedgerLine.parse("from msg 7: uid 5"));
        assertEquals(
                new LedgerLine.RecoveredFate(7, "bounced", 9), LedgerLine.parse("recovered msg 7: end bounced qp 9"));
        assertEquals(new LedgerLine.Other(), LedgerLine.parse("new msg 99999999999999999999"));
        assertEquals(new LedgerLine.Other(), LedgerLine.parse("delivery 1: report mangled, will defer"));
    }

    @Test
    void takesAnyLineAndAnyOrderOfLinesWithoutFailing() {
        List<String> words = List.of(
                "new",
                "msg",
                "info",
                "end",
                "7",
                "8",
                "7:",
                "9999999999999999999",
                "bytes",
                "from",
                "<a@b>",
                "qp",
                "uid",
                "recipients",
                "starting",
                "delivery",
                "1",
                "1:",
                "to",
                "local",
                "x@y",
                "recipient",
                "0",
                "success:",
                "failure:",
                "bounce",
                "recovered",
                "delivered",
                "queued",
                "running",
                "gave",
                "up",
                "\u0000",
                "",
                "-1");
        List<String> whole = List.of(
                "running",
                "new msg 7",
                "info msg 7: bytes 1 from <> qp 7 uid 1 recipients 2",
                "starting delivery 1: msg 7 to local x@y recipient 1",
                "delivery 1: success: ok/",
                "delivery 1: failure: no/",
                "bounce msg 7 qp 8",
                "end msg 7",
                "silent msg 7",
                "dropped msg 8 by hand",
                "recovered msg 7: bytes 1 from <> recipients 1",
                "recovered msg 7: recipient 0 delivered x@y",
                "recovered msg 7: queued",
                "recovered msg 7: end bounced qp 8");
        Seeds.forAll(2000, random -> {
            LedgerCheck check = new LedgerCheck();
            Finder finder = new Finder("7");
            for (int i = 0; i < 20; i++) {
                String text;
                if (random.nextBoolean()) {
                    text = whole.get(random.nextInt(whole.size()));
                } else {
                    StringBuilder line = new StringBuilder();
                    for (int left = random.nextInt(9); left > 0; left--) {
                        line.append(words.get(random.nextInt(words.size()))).append(random.nextInt(9) == 0 ? "" : " ");
                    }
                    text = line.toString();
                }
                LedgerLine.stamped((random.nextInt(5) == 0 ? "yesterday " : "2026-01-01T00:00:00Z ") + text)
                        .ifPresent(stamped -> {
                            check.take(stamped.line());
                            finder.look(stamped.line());
                        });
            }
            check.problems(java.util.Map.of());
            finder.found();
        });
    }

    @Test
    void readsNoMoreThanALineOfAFileThatIsNone() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        disk.makeFolder("ledger");
        Disk.Appender out = disk.create("ledger/2026-01-01");
        byte[] zeros = new byte[3 << 20];
        out.write(zeros);
        out.write("\n2026-01-01T00:00:00Z end msg 1\n2026-01-01T00:00:00Z torn".getBytes(StandardCharsets.UTF_8));
        Disk.Appender other = disk.create("ledger/notes");
        other.write("2026-01-01T00:00:00Z new msg 9\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("end msg 1"), read(disk));
    }

    @Test
    void countsIdsInRanges() {
        Seeds.forAll(200, random -> {
            Ids ids = new Ids();
            TreeSet<Long> model = new TreeSet<>();
            for (int i = 0; i < 200; i++) {
                long id = random.nextInt(100);
                ids.add(id);
                model.add(id);
                long asked = random.nextInt(100);
                assertEquals(model.contains(asked), ids.contains(asked));
            }
            long ranges = model.stream().filter(id -> !model.contains(id - 1)).count();
            assertEquals(ranges, ids.ranges());
        });
    }

    @Test
    void handsItsLinesOverThoughTheClockWasSetBack() {
        SimulatedDisk disk = new SimulatedDisk(1);
        try (Ledger ledger = ledger(disk)) {
            ledger.note("new msg 1");
            ledger.flushIfDue();
            now = now.minus(Duration.ofHours(1));
            ledger.note("new msg 2");
            ledger.flushIfDue();
            assertTrue(read(disk).contains("new msg 2"));
        }
    }

    @Test
    void tellsTheDeliveriesToOtherHostsOfADay() throws IOException {
        Disk disk = new SimulatedDisk(1);
        Ledger ledger = ledger(disk);
        ledger.note("starting delivery 1: msg 7 to remote ann@far.test recipient 0");
        ledger.note("starting delivery 2: msg 7 to local bob@here.test recipient 1");
        ledger.note("delivery 1: success: 192.0.2.1_accepted_message./TLS:_x,_DANE./Remote_host_said:_ok");
        ledger.note("delivery 2: success: did_0+0+1/");
        ledger.note("starting delivery 3: msg 8 to remote zoe@far.test recipient 0");
        ledger.note("running");
        ledger.note("delivery 3: deferral: lost");
        ledger.note("delivery");
        ledger.note("starting delivery");
        ledger.sync();
        List<String> told = new ArrayList<>();
        LocalDate day = LocalDate.parse("2026-01-01");
        ledger.deliveries(day, (address, said) -> told.add(address + " " + said));
        assertEquals(List.of("ann@far.test 192.0.2.1_accepted_message./TLS:_x,_DANE./Remote_host_said:_ok"), told);
        ledger.deliveries(day.minusDays(1), (address, said) -> told.add(address));
        assertEquals(1, told.size());
    }
}
