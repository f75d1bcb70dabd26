package qrate.posix;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Verdict;

class QueueProgramTest {
    private static final Envelope ENVELOPE = Envelope.of("ann@a.test", "bob@b.test", "cid@c.test")
            .from(new Client("192.0.2.7", "", "far.test", "ESMTPSA", "ann@a.test", "TLSv1.3 x", "submission"));
    private static final Body MESSAGE = Body.of("Subject: hi\n\nhello\n".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path folder;

    private Verdict run(String script, Body body, Duration runMax) throws IOException {
        return run(script, ENVELOPE, body, runMax);
    }

    private Verdict run(String script, Envelope envelope, Body body, Duration runMax) throws IOException {
        Path file = Files.writeString(folder.resolve("filter"), "#!/bin/sh\n" + script + "\n");
        file.toFile().setExecutable(true);
        Map<String, String> environment = Map.of("PATH", Posix.PATH_USUAL, "OUT", folder.toString());
        return new QueueProgram(new Posix(), new Posix.Command(List.of(file.toString()), environment), runMax)
                .accept(envelope, body);
    }

    private Verdict run(String script) throws IOException {
        return run(script, MESSAGE, QueueProgram.RUN_MAX);
    }

    @Test
    void givesTheMessageOnZeroAndTheEnvelopeOnOne() throws IOException {
        Verdict verdict = run("echo $$ >$OUT/pid; cat >$OUT/message; cat <&1 >$OUT/envelope");
        String pid = Files.readString(folder.resolve("pid")).strip();
        assertTrue(verdict.text().matches("ok [0-9]{10} qp " + pid), verdict.text());
        assertEquals("Subject: hi\n\nhello\n", Files.readString(folder.resolve("message")));
        assertEquals("Fann@a.test\0Tbob@b.test\0Tcid@c.test\0\0", Files.readString(folder.resolve("envelope")));
    }

    @Test
    void isNotRunForAMessageToHoldSinceItCannotBeToldThat() throws IOException {
        assertEquals(
                new Verdict.Later("the queue's program cannot be told to hold a message (#4.3.5)"),
                run("echo run >$OUT/run", ENVELOPE.toHold(), MESSAGE, QueueProgram.RUN_MAX));
        assertFalse(Files.exists(folder.resolve("run")));
    }

    @Test
    void tellsTheProgramWhoTheClientWas() throws IOException {
        run("echo \"$QRATE_CLIENT\" >$OUT/client; cat >/dev/null; cat <&1 >/dev/null");
        assertEquals(
                ENVELOPE.client(),
                Client.parse(Files.readString(folder.resolve("client")).strip()));
    }

    @ParameterizedTest
    @CsvSource({
        "11,D,5.1.3", "115,D,5.1.3", "31,D,5.3.0", "12,D,5.3.0", "40,D,5.3.0", "41,Z,4.3.0", "51,Z,4.3.0",
        "52,Z,4.3.0", "53,Z,4.3.0", "54,Z,4.3.0", "55,Z,4.3.0", "56,Z,4.3.0", "61,Z,4.3.0", "62,Z,4.3.0",
        "63,Z,4.3.0", "64,Z,4.3.0", "65,Z,4.3.0", "66,Z,4.3.0", "71,Z,4.3.0", "72,Z,4.4.1", "73,Z,4.4.1",
        "74,Z,4.4.2", "81,Z,4.3.0", "82,Z,4.3.0", "91,Z,4.3.0", "120,Z,4.3.0", "1,Z,4.3.0", "255,Z,4.3.0"
    })
    void saysWhatEachExitCodeMeans(int code, char verdict, String status) {
        Verdict said = QueueProgram.verdict(new Child.End.Exited(code), true, "");
        assertEquals(verdict, said.code());
        assertTrue(said.text().endsWith("(#" + status + ")"), said.text());
    }

    @Test
    void saysInItsOwnWordsWhyItRefuses() throws IOException {
        String read = "cat >/dev/null; cat <&1 >/dev/null; ";
        assertEquals(
                new Verdict.Never("no cats here (#5.7.1)"), run(read + "printf 'Dno cats here (#5.7.1)' >&6; exit 82"));
        assertEquals(new Verdict.Later("come back later"), run(read + "printf 'Zcome back\\r\\nlater' >&6; exit 82"));
        Verdict trouble = new Verdict.Later("the queue is in trouble (#4.3.0)");
        assertEquals(trouble, run(read + "printf 'Kfine' >&6; exit 82"));
        assertEquals(trouble, run(read + "printf D >&6; exit 82"));
        assertEquals(trouble, run("exit 82"));
        String long82 = run(read + "yes D | head -c 5000 >&6; exit 82").text();
        assertEquals(QueueProgram.REASON_BYTES_MAX, long82.length(), 2, long82);
        assertEquals(
                new Verdict.Never("the mail server refuses this message for good (#5.3.0)"),
                run(read + "printf Zlater >&6; exit 31"));
    }

    @Test
    void putsTheMessageOffWhenItIsToldToStopWhileTheProgramRuns() throws Exception {
        AtomicReference<Verdict> verdict = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                verdict.set(run("touch $OUT/runs; exec sleep 600"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> Files.exists(folder.resolve("runs")));
        caller.interrupt();
        caller.join();
        assertEquals(new Verdict.Later("the queue's program cannot be waited for (#4.3.0)"), verdict.get());
        assertTrue(interrupted.get());
    }

    @Test
    void takesNoSuccessForOneThatHasNotReadItAll() throws IOException {
        Body large = Body.of(new byte[1 << 20]);
        assertEquals('Z', run("exit 0", large, QueueProgram.RUN_MAX).code());
        assertEquals('D', run("exit 31", large, QueueProgram.RUN_MAX).code());
    }

    @Test
    void defersWhenItCrashesHangsOrIsNotThere() throws IOException {
        assertEquals("the queue's program crashed (#4.3.0)", run("kill -9 $$").text());
        assertEquals(
                "the queue's program took too long (#4.3.0)",
                run("sleep 600", MESSAGE, Duration.ofMillis(100)).text());
        Optional<qrate.core.Intake> none = QueueProgram.named(new Posix(), Map.of("QMAILQUEUE", "/no/such"));
        assertEquals(
                "unable to run the queue's program (#4.3.0)",
                none.orElseThrow().accept(ENVELOPE, MESSAGE).text());
        assertTrue(QueueProgram.named(new Posix(), Map.of("QMAILQUEUE", "")).isEmpty());
    }
}
