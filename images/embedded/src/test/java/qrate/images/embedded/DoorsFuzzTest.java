package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.address.Addresses;
import qrate.cdb.Cdb;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Connection;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Service;
import qrate.core.Spawner;
import qrate.core.Spool;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.inject.QmailInject;
import qrate.pop3d.Pop3d;
import qrate.posix.DescriptorConnection;
import qrate.posix.Posix;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.QueueControlClient;
import qrate.qcontrol.QueueControlServer;
import qrate.qmqp.QmqpServer;
import qrate.qmqp.QmtpServer;
import qrate.queue.Journal;
import qrate.smtp.CommandParser;
import qrate.smtpd.Filters;
import qrate.smtpd.Kind;
import qrate.smtpd.Smtpd;
import qrate.snapshots.Assignments;
import qrate.snapshots.Directory;
import qrate.spawn.SpawnServer;
import qrate.tcpserver.Tcprules;
import qrate.tcpserver.Tcprulescheck;
import qrate.testkit.Fuzz;

/// Every parser behind a door, fed with what nobody means well with. `./qrate fuzz` runs each for longer.
class DoorsFuzzTest {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    @TempDir
    Path folder;

    private Control control;
    private final Intake intake = (envelope, body) -> {
        try (InputStream in = body.open()) {
            in.transferTo(OutputStream.nullOutputStream());
            return new Verdict.Delivered("ok 1 qp 1 " + envelope.recipients().size());
        } catch (IOException e) {
            return new Verdict.Later(e.toString());
        }
    };

    /// A directory that has one domain with everybody in it.
    private static final class Everybody implements Directory {
        @Override
        public Route route(Address address) {
            return address.domain().equals("example.test") ? new Route.NoSuchUser() : new Route.NotOurs();
        }

        @Override
        public Optional<Account> account(String login) {
            return Optional.empty();
        }

        @Override
        public boolean maySendAs(String mailbox, Address sender) {
            return true;
        }
    }

    @BeforeEach
    void settle() throws IOException {
        Files.writeString(folder.resolve("me"), "example.test\n");
        Files.writeString(folder.resolve("rcpthosts"), "far.test\n");
        Files.writeString(folder.resolve("pop3plaintext"), "yes\n");
        control = new Control(folder, CLOCK);
    }

    private static void assertRan(Fuzz.Outcome outcome) {
        assertTrue(outcome.runs() > 0);
    }

    private static void serve(Service service, byte[] bytes) throws IOException {
        Program.Stdio stdio = new Program.Stdio(
                Map.of("TCPREMOTEIP", "192.0.2.7"), new ByteArrayInputStream(bytes), NOWHERE, NOWHERE);
        Connection connection = new DescriptorConnection(stdio, new Posix(), Optional::empty);
        service.serve(connection);
    }

    private Smtpd.Parts smtpParts() {
        PasswordChecker nobody = (_, _, _, _) -> new PasswordChecker.Answer.Refused();
        Addresses addresses = Addresses.published(new State(folder), control, new Everybody(), CLOCK);
        return new Smtpd.Parts(
                control, addresses, nobody, intake, Log.silent(), CLOCK, new Spool(folder), Filters.none());
    }

    /// Entry point: {@link Smtpd#serve}, a whole session.
    @Test
    void smtp() {
        Smtpd smtpd = new Smtpd(smtpParts(), Kind.MX);
        assertRan(Fuzz.run(
                "smtp",
                Fuzz.corpus(
                        String.join(
                                "\r\n",
                                "EHLO x",
                                "MAIL FROM:<a@b.test> SIZE=10 BODY=8BITMIME RET=HDRS ENVID=q",
                                "RCPT TO:<c@far.test> NOTIFY=NEVER ORCPT=rfc822;x@y",
                                "DATA",
                                "Received: x",
                                "Subject: y",
                                "",
                                "..z",
                                ".",
                                "QUIT",
                                ""),
                        "EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<@r:\"q\\\"x\"@[192.0.2.1]>\r\nBDAT 5\r\nhelloBDAT 0 LAST\r\n",
                        "HELO [IPv6:::1]\r\nVRFY x\r\nHELP\r\nNOOP\r\nSTARTTLS\r\nAUTH PLAIN AGEAYg==\r\n"),
                bytes -> serve(smtpd, bytes)));
    }

    /// Entry point: {@link CommandParser#parse}, addresses and parameters of MAIL and RCPT.
    @Test
    void addresses() {
        assertRan(Fuzz.run(
                "addresses",
                Fuzz.corpus(
                        "MAIL FROM:<\"a b\"@x.test> SIZE=99 SMTPUTF8 AUTH=<>",
                        "RCPT TO:<@a,@b.test:c@d.test> ORCPT=rfc822;a+2Bb@c NOTIFY=SUCCESS,DELAY",
                        "RCPT TO:<x@[IPv6:2001:db8::1]>",
                        "BDAT 99999999999 LAST"),
                bytes -> CommandParser.parse(bytes, 0, bytes.length)));
    }

