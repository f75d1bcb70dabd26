package qrate.tcpserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.posix.Posix;

/// The command `tcpserver` in a process of its own.
class TcpserverProgramTest {
    @TempDir
    Path folder;

    private Process process;
    private int port;

    /// What runs in the other process.
    static final class Run {
        private Run() {}

        public static void main(String[] arguments) {
            Posix posix = new Posix();
            Launcher.main(
                    Map.of("tcpserver", new Tcpserver(posix, InstantSource.system()), "tcp-env", new TcpEnv(posix)),
                    arguments);
        }
    }

    private ProcessBuilder java(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("TCP"));
        return builder.redirectError(folder.resolve("log").toFile());
    }

    /// Starts `tcpserver -1 -H -R -l here ARGUMENTS`, whose first argument are further options.
    private void serve(List<String> options, String... program) throws IOException {
        serve("127.0.0.1", options, program);
    }

    private void serve(String host, List<String> options, String... program) throws IOException {
        List<String> all = new ArrayList<>(List.of("tcpserver", "-1HR", "-lhere"));
        all.addAll(options);
        all.addAll(List.of(host, "0"));
        all.addAll(List.of(program));
        process = java(all.toArray(String[]::new)).start();
        StringBuilder line = new StringBuilder();
        InputStream in = process.getInputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        assertTrue(line.toString().matches("[0-9]+"), () -> line + log());
        port = Integer.parseInt(line.toString());
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Socket connect() throws IOException {
        return connect("127.0.0.1");
    }

    private Socket connect(String address) throws IOException {
        Socket socket = new Socket(InetAddress.getByName(address), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private String ask(String text) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(text.getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private int fails(String... arguments) throws Exception {
        Process failing = java(arguments).start();
        assertTrue(failing.waitFor(60, TimeUnit.SECONDS));
        return failing.exitValue();
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void givesTheProgramTheConnectionTheEnvironmentAndALineOfTheLogEach() throws Exception {
        serve(
                List.of("-v", "-B", "hello\r\n", "-c", "7"),
                "sh",
                "-c",
                "cat; echo $PROTO $TCPLOCALIP $TCPLOCALHOST $TCPREMOTEIP [$TCPREMOTEHOST] [$TCPREMOTEINFO]; exit 3");
        assertEquals("hello\r\nhalf closedTCP 127.0.0.1 here 127.0.0.1 [] []\n", ask("half closed"));
        await().until(() -> log().contains(" 0/7\n") && log().contains(" end "));
        String pid = "[0-9]+";
        String lines = "tcpserver: status: 0/7\ntcpserver: status: 1/7\ntcpserver: pid " + pid + " from 127.0.0.1\n"
                + "tcpserver: ok " + pid + " here:127.0.0.1:" + port + " :127.0.0.1::" + pid + "\n"
                + "tcpserver: end " + pid + " status 768\ntcpserver: status: 0/7\n";
        assertTrue(log().matches(lines), log());
        process.destroy();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), "TERM is how it is told to end");
    }

    @Test
    void looksNamesUpWhenAsked() throws IOException {
        serve(List.of("-h", "-p", "-t", "1", "-r"), "sh", "-c", "echo $TCPREMOTEHOST");
        assertEquals("localhost\n", ask(""));
    }

    @Test
    void listensOnEveryAddressOfBothFamilies() throws IOException {
        serve("0", List.of("-v"), "sh", "-c", "echo $PROTO $TCPLOCALIP $TCPREMOTEIP");
        assertEquals("TCP 127.0.0.1 127.0.0.1\n", ask(""));
        if (NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null) {
            try (Socket socket = connect("::1")) {
                assertEquals("TCP ::1 ::1\n", new String(socket.getInputStream().readAllBytes(), UTF_8));
            }
            // the program may be done before the line about it is written
            await().until(() -> log().contains(" from ::1\n"));
        }
    }

    @Test
    void makesFurtherClientsWaitOnceTheLimitIsReached() throws Exception {
        serve(List.of("-c1"), "cat");
        try (Socket first = connect();
                Socket second = connect()) {
            first.getOutputStream().write('1');
            assertEquals('1', first.getInputStream().read());
            second.getOutputStream().write('2');
            second.setSoTimeout(300);
            boolean waited = false;
            try {
                second.getInputStream().read();
            } catch (java.net.SocketTimeoutException _) {
                waited = true;
            }
            assertTrue(waited);
            first.shutdownOutput();
            second.setSoTimeout(30_000);
            assertEquals('2', second.getInputStream().read());
        }
    }

    @Test
    void limitsTheConnectionsOfOneAddress() throws Exception {
        serve(List.of("-v", "-C", "1"), "cat");
        try (Socket first = connect()) {
            first.getOutputStream().write('1');
            assertEquals('1', first.getInputStream().read());
            assertEquals("", ask(""));
            assertTrue(log().contains(" too many connections\n"), log());
        }
        await().until(() -> log().endsWith(" 0/40\n"));
        assertEquals("x", ask("x"));
    }

    @Test
    void keepsToRulesAndSeesNewOnes() throws Exception {
        Path rules = folder.resolve("rules.cdb");
        TcprulesCompiler.compile("127.0.0.1:allow,WHO=\"a rule\"", rules);
        serve(List.of("-v", "-x", rules.toString()), "sh", "-c", "echo $WHO");
        assertEquals("a rule\n", ask(""));
        TcprulesCompiler.compile(":deny", rules);
        await().untilAsserted(() -> assertEquals("", ask("")));
        assertTrue(log().contains("tcpserver: deny "), log());
        Files.delete(rules);
        await().untilAsserted(() -> {
            assertEquals("", ask(""));
            assertTrue(log().contains("unable to read " + rules), log());
        });
    }

    @Test
    void doesNotNeedItsRulesWithX() throws Exception {
        serve(List.of("-X", "-x", folder.resolve("none").toString()), "echo", "in");
        assertEquals("in\n", ask(""));
        assertEquals(
                111,
                fails("tcpserver", "-x", relaying().toString(), "127.0.0.1", "0", "cat"),
                "rules that would make an open relay of a container");
        assertTrue(
                log().startsWith("tcpserver: fatal: rules relay.cdb: ") && log().contains("sets RELAYCLIENT for"),
                log());
    }

    private Path relaying() throws IOException {
        Path rules = folder.resolve("relay.cdb");
        TcprulesCompiler.compile(":allow,RELAYCLIENT=\"\"", rules);
        return rules;
    }

    @Test
    void becomesTheUserItIsTold() throws Exception {
        int uid = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        // anyone may become who they are; root may become anyone
        int other = uid == 0 ? 65534 : uid;
        List<String> options = uid == 0 ? List.of("-u", "65534", "-g", "65534") : List.of("-u" + uid);
        serve(options, "id", "-u");
        assertEquals(other + "\n", ask(""));
    }

    @Test
    void goesOnWhenTheProgramCannotRun() throws Exception {
        serve(List.of("-D", "-o", "-b", "5"), "no-such-program");
        assertEquals("", ask(""));
        await().until(() -> log().contains("tcpserver: drop: unable to run no-such-program: no such program\n"));
        assertEquals("", ask(""));
    }

    @Test
    void exitsAsDocumented() throws Exception {
        assertEquals(100, fails("tcpserver", "127.0.0.1", "0"));
        assertTrue(log().startsWith("tcpserver: usage: "), log());
        assertEquals(111, fails("tcpserver", "203.0.113.77", "0", "cat"));
        assertTrue(log().startsWith("tcpserver: fatal: unable to bind 203.0.113.77:0: "), log());
        assertEquals(111, fails("tcpserver", "-q", "127.0.0.1", "no-such-service", "cat"));
        assertEquals("", log());
        assertEquals(100, fails("tcp-env", "-x"));
        assertEquals(100, fails("tcp-env"));
        assertEquals(111, fails("tcp-env", "-R", "cat"), "descriptor 0 is a pipe");
        ProcessBuilder ready = java("tcp-env", "-R", "-t5", "sh", "-c", "exit 9");
        ready.environment().put("PROTO", "TCP");
        Process told = ready.start();
        assertTrue(told.waitFor(60, TimeUnit.SECONDS));
        assertEquals(9, told.exitValue(), "PROTO says that everything is set already");
    }
}
