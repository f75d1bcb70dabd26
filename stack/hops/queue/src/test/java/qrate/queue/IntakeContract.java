package qrate.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.testkit.SimulatedDisk;

/// What every way into the queue promises.
abstract class IntakeContract {
    /// The way in that is tested.
    abstract Intake intake();

    /// The queue behind it.
    abstract Queue queue();

    /// The disk under that.
    abstract SimulatedDisk disk();

    private Queue.Message arrived(Verdict verdict) throws IOException {
        return queue().read(JournalFixture.id(verdict));
    }

    @Test
    void bringsEnvelopeParametersAndBytesThroughUnchanged() throws IOException {
        Envelope envelope = new Envelope(
                "ann@a.b",
                "RET=HDRS ENVID=q",
                List.of(new Recipient("jürgen@x", "NOTIFY=NEVER"), Recipient.of("b@y"), Recipient.of("no host")));
        for (int size : List.of(0, 1, 1000, 1 << 20)) {
            String text = "\u0000\r\n.ä\n".repeat(size / 6);
            Queue.Message message = arrived(intake().accept(envelope, JournalFixture.body(text)));
            assertEquals(envelope, message.envelope());
            assertEquals(text, JournalFixture.text(message.body()));
        }
    }

    @Test
    void takesBouncesAndDoubleBounces() throws IOException {
        for (String sender : List.of("", Envelope.DOUBLE_BOUNCE_SENDER)) {
            Envelope envelope = Envelope.of(sender, "b@y");
            assertEquals(
                    envelope,
                    arrived(intake().accept(envelope, JournalFixture.body("x"))).envelope());
        }
    }

    @Test
    void answersLaterAndKeepsNothingWhileTheDiskFails() throws IOException {
        disk().fault(new IOException("No space left on device"));
        for (String text : List.of("small", "large".repeat(100_000))) {
            assertInstanceOf(
                    Verdict.Later.class, intake().accept(Envelope.of("a@b", "c@d"), JournalFixture.body(text)));
        }
        disk().fault(null);
        assertInstanceOf(Verdict.Delivered.class, intake().accept(Envelope.of("a@b", "c@d"), JournalFixture.body("x")));
        List<Long> owed = new ArrayList<>();
        queue().owed(o -> owed.add(o.id()));
        assertEquals(1, owed.size());
    }

    @Test
    void answersLaterForABodyThatCannotBeRead() throws IOException {
        Body broken = new Body() {
            @Override
            public long size() {
                return 10;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("broken");
            }
        };
        assertInstanceOf(Verdict.Later.class, intake().accept(Envelope.of("a@b", "c@d"), broken));
        List<Long> owed = new ArrayList<>();
        queue().owed(o -> owed.add(o.id()));
        assertTrue(owed.isEmpty());
    }

    @Test
    void takesManyAtOnceUnderDifferentIds() throws Exception {
        HashSet<Long> ids = new HashSet<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                verdicts.add(callers.submit(
                        () -> intake().accept(Envelope.of("a@b", "c@d"), JournalFixture.body("hello\n"))));
            }
            for (Future<Verdict> verdict : verdicts) {
                ids.add(JournalFixture.id(verdict.get()));
            }
        }
        assertEquals(200, ids.size());
    }
}
