package qrate.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

/// What arrives at a socket in the place of /dev/log.
class SploggerTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_780_315_200L, 7_000);
    private static final int DONT_WAIT = 0x40;
    private static final int WAITS_NOTHING = 11;

    @TempDir
    Path folder;

    private final Posix posix = new Posix();
    private InstantSource clock = InstantSource.fixed(NOW);
    private int ticks;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /// Binds, runs, and gives the datagrams without the time that depends on the zone.
    private List<String> logged(String lines, String... arguments) throws IOException {
        Path file = folder.resolve("log");
        Libc libc = posix.libc();
        int socket = libc.must("socket", 1, 2, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Datagrams.name(arena, file.toString());
            libc.must("bind", socket, name, (int) name.byteSize());
            assertEquals(0, run(lines, arguments));
            List<String> all = new ArrayList<>();
            MemorySegment datagram = arena.allocate(4096);
            while (true) {
                Libc.Result got = libc.call("recv", socket, datagram, 4096L, DONT_WAIT);
                if (got.value() == -1) {
                    assertEquals(WAITS_NOTHING, got.errno());
                    return all;
                }
                byte[] bytes = datagram.asSlice(0, got.value()).toArray(ValueLayout.JAVA_BYTE);
                all.add(new String(bytes, ISO_8859_1)
                        .replaceFirst("(?<=>)[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d ", "TIME "));
            }
        } finally {
            libc.call("close", socket);
            Files.deleteIfExists(file);
        }
    }

    private int run(String lines, String... arguments) throws IOException {
        PrintStream stream = new PrintStream(err, true, UTF_8);
        return new Splogger(posix, folder.resolve("log"), clock)
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of(), new ByteArrayInputStream(lines.getBytes(ISO_8859_1)), stream, stream));
    }

    @Test
    void putsTagAndTimestampInFrontAndChoosesThePriority() throws IOException {
        assertEquals(
                List.of(
                        "<22>TIME qmail: 1780315200.000007 new msg 1",
                        "<17>TIME qmail: 1780315200.000007 alert: oh no!",
                        "<20>TIME qmail: 1780315200.000007 warning: hm",
                        "<22>TIME qmail: 1780315200.000007 status: no alert: here",
                        "<22>TIME qmail: 1780315200.000007 no end"),
                logged("new msg 1\nalert: oh no!\n\nwarning: hm\n\n\nstatus: no alert: here\nno end", "qmail"));
    }

    @Test
    void isItsOwnTagAndTakesAnotherFacility() throws IOException {
        assertEquals(List.of("<22>TIME splogger: 1780315200.000007 x"), logged("x\n"));
        assertEquals(List.of("<30>TIME a?tag: 1780315200.000007 x"), logged("x\n", "a\ntag", "3"));
        assertEquals(List.of("<6>TIME t: 1780315200.000007 x"), logged("x\n", "t", "0"));
    }

    @Test
    void turnsWhatCannotBePrintedIntoQuestionMarks() throws IOException {
        assertEquals(List.of("<22>TIME t: 1780315200.000007 a?b??c~ d"), logged("a\tb\200\0c~ d\n", "t"));
    }

    @Test
    void givesAFoldedLineOneTimestamp() throws IOException {
        clock = () -> Instant.ofEpochSecond(1_780_315_200L + ticks++ / 2);
        List<String> all = logged("a".repeat(2400) + "\nnext\n", "t");
        assertEquals(4, all.size());
        String stamp = all.getFirst().replaceFirst("<22>TIME t: (\\d+\\.\\d{6}) a+", "$1");
        assertTrue(all.get(1).startsWith("<22>TIME t: " + stamp + "+a"), all.get(1));
        assertTrue(all.get(2).startsWith("<22>TIME t: " + stamp + "+a"), all.get(2));
        assertFalse(all.get(3).contains(stamp), all.get(3));
    }

    @Test
    void foldsALongLine() throws IOException {
        String full = "a".repeat(800);
        assertEquals(
                List.of(
                        "<17>TIME t: 1780315200.000007 alert:" + "a".repeat(794),
                        "<17>TIME t: 1780315200.000007+" + full,
                        "<17>TIME t: 1780315200.000007+b",
                        "<22>TIME t: 1780315200.000007 " + full),
                logged("alert:" + "a".repeat(794) + full + "b\n" + full + "\n", "t"));
    }

    @Test
    void refusesAWrongCall() throws IOException {
        assertEquals(100, run("x\n", "t", "mail"));
        assertEquals(100, run("x\n", "t", "24"));
        assertEquals(100, run("x\n", "t", "2", "more"));
    }

    @Test
    void saysALineItselfWhenNobodyListens() throws IOException {
        assertEquals(0, run("lost?\n", "t"));
        assertTrue(err.toString(UTF_8).startsWith("t: 1780315200.000007 lost?\nsplogger: warning: unable to reach "));
    }
}
