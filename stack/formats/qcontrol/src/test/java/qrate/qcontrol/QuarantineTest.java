package qrate.qcontrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.Program;
import qrate.qcontrol.Quarantine.Kept;

/// What was put aside, over the control socket and by the command.
class QuarantineTest {
    private static final String ANN = "ann@here.example";
    private static final String BOB = "bob@here.example";

    /// Seven messages: those with even numbers are for bob.
    private static final class Known implements QueueControl, Quarantine {
        final List<String> asked = new ArrayList<>();
        final List<Long> ids = new ArrayList<>(List.of(7L, 6L, 5L, 4L, 3L, 2L, 1L));

        @Override
        public Quarantine quarantine() {
            return this;
        }

        @Override
        public Part list(Whose whose, int limit, long before) {
            List<Kept> found = ids.stream()
                    .filter(id -> before == 0 || id < before)
                    .map(Known::kept)
                    .filter(kept -> whose.means(kept.recipients().getFirst()))
                    .toList();
            List<Kept> part = found.subList(0, Math.min(Math.min(limit, 2), found.size()));
            return new Part(part, part.size() < found.size() ? part.getLast().id() : 0);
        }

        private static Kept kept(long id) {
            return new Kept(
                    id,
                    new Stay(Instant.parse("2026-01-02T03:04:05.678Z"), id == 2 ? 0 : 30),
                    "x@bank.example",
                    1234,
                    "p=quarantine of bank.example",
                    new About("B\u00e4nk <x@bank.example>", "you", "today", id == 1 ? "" : "your\naccount"),
                    id == 2 ? List.of() : List.of("mx.here.example; dmarc=fail header.from=bank.example"),
                    List.of(id % 2 == 0 ? BOB : ANN));
        }

        private boolean end(String verb, Whose whose, long id) {
            asked.add(verb + " " + id);
            return ids.contains(id) && whose.means(kept(id).recipients().getFirst()) && ids.remove(id);
        }

        @Override
        public boolean letOut(Whose whose, long id) throws IOException {
            if (id == 5) {
                throw new IOException("disk full");
            }
            return end("let out", whose, id);
        }

        @Override
        public boolean delete(Whose whose, long id) {
            return end("delete", whose, id);
        }

        @Override
        public Stat stat() {
            return new Stat(7, 0, 10, 0, 20);
        }

        @Override
        public List<Item> list(int limit, long after) {
            return List.of();
        }

        @Override
        public void retryAll() {}

        @Override
        public boolean retry(long id) {
            return false;
        }

        @Override
        public boolean hold(long id, boolean held) {
            return false;
        }

        @Override
        public boolean bounce(long id) {
            return false;
        }

        @Override
        public boolean drop(long id) {
            return false;
        }

        @Override
        public List<Sender> senders() {
            return List.of();
        }

        @Override
        public boolean letSend(String login) {
            return false;
        }

        @Override
        public long freeze(Freeze what) {
            return 1;
        }
    }

    private record Ran(int exit, String out, String err) {}

    @TempDir
    Path folder;

    private final Known known = new Known();
    private QueueControlServer server;

