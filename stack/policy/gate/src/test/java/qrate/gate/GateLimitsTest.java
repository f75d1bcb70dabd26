package qrate.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.milter.MilterHandler;
import qrate.milter.MilterReply;

class GateLimitsTest {
    private static final int PIECE_BYTES = 64 << 10;
    private static final int PIECES = 1_600; // 100 MiB

    @TempDir
    Path folder;

    private GateFixture gate;

    @BeforeEach
    void start() throws IOException {
        gate = new GateFixture(folder);
    }

    @AfterEach
    void stop() throws IOException {
        gate.close();
    }

    /// DNS that is waited for as long as may be, on a clock that it moves.
    private static final class Dead implements Dns, InstantSource {
        private final Instant start = Instant.now();
        private final AtomicReference<Instant> now = new AtomicReference<>(start);

        @Override
        public <T> Reply<T> ask(Question<T> question, Duration longest) {
            now.updateAndGet(at -> at.plus(longest));
            return new Reply<>(new Answer.Failed<>("no answer"), false, question.name());
        }

        @Override
        public Instant instant() {
            return now.get();
        }

        Duration taken() {
            return Duration.between(start, now.get());
        }
    }

    @Test
    void deadDnsTakesTwentySecondsAtMostAndEverythingIsUnknownThen() throws IOException {
        Dead dead = new Dead();
        gate.asking(dead, dead);
        String message = GateFixture.signed(GateFixture.MESSAGE, "author.test", "other.test");
        Judgement judgement = gate.judged(message);
        assertEquals(
                "spf=temperror spf=temperror dkim=temperror dkim=temperror dmarc=temperror",
                GateFixture.words(judgement));
        assertTrue(dead.taken().compareTo(Duration.ofSeconds(20)) <= 0, "it took " + dead.taken());
        assertEquals(new Ruling.Passed(), judgement.ruling());
    }

    @Test
    void aThousandSignaturesAreNotLookedAt() throws IOException {
        String fields = GateFixture.signatures(Body.of(GateFixture.bytes(GateFixture.MESSAGE)), "other.test");
        StringBuilder message = new StringBuilder();
        for (int i = 0; i < 300; i++) { // more do not fit into a header that is shown
            message.append(fields.replace("s=k;", "s=k" + i + ";"));
        }
        gate.sender = "";
        long asked = gate.server.questions().size();
        String words = gate.words(message + GateFixture.MESSAGE);
        assertEquals(11, words.split("dkim=", -1).length - 1, words);
        assertTrue(words.contains("dkim=policy dmarc=fail"), words);
        assertTrue(gate.server.questions().size() - asked < 20, "as many names are asked for");
    }

    @Test
    void tooManyFieldsInOurNameAreRefusedWhateverControlSays() throws IOException {
        String forged = "Authentication-Results: mx.here.test; dmarc=pass\n";
        String left = gate.shown(forged.repeat(GateMessage.FORGED_MAX) + GateFixture.MESSAGE)
                .message();
        assertEquals(1, left.split("Authentication-Results:", -1).length - 1);
        assertEquals(
                "550 5.6.0",
                gate.shown(forged.repeat(GateMessage.FORGED_MAX + 1) + GateFixture.MESSAGE)
                        .code());
    }

    @Test
    void aFaultOfOursLeavesAMessageUnmarkedAndStillTakesForgedFieldsAway() throws IOException {
        Dns broken = new Dns() {
            @Override
            public <T> Reply<T> ask(Question<T> question, Duration longest) {
                throw new IllegalStateException("a bug\r\nof ours");
            }
        };
        gate.asking(broken, InstantSource.system()).control("spfbehavior", "6").control("dmarc", "refuse");
        GateFixture.Heard heard =
                gate.shown("Authentication-Results: mx.here.test; dmarc=pass\n" + GateFixture.MESSAGE);
        assertEquals(GateFixture.PASS, heard.verdict());
        assertEquals("Received: by mx.here.test\n" + GateFixture.MESSAGE, heard.message());
        assertTrue(gate.logged().contains("gate: warning: a message goes on unchecked: "), gate.logged());
        assertEquals(1, gate.logged().lines().count());
    }

    private static final MilterHandler.Context NOTHING = new MilterHandler.Context() {
        @Override
        public Optional<String> macro(String name) {
            return Optional.empty();
        }

        @Override
        public void progress() {
            // nobody waits
        }
    };

