package qrate.spawn;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.testkit.Seeds;

class SpawnStreamTest extends SpawnerContractTest {
    @TempDir
    Path folder;

    private SpawnServer server;
    private SpawnClient client;

    @BeforeEach
    void connect() throws IOException {
        Files.createDirectories(folder.resolve("spool"));
        Files.writeString(folder.resolve("spool/spool-123"), "from a process that died");
        server = serve(0);
        client = client(server.port());
    }

    private SpawnServer serve(int port) throws IOException {
        return new SpawnServer(
                deliverer,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                folder.resolve("spool"),
                Log.silent());
    }

    private static SpawnClient client(int port) {
        SpawnClient client = new SpawnClient(new SpawnClient.Peer("lspawn", "127.0.0.1", port), Log.silent());
        await().until(client::isReady);
        return client;
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Override
    Spawner spawner() {
        return client;
    }

    /// Names in the spool, and files there that this process has open and that have none.
    private List<String> spooled() {
        Path spool = folder.resolve("spool");
        try (Stream<Path> names = Files.list(spool);
                Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return Stream.concat(
                            names.map(Path::toString),
                            descriptors.map(SpawnStreamTest::target).filter(target -> target.startsWith(spool + "/")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }

    @Test
    void holdsALargeBodyInAFileUntilTheLastAnswer() {
        assertEquals(List.of(), spooled(), "what a dead process left is gone");
        client.start(job(1, bytes(3_000_000), "k@far.example", "w@far.example"), (_, _) -> {});
        await().until(() -> deliverer.waiting.size() == 1);
        assertEquals(1, spooled().size());
        deliverer.answerWaiting();
        await().until(() -> spooled().isEmpty());
    }

    @Test
    void answersAsTemporaryWhileThereIsNoRoomForTheBody() throws IOException {
        Files.delete(folder.resolve("spool"));
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        client.start(job(1, bytes(3_000_000), "k@far.example"), answers::put);
        await().until(() -> answers.size() == 1);
        assertEquals(List.of(new Verdict.Later("4.3.1 no room to hold the message")), List.copyOf(answers.values()));
    }

    @Test
    void answersOpenJobsAsTemporaryWhenThePeerDies() {
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        client.start(job(1, bytes(10), "k@far.example", "w@far.example"), answers::put);
        await().until(() -> answers.size() == 1);
        server.close();
        await().until(() -> answers.size() == 2);
        assertEquals(new Verdict.Later(Spawner.NO_ANSWER + " lspawn"), answers.get(3));
        deliverer.answerWaiting();
        assertEquals(2, answers.size());
    }

    /// Otherwise they would be made once more: a second copy at another host, a program that runs again.
    @Test
    void aPeerThatStopsStillAnswersWhatItEnds() {
        deliverer.closing = deliverer::answerWaiting;
        String[] many = Stream.generate(() -> "w@far.example").limit(1000).toArray(String[]::new);
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        client.start(job(1, bytes(10), many), answers::put);
        await().until(() -> deliverer.waiting.size() == many.length);
        server.close();
        await().until(() -> answers.size() == many.length);
        assertEquals(Set.of(new Verdict.Delivered("at last")), Set.copyOf(answers.values()));
        await().until(() -> !client.isReady());
    }

    @Test
    void aPeerThatStopsTakesNoJobAnyMore() {
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        deliverer.closing = () -> {
            client.start(job(1, bytes(10), "k@far.example"), answers::put);
            client.settled(7, List.of(1));
            await().until(() -> deliverer.settled.size() == 1);
        };
        server.close();
        await().until(() -> answers.size() == 1);
        assertEquals(new Verdict.Later(Spawner.NO_ANSWER + " lspawn"), answers.get(0));
        assertEquals(List.of(), deliverer.jobs);
    }

    @Test
    void answersAtOnceWhileThereIsNoPeerAndGoesOnWhenItIsBack() throws IOException {
        int port = server.port();
        server.close();
        await().until(() -> !client.isReady());
        assertFalse(client.isReady(), "it is waited for");
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        client.start(job(1, bytes(10), "k@far.example"), answers::put);
        assertEquals(Map.of(0, new Verdict.Later(Spawner.NO_ANSWER + " lspawn")), answers);
        client.settled(1, List.of(0));

        server = serve(port);
        await().until(client::isReady);
        assertTrue(client.isReady());
        assertEquals('K', answers(job(2, bytes(10), "k@far.example")).get(0).code());
    }

    /// A queue of ten thousand would say four thousand times a second, in log and ledger, that nobody is there.
    @Test
    void isNotReadyHoweverLongThereIsNoPeer() {
        server.close();
        await().until(() -> !client.isReady());
        await().during(Duration.ofSeconds(11)).atMost(Duration.ofSeconds(20)).until(() -> !client.isReady());
    }

    @Test
    void answersOpenJobsWhenItIsClosed() {
        Map<Integer, Verdict> answers = new ConcurrentHashMap<>();
        client.start(job(1, bytes(10), "w@far.example"), answers::put);
        await().until(() -> deliverer.waiting.size() == 1);
        client.close();
        assertEquals(1, answers.size());
    }

    @Test
    void answersAsTemporaryWhenTheSpawnerThrows() {
        assertInstanceOf(
                Verdict.Later.class, answers(job(1, bytes(10), "x@far.example")).get(0));
    }

    @Test
    void callsAJobOffWhoseBodyCannotBeRead() {
        for (int size : List.of(100, 1_000_000)) {
            Body broken = new Body() {
                @Override
                public long size() {
                    return size;
                }

                @Override
                public InputStream open() {
                    return new ByteArrayInputStream(new byte[size / 2]);
                }
            };
            Spawner.Job job = job(1, new byte[0], "k@far.example");
            Map<Integer, Verdict> answers =
                    answers(new Spawner.Job(1, job.birth(), "", "", broken, "", job.deliveries()));
            assertInstanceOf(Verdict.Later.class, answers.get(0));
        }
        await().until(() -> spooled().isEmpty());
        answers(job(2, bytes(10), "k@far.example"));
        assertEquals(1, deliverer.jobs.size());
    }

    @Test
    void dropsHalfAJobWhenTheSenderDies() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(new Frame.Hello(Frame.VERSION).bytes());
            socket.getOutputStream().write(new Frame.Job(1, new Frame.Head(1, 1, "", "", ""), 5_000_000, 1).bytes());
            for (int i = 0; i < 150; i++) {
                socket.getOutputStream().write(new Frame.Piece(1, ByteBuffer.wrap(new byte[20_000])).bytes());
            }
            await().until(() -> spooled().size() == 1);
        }
        await().until(() -> spooled().isEmpty());
        assertEquals(List.of(), deliverer.jobs);
    }

    @Test
    void hangsUpOnNonsenseAndServesTheOthers() throws IOException {
        byte[] job = new Frame.Job(1, new Frame.Head(1, 1, "", "", ""), 1, 1).bytes();
        byte[] piece = new Frame.Piece(1, ByteBuffer.wrap(new byte[2])).bytes();
        List<byte[]> nonsense = List.of(
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 'J'},
                new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 'J'},
                new byte[] {0, 0, 0, 0},
                new byte[] {0, 0, 0, 1, 'Q'},
                new byte[] {0, 0, 0, 2, 'P', 0},
                new byte[] {0, 0, 0, 5, 'J', 0, 0, 0, 0},
                new Frame.Answer(1, 1, new Verdict.Delivered("")).bytes(),
                piece,
                ByteBuffer.allocate(job.length * 2).put(job).put(job).array(),
                ByteBuffer.allocate(job.length + piece.length)
                        .put(job)
                        .put(piece)
                        .array());
        for (byte[] bytes : nonsense) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(new Frame.Hello(Frame.VERSION).bytes());
                socket.getOutputStream().write(bytes);
                InputStream in = socket.getInputStream();
                assertTrue(hangsUp(in));
            }
        }
        answers(job(2, bytes(10), "k@far.example"));
    }

    /// Reads the other end's greeting and then waits for its end.
    private static boolean hangsUp(InputStream in) throws IOException {
        in.readNBytes(new Frame.Hello(Frame.VERSION).bytes().length);
        return ended(in);
    }

    private static boolean ended(InputStream in) {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true; // reset, since it did not read all of the nonsense
        }
    }

    @Test
    void doesNotTakeAnotherProtocolForItsPeer() throws IOException {
        try (ServerSocket smtp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SpawnClient lost = new SpawnClient(
                        new SpawnClient.Peer("lspawn", "127.0.0.1", smtp.getLocalPort()), Log.silent())) {
            try (Socket socket = smtp.accept()) {
                socket.getOutputStream().write("220 mx.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                assertTrue(hangsUp(socket.getInputStream()));
                assertFalse(lost.isReady());
            }
        }
    }

    @Test
    void readsWhatItWritesAndRefusesWhatIsNone() {
        Seeds.forAll(300, random -> {
            Frame frame = switch (random.nextInt(5)) {
                case 0 ->
                    new Frame.Job(
                            random.nextLong(),
                            new Frame.Head(random.nextLong(), 5, "a@b", "", "h"),
                            7,
                            1 + random.nextInt(9));
                case 1 -> new Frame.To(random.nextLong(), random.nextInt(100), new Recipient("é@x", "NOTIFY=NEVER"));
                case 2 -> new Frame.Answer(1, random.nextInt(9), new Verdict.Never("no\nway"));
                case 3 -> new Frame.Settled(3, List.of(1, random.nextInt(100)));
                default -> new Frame.Cancel(random.nextLong());
            };
            byte[] bytes = frame.bytes();
            try {
                assertEquals(frame, read(bytes));
                bytes[4 + random.nextInt(bytes.length - 4)] ^= (byte) (1 << random.nextInt(8));
                read(bytes); // another frame, or one of the exceptions below
            } catch (IOException e) {
                assertInstanceOf(Frame.Nonsense.class, e);
            }
        });
        byte[] half = new Frame.Ping().bytes();
        assertThrows(IOException.class, () -> read(Arrays.copyOf(half, half.length - 1)));
    }

    @Test
    void fieldsOfANewerVersionArePassedOver() throws IOException {
        for (Frame frame : List.of(
                new Frame.Job(1, new Frame.Head(2, 3, "a@b", "", "h"), 4, 5),
                new Frame.To(1, 2, new Recipient("a@b", "")),
                new Frame.Answer(1, 2, new Verdict.Never("no")))) {
            byte[] known = frame.bytes();
            byte[] grown = Arrays.copyOf(known, known.length + 7);
            ByteBuffer.wrap(grown).putInt(0, grown.length - Integer.BYTES);
            assertEquals(frame, read(grown));
        }
    }

    private static Frame read(byte[] bytes) throws IOException {
        return Frame.read(new DataInputStream(new ByteArrayInputStream(bytes))).orElseThrow();
    }
}
