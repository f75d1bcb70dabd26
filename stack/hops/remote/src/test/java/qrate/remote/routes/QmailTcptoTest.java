package qrate.remote.routes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.Program;
import qrate.testkit.Seeds;

/// The table of hosts that timed out, in its file, and the two commands.
class QmailTcptoTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::1");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private record Ran(int exit, String out, String err) {}

    private TimedOut memory() {
        return new TimedOut(() -> now, new TimeoutTable(folder.resolve("tcpto")), Log.silent());
    }

    private Ran run(Program program, String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                Map.of("QRATE_TCPTO", folder.resolve("tcpto").toString()),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int exit = program.run(List.of(arguments), stdio);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void printsEachHostItsAgeAndCountAsQmailDoes() throws Exception {
        assertEquals(new Ran(0, "", ""), run(QmailTcpto.list(() -> now)));
        memory().timedOut(V4);
        now = now.plus(Duration.ofMinutes(3));
        memory().timedOut(V4);
        now = now.plusSeconds(5);
        memory().timedOut(V6);
        now = now.plusSeconds(2);
        assertEquals(new Ran(0, """
            192.0.2.1 timed out 7 seconds ago; # recent timeouts: 2
            2001:db8:0:0:0:0:0:1 timed out 2 seconds ago; # recent timeouts: 1
            """, ""), run(QmailTcpto.list(() -> now)));
    }

    @Test
    void forgetsThemAll() throws Exception {
        assertEquals(new Ran(0, "", ""), run(QmailTcpto.forget(() -> now)), "nothing to forget");
        memory().timedOut(V4);
        now = now.plus(Duration.ofMinutes(3));
        memory().timedOut(V4);
        assertTrue(memory().resting(V4));
        assertEquals(new Ran(0, "", ""), run(QmailTcpto.forget(() -> now)));
        assertFalse(memory().resting(V4), "whoever runs sees it at once");
        assertEquals("", run(QmailTcpto.list(() -> now)).out);
    }

    @Test
    void countsTimeoutsTwoMinutesApartAndEndsAfterAnHourOrAnAnswer() {
        TimedOut memory = memory();
        memory.timedOut(V4);
        now = now.plusSeconds(119);
        memory.timedOut(V4);
        assertFalse(memory.resting(V4));
        now = now.plusSeconds(1);
        memory.timedOut(V4);
        assertTrue(memory.resting(V4));
        assertFalse(memory.resting(V6));
        now = now.plusSeconds(3599);
        assertTrue(memory().resting(V4), "another process sees the same");
        now = now.plusSeconds(1);
        assertFalse(memory.resting(V4));
        memory.timedOut(V4);
        now = now.plusSeconds(130);
        memory.timedOut(V4);
        assertTrue(memory.resting(V4));
        memory.answered(V4);
        assertFalse(memory.resting(V4));
        memory.timedOut(V4);
        assertFalse(memory.resting(V4));
    }

    @Test
    void remembersNoMoreThanItsLimitAndDropsTheOldest() throws IOException {
        TimeoutTable table = new TimeoutTable(folder.resolve("tcpto"));
        for (int i = 0; i < TimeoutTable.SERVERS_MAX + 2; i += 401) {
            int n = i;
            InetAddress server = InetAddress.getByAddress(new byte[] {10, 0, (byte) (n >> 8), (byte) n});
            table.change(server, _ -> java.util.Optional.of(new TimeoutTable.Entry(server, 1, 1 + n)));
        }
        assertEquals(5, table.all().size());
        assertEquals(5 * 32, Files.size(folder.resolve("tcpto")));
    }

    @Test
    void takesAnyFileForATableAndSkipsWhatMakesNoSense() {
        Seeds.forAll(300, random -> {
            byte[] bytes = new byte[random.nextInt(500)];
            random.nextBytes(bytes);
            try {
                Files.write(folder.resolve("tcpto"), bytes);
                TimedOut memory = memory();
                memory.resting(V4);
                memory.timedOut(V4);
                memory.answered(V4);
                assertTrue(new TimeoutTable(folder.resolve("tcpto")).find(V4).isEmpty());
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void saysWhatIsWrongInOneLineAndLeavesNobodyAlone() throws Exception {
        Files.createDirectories(folder.resolve("tcpto/x"));
        Ran list = run(QmailTcpto.list(() -> now));
        assertEquals(111, list.exit);
        assertTrue(list.out.startsWith("fatal: unable to read tcpto: "), list.out);
        assertEquals(111, run(QmailTcpto.forget(() -> now)).exit);
        assertEquals(100, run(QmailTcpto.list(() -> now), "x").exit);
        TimedOut memory = memory();
        memory.timedOut(V4);
        assertFalse(memory.resting(V4));
    }

    @Test
    void printsTheSameAsJson() throws Exception {
        assertEquals(new Ran(0, "[]\n", ""), run(QmailTcpto.list(() -> now), "--json"));
        memory().timedOut(V6);
        now = now.plusSeconds(2);
        assertEquals(
                new Ran(0, "[{\"server\":\"2001:db8:0:0:0:0:0:1\",\"secondsAgo\":2,\"timeouts\":1}]\n", ""),
                run(QmailTcpto.list(() -> now), "--json"));
        assertEquals(100, run(QmailTcpto.forget(() -> now), "--json").exit);
    }
}
