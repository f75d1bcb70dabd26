package qrate.dotqmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Program;
import qrate.core.Verdict;

/// Each program with each of its exit codes.
class DotQmailProgramsTest {
    private static final String MESSAGE = "Subject: hello\n\nhello\n";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();
    private final List<Envelope> envelopes = new ArrayList<>();
    private final List<String> contents = new ArrayList<>();
    private Verdict queue = new Verdict.Delivered("ok 1 qp 17");
    private final Forward forward = new Forward(_ -> queue());

    @BeforeEach
    void setVariables() {
        environment.put("SENDER", "ann@example.org");
        environment.put("NEWSENDER", "joe-owner@example.test");
        environment.put("UFLINE", "From ann@example.org Mon Jan  1 00:00:00 2024\n");
        environment.put("RPLINE", "Return-Path: <ann@example.org>\n");
        environment.put("DTLINE", "Delivered-To: joe@example.test\n");
        environment.put("PATH", "/usr/bin:/bin");
    }

    @Test
    void forwardSendsOnAsADotQmailLineWould() throws Exception {
        assertEquals(0, run(forward.forward(), "a@example.com", "b@example.com"));
        assertEquals(List.of(Envelope.of("joe-owner@example.test", "a@example.com", "b@example.com")), envelopes);
        assertEquals(List.of("Delivered-To: joe@example.test\n" + MESSAGE), contents);
        assertTrue(out.toString(UTF_8).contains("qp 17"));
    }

    @Test
    void whatIsSentOnSaysForWhichDomain() throws Exception {
        environment.put("HOST", "example.test");
        assertEquals(0, run(forward.forward(), "a@example.com"));
        assertEquals(99, run(forward.condredirect(), "a@example.com", "sh", "-c", "exit 0"));
        for (Envelope envelope : envelopes) {
            assertEquals(Optional.of("example.test"), envelope.sentOnBy());
        }
        environment.put("HOST", "no name");
        assertEquals(0, run(forward.forward(), "a@example.com"));
        assertEquals("", envelopes.getLast().parameters());
    }

    /// Another's QMQP server refuses what it does not know.
    @Test
    void aQueueThatTakesNoParametersGetsItWithout() throws Exception {
        List<String> parameters = new ArrayList<>();
        Forward picky = new Forward(_ -> (envelope, _) -> {
            parameters.add(envelope.parameters());
            return envelope.parameters().isEmpty() ? new Verdict.Delivered("ok") : new Verdict.Never("no");
        });
        environment.put("HOST", "example.test");
        assertEquals(0, run(picky.forward(), "a@example.com"));
        assertEquals(List.of("SENTON=example.test", ""), parameters);
    }

