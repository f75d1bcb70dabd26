package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LauncherTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Map<String, Program> programs, String... arguments) {
        PrintStream nowhere = new PrintStream(err, true, UTF_8);
        return Launcher.run(
                programs, arguments, new Program.Stdio(Map.of(), InputStream.nullInputStream(), nowhere, nowhere));
    }

    @Test
    void givesTheProgramItsArgumentsAndReturnsItsCode() {
        List<String> seen = new ArrayList<>();
        int code = run(
                Map.of("vadduser", (arguments, _) -> {
                    seen.addAll(arguments);
                    return 3;
                }),
                "vadduser",
                "ann@example.test",
                "pw");
        assertEquals(3, code);
        assertEquals(List.of("ann@example.test", "pw"), seen);
    }

    @Test
    void namesTheProgramsItHas() {
        assertEquals(Launcher.USAGE, run(Map.of("b", (_, _) -> 0, "a", (_, _) -> 0), "no\nsuch"));
        assertEquals("qrate: no program no\\x0asuch here; there are a b\n", err.toString(UTF_8));
    }

    @Test
    void turnsBrokenInputIntoOneLineAndATemporaryFailure() {
        int code = run(
                Map.of("qmail-qread", (_, _) -> {
                    throw new IOException("no\nqueue");
                }),
                "qmail-qread");
        assertEquals(Launcher.TEMPORARY, code);
        assertEquals("qmail-qread: fatal: no\\x0aqueue\n", err.toString(UTF_8));
    }

    @Test
    void turnsABugIntoItsTraceAndATemporaryFailure() {
        int code = run(
                Map.of("qmail-qread", (_, _) -> {
                    throw new IllegalStateException("a bug");
                }),
                "qmail-qread");
        assertEquals(111, code);
        List<String> lines = err.toString(UTF_8).lines().toList();
        assertEquals("java.lang.IllegalStateException: a bug", lines.getFirst());
        assertEquals("qmail-qread: fatal: java.lang.IllegalStateException: a bug", lines.getLast());
        assertEquals(
                111,
                run(
                        Map.of("qmail-qread", (_, _) -> {
                            throw new InterruptedException();
                        }),
                        "qmail-qread"));
        assertTrue(Thread.interrupted());
    }

    @Test
    void closesPartsLastFirstEvenWhenOneFails() {
        List<String> closed = new ArrayList<>();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Log log = new Log(new PrintStream(lines, true, UTF_8), Log.Stamp.NONE, java.time.InstantSource.system());
        try (Daemon daemon = new Daemon(log)) {
            daemon.add(() -> closed.add("queue"));
            daemon.add((AutoCloseable) () -> {
                throw new IOException("stuck");
            });
            daemon.add(() -> closed.add("door"));
        }
        assertEquals(List.of("door", "queue"), closed);
        assertEquals(
                1,
                lines.toString(UTF_8).lines().filter(l -> l.contains("stuck")).count());
    }
}
