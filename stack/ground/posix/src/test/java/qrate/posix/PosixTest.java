package qrate.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosixTest {
    private static final Map<String, String> USUAL = Map.of("PATH", Posix.PATH_USUAL);

    private final Posix posix = new Posix();

    @TempDir
    Path folder;

    private static Posix.Command shell(String script) {
        return new Posix.Command(List.of("sh", "-c", script), USUAL);
    }

    private Child.End run(String script) throws IOException {
        try (Child child =
                posix.spawn(shell(script), Map.of(0, new Redirection.Nothing(), 1, new Redirection.Nothing()))) {
            return child.await();
        }
    }

    @Test
    void tellsExitCodesAndSignalsApart() throws IOException {
        assertEquals(new Child.End.Exited(0), run("exit 0"));
        assertEquals(new Child.End.Exited(111), run("exit 111"));
        assertEquals(new Child.End.Killed(9), run("kill -9 $$"));
        assertEquals(31 << 8, run("exit 31").status());
        assertEquals(15, run("kill -15 $$").status());
    }

    @Test
    void givesAChildPipesOnAnyDescriptor() throws IOException {
        Map<Integer, Redirection> wires = Map.of(
                0,
                new Redirection.Fed(),
                1,
                new Redirection.Drained(),
                2,
                new Redirection.Nothing(),
                3,
                new Redirection.Fed());
        try (Child child = posix.spawn(shell("cat; cat <&3; exit 7"), wires)) {
            try (OutputStream zero = child.feed(0)) {
                zero.write("zero ".getBytes(StandardCharsets.US_ASCII));
            }
            try (OutputStream three = child.feed(3)) {
                three.write("three".getBytes(StandardCharsets.US_ASCII));
            }
            assertEquals("zero three", new String(child.drain(1).readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(new Child.End.Exited(7), child.await());
        }
    }

    @Test
    void keepsItsOwnDescriptorsToItselfAndBlocksNoSignal() throws IOException {
        Map<Integer, Redirection> wires =
                Map.of(0, new Redirection.Nothing(), 1, new Redirection.Drained(), 2, new Redirection.Nothing());
        try (Child child =
                posix.spawn(shell("echo /proc/self/fd/*; grep -E '^Sig(Blk|Ign)' /proc/self/status"), wires)) {
            String said = new String(child.drain(1).readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(
                    said.matches("(?s)/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2( /proc/self/fd/3)?\n.*"), said);
            assertTrue(said.matches("(?s).*SigBlk:\\s0{16}\nSigIgn:\\s0{16}\n"), said);
        }
    }

    @Test
    void leavesAChildThatRunsTooLongToItsCloser() throws IOException {
        Child child = posix.spawn(shell("sleep 600 & sleep 600"), Map.of(0, new Redirection.Nothing()));
        assertEquals(Optional.empty(), child.await(50));
        child.close();
        assertEquals(new Child.End.Killed(9), child.await());
    }

    @Test
    void saysWhyAProgramCannotRun() throws IOException {
        Posix.Command none = new Posix.Command(List.of("no-such-program"), USUAL);
        assertEquals(
                "unable to run no-such-program: no such program",
                assertThrows(IOException.class, () -> posix.spawn(none, Map.of()))
                        .getMessage());
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/shell\n");
        script.toFile().setExecutable(true);
        Posix.Command broken = new Posix.Command(List.of(script.toString()), USUAL);
        assertTrue(assertThrows(IOException.class, () -> posix.spawn(broken, Map.of()))
                .getMessage()
                .endsWith(": no such file or directory"));
        assertThrows(
                IllegalArgumentException.class,
                () -> posix.spawn(new Posix.Command(List.of("sh", "a\0b"), USUAL), Map.of()));
    }

    @Test
    void runsAnotherProgramInItsOwnPlace() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InPlace.class.getName(),
                        folder.toString())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals("before\n" + process.pid() + " " + folder.toRealPath() + " value 1\n", said);
        assertEquals(9, process.exitValue());
    }

    @Test
    void saysWhatIsMissingWhereNativeCallsAreNotAllowed() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--illegal-native-access=deny",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Denied.class.getName())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals("native calls are not allowed: java needs --enable-native-access=ALL-UNNAMED\n", said);
    }

    /// What runs where calls are denied.
    static final class Denied {
        private Denied() {}

        public static void main(String[] arguments) {
            try {
                new Posix().become(0, 0);
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /// What runs in the other process.
    static final class InPlace {
        private InPlace() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println("before");
            Posix.Command command = new Posix.Command(
                    List.of("sh", "-c", "echo $$ $(pwd -P) $VARIABLE $(ls /proc/$$/fd | grep -c '^[3-9]$'); exit 9"),
                    Map.of("PATH", Posix.PATH_USUAL, "VARIABLE", "value"));
            new Posix().exec(command, Optional.of(Path.of(arguments[0])));
        }
    }

    @Test
    void makesSocketsThatAChildCanHaveAsItsOwn() throws IOException {
        Sockets sockets = new Sockets(posix);
        int listener = sockets.listen(InetAddress.getLoopbackAddress(), 0, 5);
        int port = sockets.local(listener).getPort();
        assertEquals(Optional.empty(), sockets.ends(listener));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            int connection = sockets.accept(listener);
            Sockets.Ends ends = sockets.ends(connection).orElseThrow();
            assertEquals(client.getLocalPort(), ends.remote().getPort());
            assertEquals("127.0.0.1", ends.remote().getAddress().getHostAddress());
            assertEquals(port, ends.local().getPort());
            sockets.killOptions(connection);
            sockets.noDelay(connection);
            sockets.send(connection, "banner ".getBytes(StandardCharsets.US_ASCII));
            try (Child child = posix.spawn(
                    shell("cat; echo end"),
                    Map.of(0, new Redirection.Passed(connection), 1, new Redirection.Passed(connection)))) {
                sockets.close(connection);
                client.getOutputStream().write("said ".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput(); // half closed: the answer still comes
                assertEquals(
                        "banner said end\n",
                        new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
                assertEquals(new Child.End.Exited(0), child.await());
            }
        } finally {
            sockets.close(listener);
        }
        assertEquals(Optional.of("localhost"), sockets.name(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        assertEquals(Optional.empty(), sockets.ends(0));
        assertThrows(IOException.class, () -> sockets.local(0));
    }

    @Test
    void countsOnlyDescriptorsThatWerePassedToThisProcess() {
        String pid = Long.toString(ProcessHandle.current().pid());
        assertEquals(2, Sockets.passed(Map.of("LISTEN_PID", pid, "LISTEN_FDS", "2")));
        assertEquals(0, Sockets.passed(Map.of("LISTEN_PID", pid + "1", "LISTEN_FDS", "2")));
        assertEquals(0, Sockets.passed(Map.of("LISTEN_PID", pid, "LISTEN_FDS", "-2")));
        assertEquals(0, Sockets.passed(Map.of()));
    }
}
