package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The classical command line: `qmail-start ./Maildir/ logger`, each program in a process of its own.
class QmailStartTest {
    /// Five processes start meanwhile.
    private static final Duration STARTED = Duration.ofSeconds(60);

    private static final String LETTER = "Subject: by qmail-start\n\nIt works.\n";

    @TempDir
    Path folder;

    private Beside beside;
    private int started;

    private Beside start(Installation here) throws IOException {
        String send = "127.0.0.1:" + Beside.freePort();
        Beside programs = new Beside(folder, here.state(), send);
        beside = programs;
        programs.script("logging", "while read -r line; do echo \"$1 $line\"; done");
        Files.writeString(here.state().control().resolve("concurrencylocal"), "3\n");
        return programs;
    }

    private String program(String name) {
        return beside.bin().resolve(name).toString();
    }

    private void run() throws IOException {
        started = beside.start(program("qmail-start"), "./Maildir/", "logging", "log:");
        logged("log: status: local 0/3 remote 0/20");
    }

    /// Waits for the start of a line.
    private void logged(String line) {
        Awaitility.await(line)
                .atMost(STARTED)
                .until(() -> beside.said(started).lines().anyMatch(l -> l.matches("(?s)" + line + ".*")));
    }

    private void queue(String to) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("envelope"), "Fann@example.org\0T" + to + "\0\0");
        assertEquals(0, beside.run(LETTER, "sh", "-c", "qmail-queue 1<'" + folder + "/envelope'"));
    }

    private int end() throws InterruptedException {
        Process process = beside.process(started);
        assertTrue(process.waitFor(STARTED.toSeconds(), TimeUnit.SECONDS), "it ends");
        return process.exitValue();
    }

    private static List<ProcessHandle> below(Process process) {
        return process.toHandle().children().toList();
    }

    @Test
    void carriesMailFromQmailQueueToAMaildirAndObeysSignals() throws Exception {
        Installation here = Installation.prepare(folder, Map.of());
        try (Beside _ = start(here)) {
            run();
            queue(Installation.ANN);
            for (String line : List.of(
                    "log: new msg \\d+",
                    "log: info msg \\d+: bytes \\d+ from <ann@example.org> qp \\d+ uid \\d+",
                    "log: starting delivery 1: msg \\d+ to local example.test-ann@example.test",
                    "log: status: local 1/3 remote 0/20",
                    "log: delivery 1: success: did_1\\+0\\+0/",
                    "log: end msg \\d+")) {
                logged(line);
            }
            String message = Files.readString(
                    Installation.files(here.maildir(Installation.ANN).resolve("new"))
                            .getFirst());
            assertTrue(message.startsWith("Return-Path: <ann@example.org>\nDelivered-To: "), message);
            assertTrue(message.endsWith(LETTER), message);
            Awaitility.await("qmail-clean has removed it")
                    .atMost(STARTED)
                    .until(() -> messages(here).isEmpty());

            // a host that is not there is tried again when ALRM says so
            Files.writeString(here.state().control().resolve("smtproutes"), ":127.0.0.1:1\n");
            queue("bob@elsewhere.test");
            logged("log: starting delivery 2: msg \\d+ to remote bob@elsewhere.test");
            logged("log: delivery 2: deferral: ");
            signal("ALRM");
            logged("log: delivery 3: deferral: ");
            // HUP: the domain is ours from now on
            Files.writeString(here.state().control().resolve("locals"), "localhost\nelsewhere.test\n");
            signal("HUP");
            Awaitility.await("HUP")
                    .atMost(STARTED)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> {
                        queue("carl@elsewhere.test");
                        return beside.said(started).contains("to local carl@elsewhere.test");
                    });
            signal("TERM");
            assertEquals(0, end());
            logged("log: status: exiting"); // the logger may be the last to end
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        String pid = Long.toString(beside.process(started).pid());
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                        .start()
                        .waitFor());
    }

    /// Folder by folder: a walk fails at a file that goes meanwhile.
    private static List<Path> messages(Installation here) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path folder : Installation.files(here.state().queue().resolve("mess"))) {
            files.addAll(Installation.files(folder));
        }
        return files;
    }

    /// qmail-lspawn's place is taken by a shell script that knows nothing but the protocol.
    @Test
    void anotherProgramInQmailLspawnsPlace() throws Exception {
        Installation here = Installation.prepare(folder, Map.of());
        try (Beside _ = start(here)) {
            Path script = Files.writeString(
                    folder.resolve("standin"), """
                    printf '\\2'
                    while number=$(dd bs=1 count=1 2>/dev/null | od -An -to1 | tr -d ' '); [ -n "$number" ]; do
                        IFS= read -r -d '' message && IFS= read -r -d '' sender && IFS= read -r -d '' recipient || exit 0
                        { printf '%s\\n' "$1 $sender $recipient"; cat "$QRATE_STATE/queue/mess/$message"; } >"$OUT.$message"
                        case $recipient in
                            *never*) printf "\\\\$number"; printf 'DNever heard of him.\\0' ;;
                            *) printf "\\\\$number"; printf 'KTaken care of.\\0' ;;
                        esac
                    done
                    """.replace("$OUT.$message", folder + "/out.${message##*/}"));
            beside.script("qmail-lspawn", "exec bash '" + script + "' \"$@\"");
            run();
            assertTrue(beside.said(started).contains("log: running"), beside.said(started));
            queue("ann@example.test");
            logged("log: delivery 1: success: Taken_care_of./");
            queue("never@example.test");
            logged("log: delivery 2: failure: Never_heard_of_him./");
            try (Stream<Path> files = Files.list(folder)) {
                Path out = files.filter(f -> f.getFileName().toString().startsWith("out."))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
                String text = Files.readString(out);
                assertTrue(
                        text.startsWith("./Maildir/ ann@example.org example.test-ann@example.test\nReceived: "), text);
                assertTrue(text.endsWith(LETTER), text);
            }
            signal("TERM");
            assertEquals(0, end());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qmail-lspawn", "qmail-rspawn", "qmail-clean", "logging"})
    void oneDiesAndAllStop(String name) throws Exception {
        Installation here = Installation.prepare(folder, Map.of());
        try (Beside _ = start(here)) {
            run();
            List<ProcessHandle> all = below(beside.process(started));
            assertEquals(4, all.size(), all.toString());
            ProcessHandle victim = all.stream()
                    .filter(p -> Stream.of(p.info().arguments().orElse(new String[0]))
                            .anyMatch(word -> word.equals(name) || word.endsWith("/" + name)))
                    .findFirst()
                    .orElseThrow();
            victim.destroyForcibly();
            assertEquals(0, end());
            if (!name.equals("logging")) {
                logged("log: alert: oh no! lost " + name + " connection! dying...");
            }
            for (ProcessHandle one : all) {
                Awaitility.await(one.info().toString()).atMost(STARTED).until(() -> !one.isAlive());
            }
        }
    }

    @Test
    void aCrashLosesNothingAndWhatItLeftInMessGoes() throws Exception {
        Installation here = Installation.prepare(folder, Map.of());
        try (Beside _ = start(here)) {
            String real = Files.readString(Path.of(program("qmail-lspawn")));
            beside.script("qmail-lspawn", "printf '\\002'; cat >/dev/null"); // takes two, reports nothing
            run();
            queue(Installation.ANN);
            logged("log: status: local 1/3 remote 0/20");
            Awaitility.await("it lies in mess")
                    .atMost(STARTED)
                    .until(() -> messages(here).size() == 1);
            beside.process(started).destroyForcibly();
            assertEquals(137, end());
            assertEquals(1, messages(here).size());
            Beside.install(beside.bin(), Map.of("qmail-lspawn", real));
            started = beside.start(program("qmail-start"), "./Maildir/", "logging", "log:");
            logged("log: delivery 1: success: did_1\\+0\\+0/");
            Awaitility.await("mess is empty")
                    .atMost(STARTED)
                    .until(() -> messages(here).isEmpty());
            assertEquals(
                    1,
                    Installation.files(here.maildir(Installation.ANN).resolve("new"))
                            .size());
            signal("TERM");
            assertEquals(0, end());
        }
    }

    @Test
    void saysInTheRecordWhyItCannotStart() throws Exception {
        Installation here = Installation.prepare(folder, Map.of());
        try (Beside _ = start(here)) {
            Files.writeString(here.state().control().resolve("concurrencyremote"), "many\n");
            started = beside.start(program("qmail-start"), "./Maildir/", "logging", "log:");
            assertEquals(111, end());
            logged("log: alert: cannot start: ");
            assertEquals(111, beside.run("", program("qmail-send")));
            assertTrue(beside.said().contains("descriptors 1 to 6 are not those of qmail-start"), beside.said());
            assertEquals(100, beside.run("", program("qmail-send"), "now"));
        }
    }
}
