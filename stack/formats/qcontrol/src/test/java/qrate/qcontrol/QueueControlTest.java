package qrate.qcontrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;
import qrate.core.Program;

class QueueControlTest {
    private static final Instant BIRTH = Instant.parse("2026-01-02T03:04:05Z");

    /// A queue of 250 messages.
    private static final class Known implements QueueControl {
        final List<String> asked = new ArrayList<>();
        final List<Sender> senders = new ArrayList<>();
        final List<RefusedDomain> refused = new ArrayList<>();
        boolean empty;

        @Override
        public List<RefusedDomain> refusedDomains() {
            return refused;
        }

        @Override
        public Stat stat() {
            return new Stat(250, 1, 2, 3, 4);
        }

        @Override
        public List<Item> list(int limit, long after) {
            List<Item> items = new ArrayList<>();
            for (long id = after + 1; !empty && id <= 250 && items.size() < limit; id++) {
                items.add(item(id));
            }
            return items;
        }

        @Override
        public void retryAll() {
            asked.add("retry all");
        }

        @Override
        public boolean retry(long id) {
            return id <= 250;
        }

        @Override
        public boolean hold(long id, boolean held) {
            asked.add((held ? "hold " : "release ") + id);
            return id <= 250;
        }

        @Override
        public List<Sender> senders() {
            return senders;
        }

        @Override
        public boolean letSend(String login) {
            asked.add("let " + login);
            return senders.removeIf(sender -> sender.login().equals(login));
        }

        @Override
        public long freeze(Freeze what) {
            asked.add("freeze " + what);
            return 7;
        }

        @Override
        public boolean bounce(long id) throws IOException {
            throw new IOException("disk full");
        }

        @Override
        public boolean drop(long id) {
            asked.add("drop " + id);
            return id <= 250;
        }
    }

    private static QueueControl.Item item(long id) {
        return new QueueControl.Item(
                id,
                BIRTH,
                id == 1 ? "" : "änn@far.example",
                1234,
                BIRTH.plusMillis(id),
                id == 2,
                List.of(
                        new QueueControl.Line(
                                "bob@here.example",
                                Channel.LOCAL,
                                id == 2 ? QueueControl.Progress.REFUSED : QueueControl.Progress.DELIVERED,
                                ""),
                        new QueueControl.Line(
                                "x@far.example",
                                Channel.REMOTE,
                                id == 1 ? QueueControl.Progress.REFUSED : QueueControl.Progress.PENDING,
                                id == 1 ? "no\nway" : "")));
    }

    @TempDir
    Path state;

    private final Known known = new Known();
    private Path socket;
    private QueueControlServer server;
    private QueueControl client;