    private GateSession opened(Judge judge, Budget memory) throws IOException {
        GateSession session = new GateSession(judge, gate.greylist(), memory, Log.silent());
        session.on(MilterCommand.Connect.of("", "192.0.2.1", 25), NOTHING);
        session.on(new MilterCommand.Helo("mail.client.test"), NOTHING);
        session.on(new MilterCommand.Mail(List.of("<ann@author.test>")), NOTHING);
        session.on(new MilterCommand.Rcpt(List.of("<bob@here.test>")), NOTHING);
        session.on(new MilterCommand.Data(), NOTHING);
        return session;
    }

    @Test
    void aHeaderForWhichThereIsNoRoomIsPutOffAndItsMemoryGivenBack() throws IOException {
        Budget memory = new Budget(10_000);
        try (GateSession session = opened(gate.judge(), memory)) {
            MilterCommand.FieldLine field = new MilterCommand.FieldLine("X", " " + "x".repeat(1_000));
            session.on(field, NOTHING);
            assertTrue(memory.free() < 10_000);
            assertThrows(IOException.class, () -> session.on(field, NOTHING));
            assertEquals(10_000, memory.free());
        }
    }

    @Test
    void whateverEndsAMessageItsMemoryIsGivenBack() throws IOException {
        Budget memory = new Budget(100_000);
        MilterCommand.FieldLine field = new MilterCommand.FieldLine("Subject", " x");
        try (GateSession session = opened(gate.judge(), memory)) {
            session.on(field, NOTHING);
            session.abort();
            assertEquals(100_000, memory.free());
            session.on(new MilterCommand.Mail(List.of("<>")), NOTHING);
            session.on(field, NOTHING);
            session.on(new MilterCommand.HeaderDone(), NOTHING);
            session.on(new MilterCommand.BodyDone(new byte[0]), NOTHING);
            assertEquals(100_000, memory.free());
            session.on(new MilterCommand.Mail(List.of("<>")), NOTHING);
            session.on(field, NOTHING);
        }
        assertEquals(100_000, memory.free());
    }

    private static Body large(byte[] header) {
        byte[] piece = piece((byte) '\n');
        return new Body() {
            @Override
            public long size() {
                return header.length + (long) PIECES * PIECE_BYTES;
            }

            @Override
            public InputStream open() {
                List<InputStream> pieces = Collections.nCopies(PIECES, piece).stream()
                        .<InputStream>map(ByteArrayInputStream::new)
                        .toList();
                return new SequenceInputStream(
                        new ByteArrayInputStream(header), new SequenceInputStream(Collections.enumeration(pieces)));
            }
        };
    }

    private static byte[] piece(byte lineEnd) {
        byte[] piece = new byte[PIECE_BYTES];
        Arrays.fill(piece, (byte) 'x');
        for (int i = 63; i < PIECE_BYTES; i += 64) {
            piece[i] = lineEnd;
        }
        return piece;
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void ofAHundredMegabytesNothingIsHeld() throws IOException {
        byte[] header = GateFixture.bytes("From: ann@author.test\nSubject: large\n\n");
        String signature = GateFixture.signatures(large(header), "author.test");
        String value = signature.substring(signature.indexOf(':') + 1).stripTrailing();
        try (GateSession session = opened(gate.judge(), new Budget(1 << 20))) {
            session.on(new MilterCommand.FieldLine("DKIM-Signature", value), NOTHING);
            session.on(new MilterCommand.FieldLine("From", " ann@author.test"), NOTHING);
            session.on(new MilterCommand.FieldLine("Subject", " large"), NOTHING);
            session.on(new MilterCommand.HeaderDone(), NOTHING);
            MilterCommand.BodyChunk chunk = new MilterCommand.BodyChunk(piece((byte) '\n'));
            long before = used();
            for (int i = 0; i < PIECES; i++) {
                session.on(chunk, NOTHING);
            }
            long more = used() - before;
            assertTrue(more < 2 << 20, more + " bytes are held");
            MilterAnswer answer = session.on(new MilterCommand.BodyDone(new byte[0]), NOTHING);
            MilterReply.InsertField field =
                    (MilterReply.InsertField) answer.changes().getLast();
            assertTrue(field.value().contains("dkim=pass"), field.value());
        }
    }
}