    @BeforeEach
    void serve() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.writeString(folder.resolve("control/me"), "mx.here.example\n");
        server = new QueueControlServer(known, folder.resolve("run/send.sock"), Log.silent());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Ran run(String... arguments) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Program.Stdio stdio = new Program.Stdio(
                Map.of("QRATE_STATE", folder.toString()),
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int exit = new QuarantineCommand(InstantSource.system()).run(List.of(arguments), stdio);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void arrivesAtTheOtherEndAsItWas() throws Exception {
        Quarantine far = new QueueControlClient(folder.resolve("run/send.sock")).quarantine();
        for (Whose whose : List.of(Whose.ALL, Whose.domains(Stream.of("here.example")))) {
            for (long before : new long[] {0, 3, 1}) {
                assertEquals(known.list(whose, 10, before), far.list(whose, 10, before));
            }
        }
        Whose ann = Whose.mailbox("Ann", Stream.of("there.example", "HERE.example"));
        assertEquals(known.list(ann, 1, 0), far.list(ann, 1, 0));
        assertTrue(far.letOut(ann, 7));
        assertFalse(far.letOut(ann, 7));
        assertFalse(far.delete(ann, 6));
        assertTrue(far.delete(Whose.ALL, 6));
        IOException full = assertThrows(IOException.class, () -> far.letOut(ann, 5));
        assertTrue(full.getMessage().contains("disk full"), full.getMessage());
    }

    @Test
    void refusesDaysThatMakeNoSense() throws Exception {
        Quarantine.Part part = known.list(Whose.ALL, 10, 0);
        assertEquals(part, KeptCodec.read(KeptCodec.words(part)));
        for (String wrong : List.of("", "x", "-1", "99999999999")) {
            List<String> words = new ArrayList<>(KeptCodec.words(part));
            words.set(3, wrong);
            assertThrows(IOException.class, () -> KeptCodec.read(words), wrong);
        }
    }

    @Test
    void namesThatAreTooManyForOneQuestionAreRefused() {
        Quarantine far = new QueueControlClient(folder.resolve("run/send.sock")).quarantine();
        Whose many = Whose.domains(IntStream.range(0, 3_000).mapToObj(i -> "d" + i + ".example"));
        assertThrows(IOException.class, () -> far.list(many, 1, 0));
    }

    @Test
    void listsAndShowsWhyInSentences() throws Exception {
        assertEquals(7, run("list").out().lines().count());
        Ran bobs = run("list", "--for", "BOB@here.example");
        assertEquals(
                List.of("6", "4", "2"),
                bobs.out().lines().map(line -> line.split(" ", 2)[0]).toList());
        assertTrue(bobs.out().contains("  your\\x0aaccount\n"), bobs.out());
        assertEquals(7, run("list", "--for", "@here.example").out().lines().count());
        assertEquals("", run("list", "--for", "@there.example").out());
        assertTrue(bobs.out().contains("6  2026-01-02T03:04:05Z  until 2026-02-01T03:04:05Z  1234 bytes"), bobs.out());
        assertTrue(bobs.out().contains("2  2026-01-02T03:04:05Z  until somebody decides  1234 bytes"), bobs.out());
        assertTrue(run("show", "--json", "2").out().contains("\"until\":\"\""));
        Ran shown = run("show", "7");
        assertEquals(0, shown.exit());
        assertTrue(shown.out().contains("    Put aside: p=quarantine of bank.example\n"), shown.out());
        assertTrue(shown.out().contains("    The author claims to be in bank.example, and nothing"), shown.out());
        String json = run("show", "--json", "7").out();
        assertTrue(json.contains("\"found\":[\"The author claims to be in bank.example"), json);
        assertTrue(json.contains("\"until\":\"2026-02-01T03:04:05.678Z\""), json);
        assertEquals(1, run("show", "--for", ANN, "6").exit());
    }

    @Test
    void letsOutAndDeletes() throws Exception {
        assertEquals(new Ran(0, "7 is released\n6 is released\n", ""), run("release", "7", "6"));
        Ran gone = run("release", "7");
        assertEquals(1, gone.exit());
        assertEquals("quarantine: no message 7 is in quarantine for whom was named\n", gone.err());
        assertEquals(new Ran(0, "3 is deleted\n", ""), run("delete", "--for", ANN, "3"));
        assertEquals(1, run("delete", "--for", ANN, "2").exit());
        assertEquals(111, run("release", "5").exit());
        assertEquals(List.of(5L, 4L, 2L, 1L), known.ids);
    }

    @Test
    void saysWhatIsWrongWithACall() throws Exception {
        for (String[] wrong : new String[][] {
            {},
            {"lost"},
            {"release"},
            {"list", "7"},
            {"show", "x"},
            {"release", "0"},
            {"list", "--for", "ann"},
            {"list", "--for", "@"},
            {"list", "--for"},
            {"list", "--what"}
        }) {
            Ran ran = run(wrong);
            assertEquals(100, ran.exit(), String.join(" ", wrong));
            assertTrue(ran.err().endsWith(": quarantine --help says how\n"), ran.err());
        }
        assertEquals(0, run("--help").exit());
        server.close();
        assertEquals(111, run("list").exit());
    }
}
