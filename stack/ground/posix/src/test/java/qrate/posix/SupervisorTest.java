package qrate.posix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Log;

/// What arrives at a socket in the place of systemd's.
class SupervisorTest {
    private static final int DONT_WAIT = 0x40;

    @TempDir
    private Path folder;

    private final Posix posix = new Posix();
    private final Libc libc = posix.libc();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-11-29T10:00:00Z");
    private int socket = -1;

    private void listen(String address) throws IOException {
        socket = libc.must("socket", 1, 2, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = Datagrams.name(arena, address);
            libc.must("bind", socket, name, (int) name.byteSize());
        }
    }

    private List<String> heard() throws IOException {
        List<String> all = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment datagram = arena.allocate(4096);
            while (true) {
                Libc.Result got = libc.call("recv", socket, datagram, 4096L, DONT_WAIT);
                if (got.value() == -1) {
                    return all;
                }
                all.add(new String(datagram.asSlice(0, got.value()).toArray(ValueLayout.JAVA_BYTE), UTF_8));
            }
        }
    }

    private Optional<Supervisor> supervisor(Map<String, String> environment) {
        return Supervisor.of(
                posix, environment, () -> now, new Log(new PrintStream(log, true, UTF_8), Log.Stamp.NONE, () -> now));
    }

    private String file() {
        return folder.resolve("notify").toString();
    }

    @AfterEach
    void close() throws IOException {
        libc.call("close", socket);
    }

    @Test
    void whoHasNoSupervisorTellsNobody() {
        assertEquals(Optional.empty(), supervisor(Map.of()));
        assertEquals(Optional.empty(), supervisor(Map.of("NOTIFY_SOCKET", "")));
        assertEquals("", log.toString(UTF_8));
        assertEquals(Optional.empty(), supervisor(Map.of("NOTIFY_SOCKET", "vsock:2:1234")));
        assertTrue(log.toString(UTF_8).contains("vsock:2:1234 is neither"), log.toString(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/notify", "@qrate-supervisor-test"})
    void theFirstLookSaysReadyAndAnEndSaysSoFirst(String where) throws IOException {
        String address = where.startsWith("@") ? where + ProcessHandle.current().pid() : folder + where;
        listen(address);
        Supervisor supervisor = supervisor(Map.of("NOTIFY_SOCKET", address)).orElseThrow();
        assertEquals(List.of(), heard(), "not before it has looked at itself");
        supervisor.looked(List.of());
        assertEquals(List.of("READY=1\nSTATUS=all is well\n"), heard());
        supervisor.looked(List.of());
        assertEquals(List.of(), heard(), "nothing new, and no watchdog");
        supervisor.close();
        assertEquals(List.of("STOPPING=1\nSTATUS=ends, after what is under way\n"), heard());
        supervisor.looked(List.of("x: late"));
        assertEquals(List.of(), heard());
    }

    @Test
    void theStatusSaysWhatIsNotWellInOneLine() throws IOException {
        listen(file());
        Supervisor supervisor = supervisor(Map.of("NOTIFY_SOCKET", file())).orElseThrow();
        supervisor.looked(List.of());
        heard();
        supervisor.looked(List.of("disk: almost full\nREADY=1", "tls: none"));
        assertEquals(List.of("STATUS=not well: disk: almost full\\x0aREADY=1 (and 1 more)\n"), heard());
        supervisor.looked(List.of("x".repeat(10_000)));
        assertTrue(heard().getFirst().length() < Supervisor.STATUS_CHARS_MAX + 50);
        supervisor.looked(List.of());
        assertEquals(List.of("STATUS=all is well\n"), heard());
    }

    @Test
    void theWatchdogHearsOfEachLookAndOncePerSecondAtMost() throws IOException {
        listen(file());
        Supervisor supervisor = supervisor(Map.of("NOTIFY_SOCKET", file(), "WATCHDOG_USEC", "60000000"))
                .orElseThrow();
        supervisor.looked(List.of());
        assertEquals(List.of("READY=1\nSTATUS=all is well\nWATCHDOG=1\n"), heard());
        now = now.plusMillis(250);
        supervisor.looked(List.of());
        assertEquals(List.of(), heard());
        now = now.plusSeconds(5);
        supervisor.looked(List.of());
        assertEquals(List.of("WATCHDOG=1\n"), heard());
        assertEquals("", log.toString(UTF_8));
        supervisor(Map.of("NOTIFY_SOCKET", file(), "WATCHDOG_USEC", "3000000"));
        assertTrue(log.toString(UTF_8).contains("WatchdogSec is less than 15 seconds"), log.toString(UTF_8));
    }

    @Test
    void theWatchdogOfAnotherProcessIsNotOurs() throws IOException {
        listen(file());
        Supervisor supervisor = supervisor(
                        Map.of("NOTIFY_SOCKET", file(), "WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "1"))
                .orElseThrow();
        supervisor.looked(List.of());
        assertEquals(List.of("READY=1\nSTATUS=all is well\n"), heard());
    }

    @Test
    void oneThatIsAwayIsSaidOnceAndToldAgainWhenItIsBack() throws IOException {
        Supervisor supervisor = supervisor(Map.of("NOTIFY_SOCKET", file())).orElseThrow();
        supervisor.looked(List.of());
        supervisor.looked(List.of());
        assertEquals(1, log.toString(UTF_8).lines().count(), log.toString(UTF_8));
        listen(file());
        supervisor.looked(List.of());
        assertEquals(List.of("READY=1\nSTATUS=all is well\n"), heard());
        Files.delete(Path.of(file()));
    }

    /// systemd that does not read must not stop what it looks after.
    @Test
    void oneThatDoesNotReadHoldsNobodyUp() throws IOException {
        listen(file());
        Supervisor supervisor = supervisor(Map.of("NOTIFY_SOCKET", file())).orElseThrow();
        for (int i = 0; i < 5000; i++) {
            supervisor.looked(List.of("part: problem " + i));
        }
        assertTrue(heard().size() < 5000);
        supervisor.looked(List.of());
        assertEquals(List.of("STATUS=all is well\n"), heard());
    }
}