    /// Entry point: {@link QmailInject#run} with `-n`, header fields and address lists.
    @Test
    void headers() {
        QmailInject inject = new QmailInject(control, intake, CLOCK, new Random(1));
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        assertRan(Fuzz.run(
                "headers",
                Fuzz.corpus(
                        "To: a@b, \"c d\" <@r.test:e@f>, g: h@i (x (y)), j;\nResent-To: k\nReturn-Path: <l-@m-@[]>\n\nbody\n",
                        "From: A <a@b+>\nSubject: x\n\ty\nBcc: z\nMail-Followup-To: q\n\n"),
                bytes -> {
                    InputStream in = new ByteArrayInputStream(bytes);
                    inject.run(List.of("-n", "-H", "x@y"), new Program.Stdio(Map.of(), in, nowhere, nowhere));
                }));
    }

    /// Entry point: {@link QmqpServer#serve}, netstrings.
    @Test
    void qmqp() {
        QmqpServer server = new QmqpServer(_ -> intake, new Spool(folder), Log.silent());
        assertRan(Fuzz.run(
                "qmqp",
                Fuzz.corpus("31:6:hello\n,7:ann@a.b,3:x@y,3:z@y,,", "8:2:h\n,0:,,", "22:2:h\n,3:a\0b,3:x@y,,"),
                bytes -> serve(server, bytes)));
    }

    /// Entry point: {@link QmtpServer#serve}, netstrings.
    @Test
    void qmtp() {
        QmtpServer server = new QmtpServer(smtpParts().qmtp(_ -> Optional.empty()));
        assertRan(Fuzz.run(
                "qmtp",
                Fuzz.corpus("3:\nhi,3:a@b,14:10:x@far.test,,", "7:\ra\r\nb\r\n,0:,28:10:x@far.test,10:y@far.test,,"),
                bytes -> serve(server, bytes)));
    }

    /// Entry point: {@link Pop3d#serve}, commands before and after a login.
    @Test
    void pop3() throws IOException {
        Path home = Files.createDirectories(folder.resolve("home"));
        for (String sub : List.of("cur", "new", "tmp")) {
            Files.createDirectories(home.resolve("Maildir").resolve(sub));
        }
        Files.writeString(home.resolve("Maildir/new/1.2.x"), "Subject: x\n\n.y\n");
        Pop3d pop3d = new Pop3d(
                (_, _, _, _) -> new PasswordChecker.Answer.Accepted("a@example.test", home),
                control,
                Log.silent(),
                CLOCK);
        assertRan(Fuzz.run(
                "pop3",
                Fuzz.corpus(
                        "CAPA\r\nUSER a\r\nPASS b\r\nSTAT\r\nLIST 1\r\nUIDL\r\nTOP 1 0\r\nRETR 1\r\nRSET\r\nLAST\r\nNOOP\r\n",
                        "AUTH PLAIN AGEAYg==\r\nDELE 1\r\nRSET\r\nAPOP a b\r\nSTLS\r\nQUIT\r\n"),
                bytes -> serve(pop3d, bytes)));
    }

    /// Entry point: {@link Cdb#open}, {@link Cdb#get} and {@link Cdb#forEach} on a damaged file.
    @Test
    void cdb() throws IOException {
        Path good = folder.resolve("good.cdb");
        Assignments.toCdb(List.of("=ann:ann:1:1:/home/ann:::", "+list-:ann:1:1:/home/ann:-:list-:"))
                .write(good, "rw-r--r--");
        Path file = folder.resolve("bad.cdb");
        assertRan(Fuzz.run("cdb", List.of(Files.readAllBytes(good)), bytes -> {
            Files.write(file, bytes);
            try (Cdb cdb = Cdb.open(file)) {
                cdb.get("!ann\0".getBytes(ISO_8859_1));
                cdb.get(new byte[0]);
                cdb.forEach((_, _) -> {});
            }
        }));
    }

