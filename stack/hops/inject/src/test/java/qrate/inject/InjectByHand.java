package qrate.inject;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Verdict;

/// Commands by hand around a qmail-inject whose queue keeps what it is given.
abstract class InjectByHand {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T06:30:00Z"));

    /// The control files.
    @TempDir
    Path folder;

    final List<Envelope> envelopes = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final Map<String, String> environment = new HashMap<>(Map.of("USER", "ann"));

    /// What the queue answers.
    Verdict verdict = new Verdict.Delivered("ok");

    String out = "";
    String err = "";
    QmailInject inject;

    @BeforeEach
    void makeInject() {
        inject = new QmailInject(
                new Control(folder, InstantSource.system()),
                (envelope, body) -> {
                    envelopes.add(envelope);
                    try (InputStream in = body.open()) {
                        messages.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    return verdict;
                },
                CLOCK,
                new Random(1));
    }

    final int run(Program program, String message, String... arguments) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try {
            return program.run(
                    List.of(arguments),
                    new Program.Stdio(
                            environment,
                            new ByteArrayInputStream(message.getBytes(StandardCharsets.UTF_8)),
                            new PrintStream(printed, true, StandardCharsets.UTF_8),
                            new PrintStream(failed, true, StandardCharsets.UTF_8)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            out = printed.toString(StandardCharsets.UTF_8);
            err = failed.toString(StandardCharsets.UTF_8);
        }
    }

    /// Recipients of the first message so far.
    final List<String> recipients() {
        return envelopes.getFirst().recipients().stream()
                .map(Recipient::address)
                .toList();
    }

    /// Recipients of a message that a command takes.
    final List<String> sentTo(Program program, String message, String... arguments) {
        envelopes.clear();
        assertEquals(0, run(program, message, arguments), err);
        return recipients();
    }
}
