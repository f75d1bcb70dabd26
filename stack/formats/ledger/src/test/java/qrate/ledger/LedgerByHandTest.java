package qrate.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.RealDisk;

/// `trace` and `ledger` by hand, without a send; images/embedded shows them beside a running one.
class LedgerByHandTest {
    @TempDir
    Path folder;

    private String said = "";

    private int run(Program program, String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        Map<String, String> environment = Map.of("QRATE_STATE", folder.toString());
        int code = program.run(
                List.of(arguments), new Program.Stdio(environment, InputStream.nullInputStream(), print, print));
        said = out.toString(UTF_8);
        return code;
    }

    @Test
    void refusesAWrongCall() throws Exception {
        assertEquals(100, run(new TraceCommand()));
        assertEquals(TraceCommand.USAGE, said);
        assertEquals(100, run(new TraceCommand(), "7", "8"));
        assertEquals(100, run(new TraceCommand(), "-7"));
        assertEquals(100, run(new TraceCommand(), ""));
        assertEquals(100, run(new LedgerCommand()));
        assertEquals(LedgerCommand.USAGE, said);
        assertEquals(100, run(new LedgerCommand(), "mend"));
    }

    @Test
    void tracesWithoutASend() throws Exception {
        assertEquals(1, run(new TraceCommand(), "7"));
        assertEquals("trace: nothing in the ledger fits 7\n", said);
        Path queue = Files.createDirectories(folder.resolve("queue"));
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z"));
        try (Ledger ledger = new Ledger(Log.silent(), new RealDisk(queue), clock)) {
            ledger.note("new msg 7");
            ledger.sync();
        }
        assertEquals(0, run(new TraceCommand(), "7"));
        assertEquals(
                "(qmail-send does not run, so that nothing is known of the queue)",
                said.lines().toList().getLast().strip());
    }

    /// The ledger has one word for each, whatever a stranger put into it.
    @Test
    void findsAddressesAndMessageIdsThatTheLedgerCouldNotKeepAsTheyAre() throws Exception {
        String longId = "<" + "m".repeat(2 * Origin.TEXT_CHARS_MAX) + "@x.test>";
        try (Ledger ledger = new Ledger(
                Log.silent(),
                new RealDisk(Files.createDirectories(folder.resolve("queue"))),
                InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z")))) {
            ledger.note("new msg 7");
            ledger.note("from msg 7: unknown message-id " + Origin.word(longId));
            ledger.note("starting delivery 1: msg 7 to remote we_ird\"x@example.org recipient 0");
            ledger.sync();
        }
        for (String wanted : List.of(
                "we ird\"x@example.org",
                "\"we ird\\\"x\"@Example.org",
                longId,
                longId.substring(1, longId.length() - 1))) {
            assertEquals(0, run(new TraceCommand(), wanted), wanted);
        }
        assertEquals(1, run(new TraceCommand(), "\"we\"@example.org"));
    }

    @Test
    void isTemporaryWhereTheLedgerCannotBeReadOrSendDoesNotAnswer() throws Exception {
        assertEquals(111, run(new LedgerCommand(), "check"));
        assertEquals("ledger: fatal: ", said.substring(0, "ledger: fatal: ".length()));
        Files.writeString(Files.createDirectories(folder.resolve("queue")).resolve(Ledger.FOLDER), "no folder");
        assertEquals(111, run(new TraceCommand(), "7"));
        assertEquals("trace: fatal: ", said.substring(0, "trace: fatal: ".length()));
        assertEquals(111, run(new LedgerCommand(), "check"));
    }

    @Test
    void tracesAsJson() throws Exception {
        try (Ledger ledger = new Ledger(
                Log.silent(),
                new RealDisk(Files.createDirectories(folder.resolve("queue"))),
                InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z")))) {
            ledger.note("new msg 7");
            ledger.note("from msg 7: unknown message-id \"\u001b\u9673@x.test");
            ledger.sync();
        }
        assertEquals(0, run(new TraceCommand(), "--json", "7"));
        assertEquals(
                "[\n{\"id\":7,\"events\":[{\"at\":\"2026-01-01T12:00:00Z\",\"line\":\"new msg 7\"},"
                        + "{\"at\":\"2026-01-01T12:00:00Z\",\"line\":\"from msg 7: unknown message-id "
                        + "\\\"\\\\x1b\u9673@x.test\"}]}\n]\n",
                said);
        assertEquals(100, run(new TraceCommand(), "--jsno", "7"));
    }

    @Test
    void saysWhatARefusalMeansBelowItsLine() throws Exception {
        String line =
                "delivery 1: deferral: 192.0.2.1_failed./Remote_host_said:_421-4.7.28_unusual_rate/421_4.7.28_x_-_gsmtp/";
        try (Ledger ledger = new Ledger(
                Log.silent(),
                new RealDisk(Files.createDirectories(folder.resolve("queue"))),
                InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z")))) {
            ledger.note("new msg 7");
            ledger.note("starting delivery 1: msg 7 to remote ann@gmail.com recipient 0");
            ledger.note(line);
            ledger.sync();
        }
        assertEquals(0, run(new TraceCommand(), "7"));
        List<String> lines = said.lines().toList();
        int at = lines.indexOf("  2026-01-01T12:00:00Z " + line);
        assertEquals(
                "      What it means: Gmail gets more mail than usual from this host, and takes less of it for a while.",
                lines.get(at + 1));
        assertEquals(
                "      What the postmaster of this host can do: nothing at once",
                lines.get(at + 2).split(":", -1)[0] + ":" + lines.get(at + 2).split(":", -1)[1]);
        assertEquals(0, run(new TraceCommand(), "--json", "7"));
        assertEquals(1, said.split("\"kind\":\"rate\",\"meaning\":\"Gmail gets", -1).length - 1, said);
    }
}
