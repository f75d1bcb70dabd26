package qrate.images.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `qrate` itself, in the one-process shape: a copy beside what a build would have left, so that it builds
/// nothing.
class QrateScriptTest {
    private static final Path REPOSITORY =
            Path.of("").toAbsolutePath().getParent().getParent();
    private static final List<String> DOORS = List.of("SMTP", "SUBMISSION", "SMTPS", "POP3", "POP3S", "ADMIN", "QMQP");

    /// Longest wait for one command.
    private static final long COMMAND_SECONDS_MAX = 90;

    @TempDir
    Path top;

    private final Map<String, String> environment = new TreeMap<>();
    private final List<Process> started = new ArrayList<>();

    /// What a command printed, and its exit code.
    private record Said(int code, String text) {}

    @BeforeEach
    void copy() throws IOException {
        for (String file : List.of("qrate", "provisioning/jdk", "images/base/flags")) {
            Path copy = top.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(REPOSITORY.resolve(file), copy);
        }
        Path target = Files.createDirectories(top.resolve("images/embedded/target"));
        Files.writeString(target.resolve("run-path"), System.getProperty("java.class.path"));
        Files.createFile(target.resolve("run-path.stamp"));
        // one that the JVM does not take, and goes on without
        Files.writeString(target.resolve("embedded.aot"), "none");
        Files.writeString(target.resolve("embedded.aot.jvm"), System.getProperty("java.home"));
        Files.setLastModifiedTime(target.resolve("run-path.stamp"), FileTime.from(Instant.now()));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("PATH", System.getenv("PATH"));
        environment.put("QRATE_BCRYPT_COST", "4");
        takePorts();
    }

