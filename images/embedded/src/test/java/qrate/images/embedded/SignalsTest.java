package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;
import qrate.posix.NotifySocket;
import qrate.testkit.DnsServer;

/// What qmail-send(8) does at a signal, and what a supervisor hears, in a process of its own.
class SignalsTest {
    @TempDir
    Path folder;

    private final Map<String, String> environment = new TreeMap<>();
    private Process process;

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void logged(String part) {
        Awaitility.await("log: " + part).atMost(Installation.SOON).until(() -> log().contains(part));
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertEquals(0, kill.waitFor());
    }

    private void inject(String to) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        byte[] message = ("To: " + to + "\n\nx\n").getBytes(UTF_8);
        int code = Launcher.run(
                qrate.images.queue.Main.commands(environment),
                new String[] {"qmail-inject", "-f" + Installation.ANN, to},
                new Program.Stdio(environment, new ByteArrayInputStream(message), out, out));
        assertEquals(0, code, said.toString(UTF_8));
    }

    /// A change that only a HUP shows: a file of the same size and time is otherwise taken for the one that was read.
    private void locals(String domain) throws IOException {
        Path file = folder.resolve("state/control/locals");
        Files.writeString(file, domain + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    }

    @Test
    void systemdHearsWhenItIsReadyHowItIsAndThatItEnds() throws Exception {
        try (NotifySocket systemd = new NotifySocket(folder.resolve("notify"))) {
            Installation here = Installation.prepare(folder, environment);
            environment.put("QRATE_STATE", here.state().root().toString());
            environment.put("NOTIFY_SOCKET", folder.resolve("notify").toString());
            environment.put("WATCHDOG_USEC", "60000000");
            start();
            try {
                Awaitility.await()
                        .atMost(Installation.SOON)
                        .until(() -> systemd.heard().startsWith("READY=1\nSTATUS=all is well\nWATCHDOG=1\n"));
                Files.writeString(here.state().tls().resolve("key.pem"), "none");
                Awaitility.await()
                        .atMost(Installation.SOON)
                        .until(() -> systemd.heard().contains("STATUS=not well: tls: unable to use"));
                signal("TERM");
                assertTrue(process.waitFor(10, TimeUnit.SECONDS), "it ends within ten seconds");
                assertTrue(
                        systemd.heard().endsWith("STOPPING=1\nSTATUS=ends, after what is under way\n"),
                        systemd.heard());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void alrmTriesAllNowHupRereadsTheDomainsAndTermEnds() throws Exception {
        try (DnsServer dns = DnsServer.start();
                Sink sink = new Sink()) {
            environment.putAll(Map.of("QRATE_DNS", dns.hostAndPort(), "QRATE_SEND", "127.0.0.1:" + Beside.freePort()));
            Installation here = Installation.prepare(folder, environment);
            environment.put("QRATE_STATE", here.state().root().toString());
            Files.writeString(here.state().control().resolve("smtproutes"), "far.test:127.0.0.1:" + sink.port() + "\n");
            locals("one.test");
            start();
            try {
                sink.answer("450 4.2.0 zoe is out");
                inject("zoe@far.test");
                logged("deferral: ");
                sink.answer("250 2.1.5 ok");
                signal("ALRM"); // the schedule would wait 400 seconds
                Awaitility.await()
                        .atMost(Installation.SOON)
                        .until(() -> sink.messages().size() == 1);
                locals("two.test");
                Installation.settle();
                inject("bob@two.test");
                logged("to remote bob@two.test");
                signal("HUP");
                // each look is a message more, and a connection that this JVM keeps
                Awaitility.await()
                        .pollInterval(Duration.ofSeconds(1))
                        .atMost(Installation.SOON)
                        .until(() -> {
                            inject("eve@two.test");
                            return log().contains("to local eve@two.test");
                        });
                inject("bob@one.test");
                logged("to remote bob@one.test");
                assertTrue(process.isAlive(), "a signal it hears does not end it");
                signal("TERM");
                assertTrue(process.waitFor(10, TimeUnit.SECONDS), "it ends within ten seconds");
                logged("status: exiting");
                assertFalse(log().contains("warning: nothing hears the signal"), log());
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private void start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Up.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().putAll(environment);
        builder.environment().put("QRATE_BIND", "127.0.0.1");
        builder.environment().put("QRATE_SPOOL", folder.resolve("spool").toString());
        for (String door : List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN")) {
            builder.environment().put("QRATE_" + door + "_PORT", "0");
        }
        process = builder.start();
        logged("admin: listening on ");
    }
}
