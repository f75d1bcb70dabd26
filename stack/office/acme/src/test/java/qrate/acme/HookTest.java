package qrate.acme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;

/// The program that publishes records.
class HookTest {
    private static final Answering.Answer ANSWER = new Answering.Answer("example.test", "", "value-1");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

    private Hook hook(String script, Duration limit) throws IOException {
        Path program = folder.resolve("hook");
        Files.writeString(program, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return new Hook(
                program,
                limit,
                new Log(new PrintStream(logged, true, StandardCharsets.UTF_8), Log.Stamp.NONE, InstantSource.system()));
    }

    private String log() {
        return logged.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itIsToldNameAndValueAndHasNothingOfOurs() throws Exception {
        Path out = folder.resolve("out");
        Hook hook = hook("echo \"$@\" >>" + out + "; env | sort >>" + out + "; echo said\n", Duration.ofSeconds(60));
        hook.present(ANSWER);
        hook.remove(ANSWER);
        List<String> lines = Files.readAllLines(out);
        assertEquals("present _acme-challenge.example.test value-1", lines.getFirst());
        assertTrue(lines.contains("cleanup _acme-challenge.example.test value-1"), lines.toString());
        assertTrue(
                lines.stream()
                        .filter(line -> line.contains("="))
                        .allMatch(line -> line.matches("(PATH|PWD|_|OLDPWD|SHLVL)=.*")),
                lines.toString());
        assertTrue(log().contains("acme: hook: said"), log());
    }

    @Test
    void oneThatFailsFailsTheOrderAndItsCleaningOnlyTheLog() throws Exception {
        Hook hook = hook("echo why; exit 3\n", Duration.ofSeconds(60));
        assertTrue(assertThrows(IOException.class, () -> hook.present(ANSWER))
                .getMessage()
                .endsWith("present ended with 3"));
        hook.remove(ANSWER);
        assertTrue(log().contains("why") && log().contains("cleanup ended with 3"), log());
    }

    @Test
    void oneThatTakesTooLongIsEndedWithWhatItStarted() throws Exception {
        Path child = folder.resolve("child");
        Hook hook = hook("sleep 600 & echo $! >" + child + "; wait\n", Duration.ofSeconds(2));
        assertTrue(assertThrows(IOException.class, () -> hook.present(ANSWER))
                .getMessage()
                .contains("took longer"));
        long pid = Long.parseLong(Files.readString(child).strip());
        ProcessHandle.of(pid).ifPresent(left -> left.onExit().join());
    }

    @Test
    void oneThatSaysTooMuchIsNotLoggedWhole() throws Exception {
        hook(
                        "while [ \"${i:-0}\" -lt 3000 ]; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; i=$((i + 1)); done\n",
                        Duration.ofSeconds(60))
                .present(ANSWER);
        assertTrue(log().length() < 3 * Hook.OUTPUT_BYTES_MAX, "logged " + log().length());
    }
}