    @BeforeEach
    void listen() throws IOException {
        socket = state.resolve("run/send.sock");
        Files.createDirectories(socket.getParent());
        Files.writeString(socket, "left by a process that died");
        server = new QueueControlServer(known, socket, Log.silent());
        client = new QueueControlClient(socket);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void carriesEveryAnswerAsItIs() throws IOException {
        assertEquals(known.stat(), client.stat());
        assertEquals(List.of(item(1), item(2)), client.list(2, 0));
        assertEquals(known.list(1000, 249), client.list(1000, 249));
        assertEquals(List.of(), client.list(10, 250));
        known.refused.add(new QueueControl.RefusedDomain(
                "here.example",
                "gmail.com",
                BIRTH,
                BIRTH.plusMillis(1),
                "192.0.2.1 failed.\nRemote host said: 550 5.7.26\n"));
        assertEquals(known.refused, client.refusedDomains());
    }

    @Test
    void carriesOrders() throws IOException {
        client.retryAll();
        assertTrue(client.retry(7));
        assertFalse(client.retry(251));
        assertTrue(client.drop(8));
        assertFalse(client.drop(9999));
        assertEquals(List.of("retry all", "drop 8", "drop 9999"), known.asked);
    }

    @Test
    void carriesTroubleAsTrouble() {
        IOException trouble = assertThrows(IOException.class, () -> client.bounce(1));
        assertTrue(trouble.getMessage().contains("disk full"));
    }

    @Test
    void opensTheSocketToOwnerAndGroupOnly() throws IOException {
        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
    }

    @Test
    void removesTheSocketAtItsEnd() {
        server.close();
        assertFalse(Files.exists(socket));
    }

    @Test
    void hangsUpOnNonsenseAndServesTheNext() throws IOException {
        for (String nonsense : List.of(
                "GET / HTTP/1.0\r\n\r\n",
                "99999999999:",
                "3:=ab;",
                "4:stat,0:,",
                "5:=stat,0:x",
                "2:=a,2:=a,2:=a,2:=a,2:=a,0:,")) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                channel.write(ByteBuffer.wrap(nonsense.getBytes(StandardCharsets.US_ASCII)));
                assertEquals(-1, channel.read(ByteBuffer.allocate(100)), nonsense);
            }
        }
        assertEquals(250, client.stat().messages());
    }

    @Test
    void answersAnUnknownRequestWithAReason() throws IOException {
        for (List<String> request :
                List.of(List.<String>of(), List.of("sing"), List.of("drop", "x"), List.of("list"))) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                    InputStream in = Channels.newInputStream(channel)) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                WordList.write(out, request);
                channel.write(ByteBuffer.wrap(out.toByteArray()));
                assertEquals("Z", WordList.read(in, 10).orElseThrow().getFirst());
            }
        }
    }

    private record Ran(int exit, String out, String err) {}

    private Ran run(Program program) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = program.run(
                List.of(),
                new Program.Stdio(
                        Map.of("QRATE_STATE", state.toString()),
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)));
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void qstatCounts() throws Exception {
        assertEquals(
                new Ran(0, "messages in queue: 250\nmessages in queue but not yet preprocessed: 0\n", ""),
                run(new QmailQstat()));
    }

    @Test
    void qreadListsEveryMessage() throws Exception {
        Ran ran = run(new QmailQread());
        assertEquals(0, ran.exit);
        assertTrue(ran.out.startsWith("""
                2 Jan 2026 03:04:05 GMT  #1  1234  <>  bouncing
                  done\tlocal\tbob@here.example
                  done\tremote\tx@far.example
                2 Jan 2026 03:04:05 GMT  #2  1234  <änn@far.example>  bouncing
                  done\tlocal\tbob@here.example
                \tremote\tx@far.example
                """), ran.out);
        assertTrue(ran.out.contains("#3  1234  <änn@far.example> \n"), ran.out);
        assertEquals(750, ran.out.lines().count());
    }

    @Test
    void mailqEndsAsMonitorsReadIt() throws Exception {
        Ran ran = run(new Mailq());
        assertEquals(0, ran.exit);
        assertEquals(run(new QmailQread()).out, ran.out.substring(0, ran.out.indexOf("-- ")));
        assertTrue(ran.out.endsWith("-- 302 Kbytes in 250 Requests.\n"), ran.out);
        known.empty = true;
        assertEquals(new Ran(0, "Mail queue is empty\n", ""), run(new Mailq()));
    }

    @Test
    void aFlushTriesEverything() throws Exception {
        assertEquals(new Ran(0, "", ""), run(Mailq::flush));
        assertEquals(List.of("retry all"), known.asked);
        server.close();
        assertEquals(111, run(Mailq::flush).exit);
        assertEquals(111, run(new Mailq()).exit);
    }

    @Test
    void programsSayInOneLineThatSendDoesNotRun() throws Exception {
        server.close();
        Ran ran = run(new QmailQread());
        assertEquals(111, ran.exit);
        assertEquals(1, ran.err.lines().count());
        assertTrue(ran.err.startsWith("qmail-qread: fatal: qmail-send does not run: "));
        assertEquals(111, run(new QmailQstat()).exit);
    }

    @Test
    void tellsOfUsersWhoSendAndLetsThemSendAgain() throws IOException {
        QueueControl.Sender ann = new QueueControl.Sender(
                "änn@here.example",
                QueueControl.Freedom.REFUSED,
                BIRTH,
                "too\nmuch",
                7,
                List.of(new QueueControl.Use("messages", 3, 0), new QueueControl.Use("networks", 2, 30)));
        known.senders.add(ann);
        known.senders.add(new QueueControl.Sender(
                "bob@here.example", QueueControl.Freedom.FREE, Instant.EPOCH, "", 0, List.of()));
        assertEquals(known.senders, client.senders());
        assertTrue(client.letSend("änn@here.example"));
        assertFalse(client.letSend("änn@here.example"));
        assertEquals(1, client.senders().size());
    }

    @Test
    void leavesLoginAndReasonOutForAReleaseThatDoesNotKnowOfThem() throws IOException {
        QueueControl.Item item =
                new QueueControl.Item(1, BIRTH, "", 2, BIRTH, true, "ann@here.example", "too much", List.of());
        QueueControl.Item plain = new QueueControl.Item(1, BIRTH, "", 2, BIRTH, true, List.of());
        assertEquals(List.of(item), Codec.readItems(Codec.items(List.of(item), true)));
        assertEquals(List.of(plain), Codec.readItems(Codec.items(List.of(item), false)));
        assertTrue(Codec.items(List.of(item), false).contains("held"));
    }
}
