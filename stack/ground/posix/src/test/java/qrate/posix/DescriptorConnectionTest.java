package qrate.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

/// A program whose client is on descriptors 0 and 1: a socket, as under inetd, or pipes.
class DescriptorConnectionTest {
    private static final List<String> JAVA = List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Run.class.getName());

    @TempDir
    Path folder;

    /// Reads a line and all that is waited for, says what it read, and leaves the rest to `cat`.
    static final class Run {
        private Run() {}

        public static void main(String[] arguments) throws IOException {
            Program.Stdio stdio = new Program.Stdio(Map.of(), System.in, System.out, System.err);
            Posix posix = new Posix();
            DescriptorConnection.log(stdio).line("a line of the log");
            DescriptorConnection connection = DescriptorConnection.unbuffered(stdio, posix, Optional::empty);
            StringBuilder line = new StringBuilder();
            for (int b = connection.in().read(); b != '\n'; b = connection.in().read()) {
                line.append((char) b);
            }
            connection.out().write(("heard " + line + "\n").getBytes(StandardCharsets.US_ASCII));
            connection.out().flush();
            connection.readTimeout(Duration.ofMillis(Long.parseLong(line.toString())));
            try {
                connection.in().read();
            } catch (SocketTimeoutException _) {
                connection.out().write("timeout\n".getBytes(StandardCharsets.US_ASCII));
                connection.out().flush();
            }
            posix.exec(new Posix.Command(List.of("cat"), Map.of("PATH", Posix.PATH_USUAL)), Optional.empty());
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    @Test
    void keepsTimeLimitsOnASocketAndLeavesWhatItDidNotAskForToTheNextProgram() throws IOException {
        Posix posix = new Posix();
        Sockets sockets = new Sockets(posix);
        int listener = sockets.listen(InetAddress.getLoopbackAddress(), 0, 5);
        try (Socket client = new Socket(
                InetAddress.getLoopbackAddress(), sockets.local(listener).getPort())) {
            client.setSoTimeout(60_000);
            Redirection connection = new Redirection.Passed(sockets.accept(listener));
            Posix.Command command = new Posix.Command(JAVA, Map.of("PATH", Posix.PATH_USUAL));
            try (Child child = posix.spawn(command, Map.of(0, connection, 1, connection, 2, connection))) {
                sockets.close(((Redirection.Passed) connection).own());
                client.getOutputStream().write("200\n".getBytes(StandardCharsets.US_ASCII));
                InputStream in = client.getInputStream();
                assertEquals("heard 200", line(in), "and no line of the log, since 2 is the client");
                assertEquals("timeout", line(in));
                client.getOutputStream().write("100\nrest\n".getBytes(StandardCharsets.US_ASCII));
                client.shutdownOutput();
                assertEquals("100\nrest\n", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
                assertEquals(new Child.End.Exited(0), child.await());
            }
        } finally {
            sockets.close(listener);
        }
    }

    @Test
    void keepsThemOnPipesToo() throws Exception {
        Process process = new ProcessBuilder(JAVA)
                .redirectError(folder.resolve("log").toFile())
                .start();
        process.getOutputStream().write("200\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        assertEquals("heard 200", line(process.getInputStream()));
        assertEquals("timeout", line(process.getInputStream()));
        process.getOutputStream().write("rest".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        assertEquals("rest", new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        assertEquals(0, process.waitFor());
        assertTrue(Files.readString(folder.resolve("log")).contains("a line of the log"));
    }

    /// A client that drips bytes, each in time.
    @Test
    void endsReadsThatTakeTooLongTogether() throws IOException {
        InputStream drips = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int offset, int count) {
                bytes[offset] = 'x';
                return 1;
            }
        };
        DescriptorInput in = new DescriptorInput(drips, _ -> true, 1);
        in.readTimeout(Duration.ofHours(1));
        in.within(Duration.ofMillis(50));
        assertThrows(SocketTimeoutException.class, () -> {
            for (long end = System.nanoTime() + Duration.ofSeconds(10).toNanos(); System.nanoTime() < end; ) {
                in.read();
            }
        });
        in.relax();
        assertEquals('x', in.read());
    }
}
