package qrate.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.QueueControl.Traffic;
import qrate.testkit.Seeds;
import qrate.testkit.SimulatedDisk;

/// What a day's lines count for.
class DayCountsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-01-02");

    private Instant now = Instant.parse("2026-01-02T10:00:00Z");

    private Ledger ledger(Disk disk) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Ledger(new Log(nowhere, Log.Stamp.NONE, () -> now), disk, () -> now);
    }

    private static void write(Ledger ledger, String... lines) {
        for (String line : lines) {
            ledger.note(line);
        }
        ledger.sync();
    }

    /// Ann writes to Bob in her domain and to somebody elsewhere.
    private static final String[] ANN_WRITES = {
        "new msg 1",
        "info msg 1: bytes 500 from <ann@example.test> qp 1 uid 7 recipients 2",
        "from msg 1: client 192.0.2.1 helo login with ESMTPSA login ann@example.test tls TLSv1.3 door submission"
                + " message-id <x_login_y@z>",
        "starting delivery 1: msg 1 to local bob@Example.TEST recipient 0",
        "starting delivery 2: msg 1 to remote zoe@far.test recipient 1",
        "delivery 1: success: did_1+0+0/",
        "delivery 2: deferral: nobody_there/",
    };

    @Test
    void countsWhatAUserSendsOnceAndWhatEachMailboxGets() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        try (Ledger ledger = ledger(disk)) {
            write(ledger, ANN_WRITES);
            assertEquals(List.of(new Traffic("example.test", 1, 500, 0, 1, 500, 0)), ledger.traffic(DAY));
            write(ledger, "delivery 2: failure: no_such_user/", "bounce msg 1 qp 3", "end msg 1");
            assertEquals(List.of(new Traffic("example.test", 1, 500, 0, 1, 500, 1)), ledger.traffic(DAY));
            assertEquals(List.of(), ledger.traffic(DAY.minusDays(1)));
            assertEquals(
                    List.of(new Traffic("example.test", 1, 500, 0, 1, 500, 1)),
                    ledger.traffic(DAY),
                    "asked anew, after another day");
        }
        try (Ledger later = ledger(disk)) {
            assertEquals(
                    List.of(new Traffic("example.test", 1, 500, 0, 1, 500, 1)),
                    later.traffic(DAY),
                    "a new process counts the same");
        }
    }

    @Test
    void countsABounceOfWhatWasSentDaysAgo() throws IOException {
        try (Ledger ledger = ledger(new SimulatedDisk(1))) {
            write(
                    ledger,
                    "bounce msg 1 qp 3",
                    "end msg 1",
                    "new msg 3",
                    "info msg 3: bytes 900 from <> qp 3 uid 7 recipients 1",
                    "from msg 3: unknown",
                    "starting delivery 9: msg 3 to local ann@example.test recipient 0",
                    "delivery 9: deferral: full/",
                    "starting delivery 10: msg 3 to local ann@example.test recipient 0",
                    "delivery 10: success: did_1+0+0/",
                    "end msg 3");
            assertEquals(List.of(new Traffic("example.test", 1, 900, 0, 0, 0, 1)), ledger.traffic(DAY));
        }
    }

    @Test
    void countsSpamOfStrangersAndNothingElseOfThem() throws IOException {
        try (Ledger ledger = ledger(new SimulatedDisk(1))) {
            write(
                    ledger,
                    "new msg 1",
                    "info msg 1: bytes 70 from <login@forged.test> qp 1 uid 7 recipients 1",
                    "from msg 1: client 198.51.100.7 helo login with SMTP door smtp filter spam",
                    "starting delivery 1: msg 1 to local two.test-cat@two.test recipient 0",
                    "running",
                    "delivery 1: success: of_another_process/",
                    "starting delivery 1: msg 1 to local two.test-cat@two.test recipient 0",
                    "delivery 1: success: did_1+0+0/");
            assertEquals(List.of(new Traffic("two.test", 1, 70, 1, 0, 0, 0)), ledger.traffic(DAY));
        }
    }

    @Test
    void tellsAFilteredMessageInTheLineOfItsOrigin() throws IOException {
        String text = new Origin(qrate.core.Client.parse("192.0.2.1;;h;SMTP;;;smtp;;spam"), "<a@b>").text();
        assertEquals(" client 192.0.2.1 helo h with SMTP door smtp filter spam message-id <a@b>", text);
        assertEquals(new LedgerLine.From(5, "<a@b>"), LedgerLine.parse("from msg 5:" + text));
    }

    @Test
    void staysBoundedWhateverStandsInAFile() throws IOException {
        SimulatedDisk disk = new SimulatedDisk(1);
        try (Ledger ledger = ledger(disk)) {
            for (int i = 0; i < QueueControl.DOMAINS_MAX + 500; i++) {
                ledger.note("starting delivery " + i + ": msg " + i + " to local x@d" + i + ".test recipient 0");
                ledger.note("delivery " + i + ": success: /");
            }
            ledger.sync();
            assertEquals(QueueControl.DOMAINS_MAX, ledger.traffic(DAY).size());
        }
    }

    @Test
    void takesAnyLine() {
        List<String> words = List.of(
                "info",
                "msg",
                "from",
                "starting",
                "delivery",
                "bounce",
                "end",
                "1:",
                "7",
                "-3",
                "bytes",
                "local",
                "@",
                "a@b",
                "",
                ":",
                "99999999999999999999",
                "success:",
                "login",
                "uid",
                "qp",
                "<>",
                "filter",
                "spam");
        Seeds.forAll(2000, random -> {
            DayCounts.Lines lines = new DayCounts.Lines();
            for (int i = 0; i < 30; i++) {
                StringBuilder line = new StringBuilder(words.get(random.nextInt(7)));
                for (int n = random.nextInt(10); n > 0; n--) {
                    line.append(' ').append(words.get(random.nextInt(words.size())));
                }
                lines.take(line.toString());
            }
            for (Traffic one : lines.counted()) {
                assertTrue(one.received() >= 0 && one.receivedBytes() >= 0 && one.sentBytes() >= 0, one::toString);
            }
        });
    }
}
