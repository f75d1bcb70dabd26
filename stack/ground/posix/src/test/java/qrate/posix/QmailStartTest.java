package qrate.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;

/// Who is started with which arguments and descriptors; scripts stand in for the programs.
class QmailStartTest {
    @TempDir
    Path folder;

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        file.toFile().setExecutable(true);
    }

    private void scripts(String send) throws IOException {
        script(
                "qmail-lspawn",
                "echo lspawn $# \"$1\" >&2; read line && echo \"l $line\"; cat >/dev/null; echo lspawn ends >&2");
        script(
                "qmail-rspawn",
                "echo rspawn $# >&2; read line && echo \"r $line\"; cat >/dev/null; echo rspawn ends >&2");
        script("qmail-clean", "echo clean $# >&2; read line && echo \"c $line\"; cat >/dev/null; echo clean ends >&2");
        script(
                "logging",
                "echo logger $# $1 >&2; while read line; do echo \"logged: $line\"; done; echo logger ends >&2");
        script("qmail-send", send);
    }

    private Process start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                InPlace.class.getName()));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("PATH", folder + ":/usr/bin:/bin");
        builder.redirectOutput(folder.resolve("out").toFile());
        builder.redirectError(folder.resolve("err").toFile());
        return builder.start();
    }

    /// What runs in the other process.
    static final class InPlace {
        private InPlace() {}

        public static void main(String[] arguments) throws IOException {
            Map<String, String> environment = new TreeMap<>(System.getenv());
            System.exit(new QmailStart(new Posix())
                    .run(List.of(arguments), new Program.Stdio(environment, System.in, System.out, System.err)));
        }
    }

    private static final String TALK = "echo to l >&1; echo to r >&3; echo to c >&5;"
            + " read l <&2; read r <&4; read c <&6; echo \"$l, $r, $c\" >&0;"
            + " echo pid $$ at $QRATE_SEND >&0";

    @Test
    void wiresEachProgramToItsDescriptorsAndBecomesQmailSend() throws Exception {
        scripts(TALK);
        Process process = start("./Mailbox", "logging", "tag");
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        await("logger ends");
        String out = Files.readString(folder.resolve("out"));
        // that each ends shows that nobody else has an end of its pipes
        assertTrue(
                out.matches("logged: l to l, r to r, c to c\nlogged: pid " + process.pid() + " at 127.0.0.1:628\n"),
                out);
        for (String line : List.of("lspawn 1 ./Mailbox", "rspawn 0", "clean 0", "logger 1 tag")) {
            await(line);
        }
        for (String ends : List.of("lspawn ends", "rspawn ends", "clean ends")) {
            await(ends);
        }
    }

    @Test
    void withoutALoggerTheRecordGoesToItsOwnOutput() throws Exception {
        scripts(TALK);
        Process process = start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertTrue(Files.readString(folder.resolve("out")).startsWith("l to l, r to r, c to c\n"));
        await("lspawn 1");
        assertFalse(Files.readString(folder.resolve("err")).contains("logger"));
    }

    @Test
    void signalsReachQmailSend() throws Exception {
        scripts("trap 'echo alrm >&0' ALRM; trap 'echo hup >&0' HUP; trap 'echo term >&0; exit 7' TERM;"
                + " echo ready >&0; while :; do sleep 0.05 >/dev/null 2>&1 </dev/null; done");
        Process process = start("./Mailbox");
        awaitOut("ready");
        for (String name : List.of("ALRM", "HUP", "TERM")) {
            new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                    .start()
                    .waitFor();
            awaitOut(name.toLowerCase(java.util.Locale.ROOT));
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(7, process.exitValue());
        await("clean ends");
    }

    @Test
    void startsNothingWhenAProgramIsMissing() throws Exception {
        scripts(TALK);
        Files.delete(folder.resolve("qmail-rspawn"));
        Process process = start("./Mailbox");
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue()); // the launcher makes 111 and a line of it
        String err = Files.readString(folder.resolve("err"));
        assertTrue(err.contains("unable to run qmail-rspawn: no such program"), err);
        assertFalse(err.contains("lspawn 1"), err);
    }

    private void await(String line) {
        await("err", line);
    }

    private void awaitOut(String line) {
        await("out", line);
    }

    private void await(String file, String line) {
        org.awaitility.Awaitility.await(line)
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> Files.readString(folder.resolve(file))
                        .lines()
                        .anyMatch(l -> l.strip().equals(line)));
    }
}