    /// Another port for each door.
    private void takePorts() throws IOException {
        LinkedHashSet<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < DOORS.size()) {
            ports.add(Beside.freePort());
        }
        for (String door : DOORS) {
            environment.put("QRATE_" + door + "_PORT", ports.removeFirst().toString());
        }
    }

    @AfterEach
    void end() throws IOException {
        started.forEach(Process::destroyForcibly);
        Path pid = top.resolve("var/run/embedded.pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                    .filter(process -> process.info().command().orElse("").endsWith("java"))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private Process start(Path output, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("bash", top.resolve("qrate").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(top.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return process;
    }

    private static Said end(Process process, Path output) throws IOException, InterruptedException {
        assertTrue(process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS), () -> "it does not end");
        return new Said(process.exitValue(), Files.readString(output));
    }

    private Said qrate(String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(top, "said", "");
        return end(start(output, arguments), output);
    }

    private void saysOneLine(int code, String text, String... arguments) throws IOException, InterruptedException {
        assertEquals(new Said(code, "qrate: fatal: " + text + "\n"), qrate(arguments));
    }

    private String port(String door) {
        return environment.get("QRATE_" + door + "_PORT");
    }

    @Test
    void aWrongCallIsOneLineAndExit100() throws Exception {
        saysOneLine(100, "--state needs a folder", "status", "--state");
        saysOneLine(100, "--domain needs a name", "up", "--embedded", "--domain");
        saysOneLine(100, "--minutes needs a number", "fuzz", "--minutes");
        for (String bad : List.of("abc", "0", "65536", "-1", "25 26")) {
            environment.put("QRATE_POP3_PORT", bad);
            saysOneLine(100, "QRATE_POP3_PORT: '" + bad + "' is no port", "up", "--embedded");
        }
        assertFalse(Files.exists(top.resolve("var")));
    }

    @Test
    void whatNeedsAnInstallationMakesNoneWhereThereIsNone() throws Exception {
        String nothing = "nothing is set up in " + top + "/var: ./qrate up";
        saysOneLine(100, nothing, "status");
        saysOneLine(100, nothing, "logs");
        saysOneLine(100, nothing, "down");
        saysOneLine(100, nothing, "smoke");
        saysOneLine(100, nothing, "vadddomain", "example.org", "password");
        saysOneLine(100, nothing, "ezmlm-make", "team@example.org");
        assertEquals(0, qrate("vadddomain", "--help").code());
        assertFalse(Files.exists(top.resolve("var")));
    }

    @Test
    void aStateThatCannotBeWrittenIsOneLine() throws Exception {
        Files.createFile(top.resolve("file"));
        saysOneLine(111, top + "/file: no folder can be made or written there", "--state", "file", "up", "--embedded");
    }

    @Test
    void aDomainThatCanBeNoneIsForgottenAgain() throws Exception {
        Said bad = qrate("up", "--embedded", "--domain", "no domain");
        assertEquals(100, bad.code());
        assertTrue(bad.text().startsWith("init: fatal: no domain: is no name for a mail domain\n"), bad::text);
        assertFalse(Files.exists(top.resolve("var/domain")));
        assertFalse(Files.exists(top.resolve("var/control")));
    }

    @Test
    void aPortThatAnotherProgramHasIsNotTakenForOurs() throws Exception {
        for (String door : List.of("SMTP", "ADMIN")) {
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String before = environment.put("QRATE_" + door + "_PORT", Integer.toString(other.getLocalPort()));
                saysOneLine(
                        111,
                        "port " + other.getLocalPort() + " is taken by another program: set QRATE_" + door
                                + "_PORT, or end it",
                        "up",
                        "--embedded");
                environment.put("QRATE_" + door + "_PORT", before);
            }
        }
    }

    /// After a reboot the number in a pid file may be another's: `down` would end a neighbour.
    @Test
    void theProcessOfAnotherStateIsNotTakenForOurs() throws Exception {
        Path neighbour = Files.createDirectories(top.resolve("neighbour"));
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "exec -a 'qrate.images.embedded.Main up' sleep 60");
        builder.environment().put("QRATE_STATE", neighbour.toString());
        Process other = builder.start();
        started.add(other);
        Path command = Path.of("/proc/" + other.pid() + "/cmdline");
        await().until(() -> Files.readString(command).startsWith("qrate.images.embedded.Main up"));
        for (String state : List.of("neighbour", "var")) {
            Files.createDirectories(top.resolve(state).resolve("control"));
            Path pid =
                    Files.createDirectories(top.resolve(state).resolve("run")).resolve("embedded.pid");
            Files.writeString(pid, other.pid() + "\n");
        }
        assertTrue(qrate("status", "--state", "neighbour").text().startsWith("  embedded, pid " + other.pid() + "\n"));
        assertEquals(new Said(1, "  embedded, not running\n"), qrate("status"));
        assertEquals(new Said(0, "qrate: down (embedded)\n"), qrate("down"));
        assertTrue(other.isAlive());
    }

    @Test
    void theNamesInEnvAreReadAsComposeReadsThem() throws Exception {
        Files.createDirectories(top.resolve("compose"));
        Files.writeString(top.resolve("compose/.env"), """
                # a comment
                QRATE_SMTP_PORT="one"  # quoted
                QRATE_POP3_PORT='two'
                QRATE_POP3S_PORT=three # said
                QRATE_ADMIN_PORT=four  \r
                """);
        for (Map.Entry<String, String> entry : Map.of("SMTP", "one", "POP3", "two", "POP3S", "three", "ADMIN", "four")
                .entrySet()) {
            String name = "QRATE_" + entry.getKey() + "_PORT";
            Map<String, String> all = new TreeMap<>(environment);
            environment.remove(name);
            saysOneLine(100, name + ": '" + entry.getValue() + "' is no port", "up", "--embedded");
            environment.putAll(all);
        }
    }

    @Test
    void severalAtOnceAndInAnyPlaceDoWhatOneDoes() throws Exception {
        Path one = top.resolve("one");
        Path two = top.resolve("two");
        Process first = start(one, "up", "--embedded", "--domain", "Example.ORG");
        Process second = start(two, "up", "--embedded");
        Said up = end(first, one);
        Said again = end(second, two);
        assertEquals(0, up.code(), up::text);
        assertEquals(0, again.code(), again::text);
        String ports = "  smtp 127.0.0.1:" + port("SMTP") + "  submission :" + port("SUBMISSION") + "  smtps :"
                + port("SMTPS") + "  pop3 :" + port("POP3") + "  pop3s :" + port("POP3S")
                + "\n  admin http://127.0.0.1:"
                + port("ADMIN") + "\n";
        assertTrue(up.text().contains(ports), up::text);
        assertTrue(again.text().contains(ports), again::text);
        String domain = Files.readString(top.resolve("var/domain")).strip();
        assertEquals(
                "",
                Files.readString(top.resolve("var/log/qrate.log"))
                        .lines()
                        .filter(line -> line.contains("fatal") || line.contains("alert") || line.contains("SLF4J"))
                        .reduce("", String::concat));

        // other ports in the environment change nothing that runs
        Map<String, String> before = new TreeMap<>(environment);
        takePorts();
        assertTrue(qrate("up", "--embedded").text().contains(ports));
        assertEquals(new Said(0, ""), qrate("vadduser", "ann@" + domain, "a good password"));
        Said status = qrate("status");
        assertEquals(0, status.code(), status::text);
        assertEquals(
                6,
                status.text().lines().filter(line -> line.endsWith(" answers")).count(),
                status::text);
        saysOneLine(
                100,
                "the domain here is " + domain + ": ./qrate vadddomain other.test adds another",
                "up",
                "--embedded",
                "--domain",
                "other.test");
        environment.putAll(before);

        // a door that cannot do what it is for is ill, and why
        Path certificate = top.resolve("var/tls/cert.pem");
        byte[] good = Files.readAllBytes(certificate);
        Files.writeString(certificate, "none");
        String ill = "qrate: not well: tls: unable to use tls/cert.pem and key.pem";
        await().atMost(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)
                .until(() -> qrate("status").text().contains(ill));
        assertEquals(1, qrate("status").code());
        Said illAgain = qrate("up", "--embedded");
        assertTrue(illAgain.code() == 1 && illAgain.text().contains(ill), illAgain::text);
        Files.write(certificate, good);
        await().atMost(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)
                .until(() -> qrate("status").code() == 0);

        // no jar is built anew under what runs from it
        Files.createDirectories(top.resolve("stack/some/src/main/java"));
        assertEquals(
                new Said(0, "qrate: the sources are newer than what runs: ./qrate down, and up builds them\n"),
                qrate("vpasswd", "ann@" + domain, "a better password"));
        Files.setLastModifiedTime(top.resolve("images/embedded/target/run-path.stamp"), FileTime.from(Instant.now()));

        saysOneLine(100, "extra: usage: qrate down [--volumes] [--state DIR]", "down", "extra");
        assertEquals(new Said(0, "qrate: down (embedded)\n"), qrate("down"));
        saysOneLine(111, "it does not run: ./qrate up", "smoke");

        // one that ends another in the middle of its start waits until that is done
        Process third = start(one, "up", "--embedded");
        Process last = start(two, "down");
        assertEquals(0, end(third, one).code());
        assertEquals(0, end(last, two).code());
        qrate("down");
        assertEquals(new Said(1, "  embedded, not running\n"), qrate("status"));
        assertEquals(new Said(0, "qrate: down (embedded)\n"), qrate("down", "--volumes"));
        try (var left = Files.list(top.resolve("var"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
