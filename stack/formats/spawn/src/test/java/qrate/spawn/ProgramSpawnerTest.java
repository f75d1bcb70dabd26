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
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;

/// qmail-send's end of the channel, against our own other end and against a program that goes wrong.
class ProgramSpawnerTest {
    private static final Instant BIRTH = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path queue;

    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log = new Log(new PrintStream(logged, true, UTF_8), Log.Stamp.NONE, InstantSource.system());
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final Map<Integer, Verdict> verdicts = new ConcurrentHashMap<>();
    private final Deliverer deliverer = new Deliverer();
    private final List<AutoCloseable> open = new ArrayList<>();

    private Mess mess() {
        return new Mess(queue.resolve("mess"), id -> Files.delete(queue.resolve("mess/" + Mess.name(id))), log);
    }

    /// Our qmail-lspawn at the other end.
    private ProgramSpawner ours(Mess mess) throws IOException {
        PipedInputStream commands = new PipedInputStream();
        PipedOutputStream to = new PipedOutputStream(commands);
        PipedInputStream reports = new PipedInputStream();
        PrintStream from = new PrintStream(new PipedOutputStream(reports), true, UTF_8);
        Program program = new QmailSpawn(queue.resolve("mess"), 0, false, (_, _) -> deliverer);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                program.run(List.of(), new Program.Stdio(Map.of(), commands, from, System.err));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            from.close();
        });
        return opened("qmail-lspawn", to, reports, mess);
    }

    private ProgramSpawner opened(String name, OutputStream commands, InputStream reports, Mess mess)
            throws IOException {
        ProgramSpawner spawner = ProgramSpawner.open(
                new ProgramSpawner.Channel(name, commands, reports, () -> lost.add(name)), mess, log);
        open.add(spawner);
        return spawner;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private static Spawner.Job job(long id, String... recipients) {
        List<Spawner.Delivery> deliveries = new ArrayList<>();
        for (String recipient : recipients) {
            deliveries.add(new Spawner.Delivery(deliveries.size(), Recipient.of(recipient)));
        }
        Body body = Body.of("Subject: x\n\nx\n".getBytes(UTF_8));
        return new Spawner.Job(id, BIRTH, "ann@example.org", "", body, "", deliveries);
    }

    private CountDownLatch start(Spawner spawner, Spawner.Job job) {
        CountDownLatch left = new CountDownLatch(job.deliveries().size());
        spawner.start(job, (number, verdict) -> {
            verdicts.put(number, verdict);
            left.countDown();
        });
        return left;
    }

    private static void await(CountDownLatch left) throws InterruptedException {
        assertTrue(left.await(60, TimeUnit.SECONDS));
    }

    /// Folder by folder: a walk fails at a file that goes meanwhile.
    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> folders = Files.list(queue.resolve("mess"))) {
            for (Path folder : folders.toList()) {
                try (Stream<Path> all = Files.list(folder)) {
                    files.addAll(all.toList());
                }
            }
        }
        return files;
    }

    private void gone() {
        org.awaitility.Awaitility.await().until(() -> files().isEmpty());
    }

    /// The interface has no room for that (RFC 8689 §4.2.1: rather back than in the clear).
    @Test
    void bringsBackWhatMustGoByTlsToAnotherHost() throws Exception {
        Spawner.Job plain = job(7, "bob@far.test");
        Spawner.Job secret = new Spawner.Job(
                7, BIRTH, "ann@example.org", "REQUIRETLS", plain.body(), "far.test", plain.deliveries());
        start(ours(mess()), secret).await();
        assertEquals(
                Map.of(0, new Verdict.Never("qmail-rspawn cannot be told that a message must go by TLS. (#5.7.30)\n")),
                verdicts);
    }

    @Test
    void handsEachDeliveryOverAndTakesItsReport() throws Exception {
        Mess mess = mess();
        mess.sweep();
        ProgramSpawner spawner = ours(mess);
        await(start(spawner, job(417, "kay@h", "zed@h", "dee@h")));
        assertEquals(
                Map.of(
                        0,
                        new Verdict.Delivered("said to kay@h"),
                        1,
                        new Verdict.Later("said to zed@h"),
                        2,
                        new Verdict.Never("said to dee@h")),
                new TreeMap<>(verdicts));
        Spawner.Job first = deliverer.jobs.getFirst();
        assertEquals(417, first.id());
        assertEquals(BIRTH, first.birth());
        assertEquals("ann@example.org", first.sender());
        assertEquals(3, deliverer.bodyHashes.size());
        gone();
    }

    @Test
    void keepsAMessageThereWhileAnyOfItIsOut() throws Exception {
        Mess mess = mess();
        mess.sweep();
        ProgramSpawner spawner = ours(mess);
        CountDownLatch waits = start(spawner, job(417, "wim@h"));
        await(start(spawner, job(417, "kay@h")));
        assertEquals(List.of(queue.resolve("mess/3/417")), files());
        org.awaitility.Awaitility.await().until(() -> !deliverer.waiting.isEmpty());
        deliverer.answerWaiting();
        await(waits);
        gone();
    }

    @Test
    void givesNoMoreOutThanTheProgramTakes() throws Exception {
        Mess mess = mess();
        mess.sweep();
        PipedInputStream commands = new PipedInputStream();
        PipedInputStream reports = new PipedInputStream();
        OutputStream says = new PipedOutputStream(reports);
        says.write(2);
        ProgramSpawner spawner = opened("qmail-rspawn", new PipedOutputStream(commands), reports, mess);
        CountDownLatch left = start(spawner, job(417, "a@h", "b@h", "c@h"));
        for (String to : List.of("a@h", "b@h")) {
            assertEquals("3/417\0ann@example.org\0" + to + "\0", command(commands));
        }
        assertEquals(0, commands.available());
        says.write("\1Ksecond\0".getBytes(ISO_8859_1));
        assertEquals("3/417\0ann@example.org\0c@h\0", command(commands));
        // what no number belongs to, what says neither K nor Z nor D, and what is too long
        says.write(("\7Kwhose\0" + "\0what\0" + "\1K" + "x".repeat(20_000) + "\0").getBytes(ISO_8859_1));
        await(left);
        assertEquals(new Verdict.Delivered("second"), verdicts.get(1));
        assertEquals(new Verdict.Later("report mangled, will defer"), verdicts.get(0));
        assertEquals(ProgramSpawner.REPORT_BYTES_MAX - 1, verdicts.get(2).text().length());
        assertTrue(logged.toString(UTF_8).contains("delivery report out of range"));
    }

    private static String command(InputStream commands) throws IOException {
        StringBuilder text = new StringBuilder();
        commands.read(); // the number
        for (int nuls = 0; nuls < 3; ) {
            int b = commands.read();
            nuls += b == 0 ? 1 : 0;
            text.append((char) b);
        }
        return text.toString();
    }

    @Test
    void answersEverythingWhenTheProgramIsGoneAndSaysSoOnce() throws Exception {
        Mess mess = mess();
        mess.sweep();
        PipedInputStream reports = new PipedInputStream();
        OutputStream says = new PipedOutputStream(reports);
        says.write(1);
        ProgramSpawner spawner =
                opened("qmail-lspawn", new PipedOutputStream(new PipedInputStream(1 << 16)), reports, mess);
        CountDownLatch left = start(spawner, job(417, "a@h", "b@h"));
        says.close();
        await(left);
        assertTrue(verdicts.get(0).text().contains(Spawner.NO_ANSWER), verdicts.toString());
        assertTrue(verdicts.get(1).text().contains(Spawner.NO_ANSWER), verdicts.toString());
        await(start(spawner, job(418, "c@h")));
        org.awaitility.Awaitility.await().until(() -> !lost.isEmpty());
        assertEquals(List.of("qmail-lspawn"), lost);
        assertEquals(
                1,
                logged.toString(UTF_8)
                        .lines()
                        .filter("alert: oh no! lost qmail-lspawn connection! dying..."::equals)
                        .count());
        gone();
    }

    @Test
    void startsWithNothingWhenThereIsNoProgram() throws IOException {
        Mess mess = mess();
        for (byte[] said : new byte[][] {{}, {0}}) {
            assertThrows(
                    IOException.class,
                    () -> opened(
                            "qmail-lspawn", OutputStream.nullOutputStream(), new ByteArrayInputStream(said), mess));
        }
    }

    @Test
    void aMessageThatCannotBeLaidOutWaits() throws Exception {
        Mess mess = mess(); // its folders are not made
        ProgramSpawner spawner = ours(mess);
        await(start(spawner, job(417, "kay@h")));
        assertTrue(verdicts.get(0) instanceof Verdict.Later, verdicts.toString());
        assertEquals(List.of(), deliverer.jobs);
    }

    @Test
    void sweepsWhatACrashHasLeftAndKeepsWhatIsNoMessage() throws IOException {
        Files.createDirectories(queue.resolve("mess/3"));
        Files.writeString(queue.resolve("mess/3/417"), "left");
        Path kept = Files.writeString(queue.resolve("mess/3/README"), "kept");
        mess().sweep();
        assertEquals(List.of(kept), files());
        Files.writeString(queue.resolve("mess/3/417"), "left");
        Mess stuck = new Mess(
                queue.resolve("mess"),
                _ -> {
                    throw new IOException("qmail-clean answered !");
                },
                log);
        stuck.sweep();
        assertTrue(logged.toString(UTF_8).contains("warning: unable to clean up mess/3/417: "), logged.toString(UTF_8));
    }
}
