package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogWriterTest {
    private static final int LINES = 2000;

    /// A reader that takes nothing until it is let.
    private static final class Stalled extends OutputStream {
        final CountDownLatch go = new CountDownLatch(1);
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            taken.write(bytes, offset, count);
        }
    }

    @Test
    void writesEachSpeakersLinesWholeAndInTheirOrder() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(out);
        try (ExecutorService speakers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int speaker = 0; speaker < 4; speaker++) {
                int name = speaker;
                speakers.execute(() -> IntStream.range(0, LINES).forEach(n -> writer.write(name + " " + n + "\n")));
            }
        }
        writer.end();
        List<String> lines = out.toString(UTF_8).lines().toList();
        for (int speaker = 0; speaker < 4; speaker++) {
            String name = speaker + " ";
            assertEquals(
                    IntStream.range(0, LINES).mapToObj(n -> name + n).toList(),
                    lines.stream().filter(line -> line.startsWith(name)).toList());
        }
        assertEquals(4 * LINES, lines.size());
    }

    @Test
    void writesALineByItselfSoonWithoutBeingAsked() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(out);
        writer.write("new msg 1\n");
        await().untilAsserted(() -> assertEquals("new msg 1\n", out.toString(UTF_8)));
    }

    @Test
    void afterTheEndEachLineIsWrittenWhenTheCallReturns() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LogWriter writer = new LogWriter(out);
        writer.write("status: exiting\n");
        writer.end();
        assertEquals("status: exiting\n", out.toString(UTF_8));
        writer.write("end msg 1\n");
        assertEquals("status: exiting\nend msg 1\n", out.toString(UTF_8));
    }

    @Test
    void aReaderThatStallsHoldsUpWhoeverLogsAndCostsNoMoreThanItsBound() {
        Stalled out = new Stalled();
        LogWriter writer = new LogWriter(out);
        String line = "x".repeat(1023) + "\n";
        int lines = 4 * LogWriter.PENDING_CHARS_MAX / line.length();
        AtomicInteger said = new AtomicInteger();
        Thread speaker = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < lines; i++) {
                writer.write(line);
                said.incrementAndGet();
            }
        });
        await().until(() -> speaker.getState() == Thread.State.WAITING);
        assertTrue(said.get() * line.length() <= 2 * LogWriter.PENDING_CHARS_MAX + line.length(), said.toString());
        out.go.countDown();
        await().until(() -> out.taken.size() == lines * line.length());
    }

    @Test
    void aReaderThatIsGoneStopsNobody() {
        AtomicInteger tried = new AtomicInteger();
        LogWriter writer = new LogWriter(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                tried.incrementAndGet();
                throw new IOException("broken pipe");
            }
        });
        for (int i = 0; i < 3 * LogWriter.PENDING_CHARS_MAX / 10; i++) {
            writer.write("123456789\n");
        }
        writer.end();
        assertTrue(tried.get() > 1, "it went on writing: " + tried);
    }
}