    /// Entry points: {@link Tcprules#run} and {@link Tcprulescheck#run}.
    @Test
    void tcprules() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        String cdb = folder.resolve("rules.cdb").toString();
        String tmp = folder.resolve("rules.tmp").toString();
        assertRan(Fuzz.run(
                "tcprules",
                Fuzz.corpus(
                        "127.:allow,RELAYCLIENT=\"\",X=/y/\n1.2.3.18-23:deny\n=.x.test:allow\n2001:db8::/32:deny\n:allow\n",
                        "info@1.2.3.4:allow\n# c\n=:deny\n"),
                bytes -> {
                    InputStream in = new ByteArrayInputStream(bytes);
                    Program.Stdio stdio = new Program.Stdio(Map.of(), in, nowhere, nowhere);
                    new Tcprules().run(List.of(cdb, tmp), stdio);
                    if (Files.exists(Path.of(cdb))) {
                        new Tcprulescheck().run(List.of(cdb, "1.2.3.20"), stdio);
                    }
                }));
    }

    /// Entry point: {@link Assignments#toCdb}.
    @Test
    void assign() {
        assertRan(Fuzz.run(
                "assign",
                Fuzz.corpus("=ann:ann:1:1:/home/ann:-:x:\n+list-:ann:1:1:/home/ann:-:list-:\n"),
                bytes -> Assignments.toCdb(new String(bytes, ISO_8859_1).lines().toList())));
    }

    /// Entry point: {@link SpawnServer}'s socket, the frames of the spawn stream.
    @Test
    void spawn() throws IOException {
        Spawner spawner = new Spawner() {
            @Override
            public void start(Job job, Answers answers) {
                job.deliveries().forEach(one -> answers.answer(one.number(), new Verdict.Delivered("ok")));
            }

            @Override
            public void settled(long id, List<Integer> numbers) {
                // nothing is kept
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
        try (SpawnServer server = new SpawnServer(
                spawner,
                new InetSocketAddress("127.0.0.1", 0),
                Files.createDirectory(folder.resolve("s")),
                Log.silent())) {
            assertRan(Fuzz.run(
                    "spawn",
                    Fuzz.corpus("J\0\0\0\0\0\0\0\u0001\0\0\0\u0005hello\0\0\0\u0001x@y", "S\0\0\0\u0001"),
                    bytes -> {
                        try (Socket socket = new Socket("127.0.0.1", server.port())) {
                            socket.setSoTimeout((int) Fuzz.RUN_MILLIS_MAX);
                            socket.setSoLinger(true, 0); // no port stays behind in TIME_WAIT
                            socket.getOutputStream().write(bytes);
                            socket.shutdownOutput();
                            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                        }
                    }));
        }
    }

    /// A queue that is empty.
    private static final class NoQueue implements QueueControl {
        @Override
        public Stat stat() {
            return new Stat(0, 0, 10, 0, 20);
        }

        @Override
        public List<Item> list(int limit, long after) {
            return List.of();
        }

        @Override
        public void retryAll() {
            // nothing to retry
        }

        @Override
        public boolean retry(long id) {
            return false;
        }

        @Override
        public boolean hold(long id, boolean held) {
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
            return 7;
        }

        @Override
        public boolean bounce(long id) {
            return false;
        }

        @Override
        public boolean drop(long id) {
            return false;
        }
    }

    /// Entry point: {@link QueueControlServer}'s socket, which must still answer afterwards.
    @Test
    void controlSocket() throws IOException {
        Path path = folder.resolve("send.sock");
        try (QueueControlServer _ = new QueueControlServer(new NoQueue(), path, Log.silent())) {
            List<byte[]> corpus = Fuzz.corpus("stat\n", "list 10 0\n", "\0\0\0\u0004stat", "retry 1\n");
            assertRan(Fuzz.run("control", corpus, bytes -> {
                try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                    channel.connect(UnixDomainSocketAddress.of(path));
                    channel.write(ByteBuffer.wrap(bytes));
                    channel.shutdownOutput();
                    ByteBuffer answer = ByteBuffer.allocate(64 << 10);
                    while (channel.read(answer) > 0) {
                        answer.clear();
                    }
                }
            }));
            assertEquals(0, new QueueControlClient(path).stat().messages());
        }
    }

    /// Entry point: {@link Journal#open} on a damaged segment, and reading of all it then holds.
    @Test
    void journal() throws IOException {
        Path good = Files.createDirectory(folder.resolve("good"));
        try (Journal journal = Journal.open(good, CLOCK, Log.silent())) {
            for (int i = 0; i < 5; i++) {
                journal.accept(Envelope.of("a@b", "c@d", "e@f"), Body.of("Subject: x\n\nbody\n".getBytes(ISO_8859_1)));
            }
        }
        List<Path> segments;
        try (Stream<Path> files = Files.walk(good)) {
            segments = files.filter(
                            file -> Files.isRegularFile(file) && file.toFile().length() > 0)
                    .sorted(Comparator.comparingLong(file -> -file.toFile().length()))
                    .toList();
        }
        byte[] segment = Files.readAllBytes(segments.getFirst());
        Path name = good.relativize(segments.getFirst());
        assertRan(Fuzz.run(
                "journal", List.of(segment.length > 4096 ? java.util.Arrays.copyOf(segment, 4096) : segment), bytes -> {
                    Path bad = Files.createTempDirectory(folder, "bad");
                    Files.createDirectories(bad.resolve(name).getParent());
                    Files.write(bad.resolve(name), bytes);
                    try (Journal journal = Journal.open(bad, CLOCK, Log.silent())) {
                        List<Long> ids = new ArrayList<>();
                        journal.owed(owed -> ids.add(owed.id()));
                        for (long id : ids) {
                            journal.read(id);
                        }
                    } finally {
                        try (Stream<Path> files = Files.walk(bad)) {
                            for (Path file :
                                    files.sorted(Comparator.reverseOrder()).toList()) {
                                Files.delete(file);
                            }
                        }
                    }
                }));
    }
}