    @Test
    void forwardExitsAsTheQueueAnswers() throws Exception {
        queue = new Verdict.Later("full");
        assertEquals(111, run(forward.forward(), "a@example.com"));
        queue = new Verdict.Never("no");
        assertEquals(100, run(forward.forward(), "a@example.com"));
        assertEquals(100, run(forward.forward()));
        assertEquals(100, run(forward.forward(), "a\n@example.com"));
        environment.remove("DTLINE");
        queue = new Verdict.Delivered("ok");
        assertEquals(100, run(forward.forward(), "a@example.com"));
        assertEquals(2, envelopes.size());
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 99, 1", "exit 111, 111, 0", "exit 1, 0, 0", "exit 100, 0, 0", "grep -q hello, 99, 1"})
    void condredirectSendsOnIfItsProgramSaysSo(String command, int code, int sent) throws Exception {
        assertEquals(code, run(forward.condredirect(), "new@example.com", "sh", "-c", command));
        assertEquals(sent, envelopes.size());
        envelopes.forEach(envelope -> assertEquals(Envelope.of("ann@example.org", "new@example.com"), envelope));
    }

    @Test
    void aVariableThatIsMissingIsNamed() throws Exception {
        environment.remove("SENDER");
        assertEquals(0, run(forward.forward(), "a@example.com"));
        assertEquals(100, run(forward.condredirect(), "a@example.com", "true"));
        assertEquals("condredirect: fatal: SENDER is not set\n", err.toString(UTF_8));
        environment.remove("NEWSENDER");
        err.reset();
        assertEquals(100, run(forward.forward(), "a@example.com"));
        assertEquals("forward: fatal: SENDER is not set\n", err.toString(UTF_8));
    }

    @Test
    void condredirectExitsAsTheQueueAnswersAndGoesOnWithoutAProgram() throws Exception {
        queue = new Verdict.Later("full");
        assertEquals(111, run(forward.condredirect(), "new@example.com", "true"));
        queue = new Verdict.Never("no");
        assertEquals(100, run(forward.condredirect(), "new@example.com", "true"));
        assertEquals(0, run(forward.condredirect(), "new@example.com", "/no/such/program"));
        assertEquals(100, run(forward.condredirect(), "new@example.com"));
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 100", "exit 111, 111", "exit 1, 0", "exit 99, 0", "grep -q nothing, 0"})
    void exceptReversesAndBouncesayingBounces(String command, int code) throws Exception {
        assertEquals(code, run(Conditions.except(), "sh", "-c", command));
        assertEquals("", err.toString(UTF_8));
        assertEquals(code, run(Conditions.bouncesaying(), "Not here.", "sh", "-c", command));
        assertEquals(code == 100 ? "Not here.\n" : "", err.toString(UTF_8));
    }

    @Test
    void exceptAndBouncesayingGoOnWithoutTheirProgram() throws Exception {
        assertEquals(0, run(Conditions.except(), "/no/such/program"));
        assertEquals(0, run(Conditions.bouncesaying(), "Not here.", "/no/such/program"));
        assertEquals(100, run(Conditions.bouncesaying(), "Not here."));
        assertEquals("Not here.\n", err.toString(UTF_8));
        assertEquals(100, run(Conditions.bouncesaying()));
        assertEquals(100, run(Conditions.except()));
    }

    @Test
    void aProgramThatIsKilledLetsTheMessageWait() throws Exception {
        String[] killed = {"sh", "-c", "kill -9 $$"};
        assertEquals(111, run(Conditions.except(), killed));
        assertEquals(111, run(Conditions.preline(), killed));
        assertEquals(111, run(Conditions.bouncesaying(), "Not here.", "sh", "-c", "kill -11 $$"));
        assertEquals(111, run(forward.condredirect(), "new@example.com", "sh", "-c", "kill -11 $$"));
        assertEquals(List.of(), envelopes);
        assertEquals("sh: killed by signal 9\n".repeat(2) + "sh: killed by signal 11\n".repeat(2), out.toString(UTF_8));
        assertEquals(255, run(Conditions.preline(), "sh", "-c", "exit 255"));
    }

    @ParameterizedTest
    @CsvSource({"'', frd", "-d, fr", "-f, rd", "-r, fd", "-dfr, ''", "-d -f, r", "-d --, fr"})
    void prelinePutsLinesInFront(String options, String lines) throws Exception {
        List<String> arguments = new ArrayList<>();
        for (String option : options.split(" ", -1)) {
            if (!option.isEmpty()) {
                arguments.add(option);
            }
        }
        arguments.add("cat");
        assertEquals(0, run(Conditions.preline(), arguments.toArray(String[]::new)));
        String front = (lines.contains("f") ? environment.get("UFLINE") : "")
                + (lines.contains("r") ? environment.get("RPLINE") : "")
                + (lines.contains("d") ? environment.get("DTLINE") : "");
        assertEquals(front + MESSAGE, out.toString(UTF_8));
    }

    @Test
    void prelineExitsAsItsCommand() throws Exception {
        assertEquals(17, run(Conditions.preline(), "sh", "-c", "exit 17"));
        assertEquals(111, run(Conditions.preline(), "/no/such/program"));
        assertEquals(100, run(Conditions.preline()));
        assertEquals(100, run(Conditions.preline(), "-x", "cat"));
    }

    private int run(Program program, String... arguments) throws Exception {
        err.reset();
        InputStream in = new ByteArrayInputStream(MESSAGE.getBytes(UTF_8));
        return program.run(
                List.of(arguments),
                new Program.Stdio(
                        environment, in, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)));
    }

    private Intake queue() {
        return (envelope, body) -> {
            envelopes.add(envelope);
            contents.add(content(body));
            return queue;
        };
    }

    private static String content(Body body) {
        try (InputStream in = body.open()) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
