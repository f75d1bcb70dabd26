package qrate.spawn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// The channel between qmail-send and its spawners, byte for byte.
class QmailSpawnTest {
    @TempDir
    Path messages;

    private final List<Spawner.Job> jobs = new CopyOnWriteArrayList<>();
    private final List<Long> settled = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void putAMessage() throws IOException {
        Files.createDirectories(messages.resolve("3"));
        Files.writeString(messages.resolve("3/417"), "Subject: x\n\nx\n");
    }

    @Test
    void answersEachCommandWithItsNumber() throws Exception {
        String commands = "\0" + "3/417\0ann@example.org\0yes@example.test\0" + "\7" + "3/417\0\0never@example.test\0"
                + "\5" + "3/417\0\0later@example.test\0";
        assertEquals(0, run(commands, "./Mailbox"));
        String said = out.toString(ISO_8859_1);
        assertEquals(QmailSpawn.OPEN_MAX, said.charAt(0));
        for (String report : List.of("\0Kdelivered\0", "\7Dno\nnever\0", "\5Znot now\0")) {
            assertTrue(said.contains(report), said);
        }
        assertEquals(1 + "\0Kdelivered\0\7Dno\nnever\0\5Znot now\0".length(), said.length());
        assertEquals(3, jobs.size());
        Spawner.Job first = jobs.getFirst();
        assertEquals(417, first.id());
        assertEquals("ann@example.org", first.sender());
        assertEquals("", first.host());
        try (InputStream in = first.body().open()) {
            assertEquals("Subject: x\n\nx\n", new String(in.readAllBytes(), UTF_8));
        }
        assertEquals(List.of(417L, 417L, 417L), settled);
    }

    @Test
    void refusesWhatIsNoMessageOrNoAddress() throws Exception {
        String commands = "\1../417\0\0a@b\0" + "\2x\0\0a@b\0" + "\3\0\0a@b\0" + "\4" + "3/417\0\0nohost\0" + "\5"
                + "3/999\0\0a@b\0" + "\6" + "3\0\0a@b\0" + "\17" + "3/417\0a\nb@c\0a@b\0" + "\20" + "3".repeat(101)
                + "\0\0a@b\0";
        assertEquals(0, run(commands, "./Mailbox"));
        String said = out.toString(ISO_8859_1);
        for (String report : List.of(
                "\1DInternal error: messid has nonnumerics. (#5.3.5)\n\0",
                "\2DInternal error: messid has nonnumerics. (#5.3.5)\n\0",
                "\3DInternal error: messid has nonnumerics. (#5.3.5)\n\0",
                "\4DSorry, address must include host name. (#5.1.3)\n\0",
                "\5ZUnable to open message. (#4.3.0)\n\0",
                "\6ZUnable to read message: ",
                "\17DSorry, an address is ",
                "\20DInternal error: messid too long. (#5.3.5)\n\0")) {
            assertTrue(said.contains(report), said);
        }
        assertEquals(List.of(), jobs);
    }

    @Test
    void refusesANumberThatIsTooLargeAndEndsAtHalfACommand() throws Exception {
        assertEquals(0, run("\170" + "3/417\0\0a@b\0" + "\1" + "3/417\0half", "./Mailbox"));
        assertTrue(
                out.toString(ISO_8859_1).substring(1).startsWith("\170ZInternal error: delnum in use. (#4.3.5)\n\0"));
        assertEquals(List.of(), jobs);
    }

    @Test
    void refusesAWrongCallAndAnEndlessField() throws Exception {
        assertEquals(100, run(""));
        assertEquals("qmail-lspawn: usage: qmail-lspawn defaultdelivery\n", out.toString(UTF_8));
        assertThrows(IOException.class, () -> run("\1" + "3".repeat(QmailSpawn.FIELD_BYTES_MAX + 1), "./Mailbox"));
    }

    @Test
    void exitsWith111WhenNobodyHearsItsReports() throws Exception {
        PrintStream gone = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        });
        InputStream in = new ByteArrayInputStream("\0003/417\0\0yes@example.test\0".getBytes(ISO_8859_1));
        Program program = new QmailSpawn(messages, 0, true, (_, _) -> new Answering());
        assertEquals(111, program.run(List.of(), new Program.Stdio(Map.of(), in, gone, gone)));
        assertEquals(1, jobs.size());
    }

    @Test
    void cutsAReportThatIsTooLong() throws Exception {
        assertEquals(0, run("\1" + "3/417\0\0long@example.test\0", "./Mailbox"));
        String said = out.toString(ISO_8859_1).substring(1);
        assertEquals("\1Z" + "x".repeat(QmailSpawn.REPORT_CHARS_MAX) + "\nError report too long, sorry.\n\0", said);
    }

    private int run(String commands, String... arguments) throws Exception {
        Program program = new QmailSpawn(messages, 1, false, (_, _) -> new Answering());
        PrintStream stream = new PrintStream(out, true, UTF_8);
        InputStream in = new ByteArrayInputStream(commands.getBytes(ISO_8859_1));
        return program.run(List.of(arguments), new Program.Stdio(Map.of(), in, stream, stream));
    }

    private final class Answering implements Spawner {
        @Override
        public void start(Job job, Answers answers) {
            jobs.add(job);
            Spawner.Delivery delivery = job.deliveries().getFirst();
            Thread.ofVirtual()
                    .start(() -> answers.answer(
                            delivery.number(),
                            switch (delivery.recipient().address().charAt(0)) {
                                case 'y' -> new Verdict.Delivered("delivered");
                                case 'n' -> new Verdict.Never("no\nnever");
                                case 'l' ->
                                    new Verdict.Later(
                                            delivery.recipient().address().startsWith("long")
                                                    ? "x".repeat(QmailSpawn.REPORT_CHARS_MAX + 1)
                                                    : "not now");
                                default -> new Verdict.Later("not now");
                            }));
        }

        @Override
        public void settled(long id, List<Integer> numbers) {
            settled.add(id);
        }

        @Override
        public void close() {}
    }
}
