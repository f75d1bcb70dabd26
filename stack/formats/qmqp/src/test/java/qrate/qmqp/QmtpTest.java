package qrate.qmqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.testkit.Seeds;

class QmtpTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-24T06:30:00Z"));
    private static final String RECEIVED =
            "Received: from client.test (ann@192.0.2.7)\n  by mail.test with QMTP; 24 Nov 2026 06:30:00 -0000\n";

    @TempDir
    Path spool;

    private final List<Envelope> envelopes = new ArrayList<>();
    private final List<String> bodies = new ArrayList<>();
    private Verdict verdict = new Verdict.Delivered("ok 1764000000 qp 17");
    private long bytesMax;
    private boolean broken;
    private String err = "";

    private final class Rules implements QmtpServer.Rules {
        @Override
        public String me() {
            return "mail.test";
        }

        @Override
        public long bytesMax() {
            return bytesMax;
        }

        @Override
        public Optional<Verdict> sender(String address) {
            return address.startsWith("bad") ? Optional.of(new Verdict.Never("bad sender (#5.7.1)")) : Optional.empty();
        }

        @Override
        public QmtpServer.Judgement recipient(String address) throws IOException {
            if (broken) {
                throw new IOException("control/rcpthosts: unreadable");
            }
            return address.endsWith("@here.test")
                    ? new QmtpServer.Judgement.Taken(Recipient.of(address))
                    : new QmtpServer.Judgement.Refused(new Verdict.Never("no relay (#5.7.1)"));
        }

        @Override
        public Optional<Verdict> message(Body body) {
            return Optional.empty();
        }
    }

    private QmtpServer.Parts parts() {
        return new QmtpServer.Parts(
                _ -> new Rules(),
                _ -> (envelope, body) -> {
                    try (InputStream in = body.open()) {
                        envelopes.add(envelope);
                        bodies.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
                        return verdict;
                    } catch (IOException e) {
                        return new Verdict.Later(e.toString());
                    }
                },
                new Spool(spool),
                Log.silent(),
                CLOCK);
    }

    /// Runs the command as tcpserver would.
    private String say(String bytes, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        int code = new QmailQmtpd(parts())
                .run(
                        List.of(arguments),
                        new Program.Stdio(
                                Map.of(
                                        "TCPREMOTEHOST",
                                        "client.test",
                                        "TCPREMOTEIP",
                                        "192.0.2.7",
                                        "TCPREMOTEINFO",
                                        "ann"),
                                new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1)),
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                new PrintStream(failed, true, StandardCharsets.UTF_8)));
        err = failed.toString(StandardCharsets.UTF_8);
        return code + " " + out.toString(StandardCharsets.UTF_8);
    }

    private static String netstring(String text) {
        return text.length() + ":" + text + ",";
    }

    private static String pack(String message, String sender, String... recipients) {
        StringBuilder list = new StringBuilder();
        for (String recipient : recipients) {
            list.append(netstring(recipient));
        }
        return netstring(message) + netstring(sender) + netstring(list.toString());
    }

    @Test
    void answersEachRecipientInOrder() {
        String bytes = pack("\nSubject: x\n\nhi\n", "a@b.test", "ann@here.test", "x@there.test", "bob@here.test");
        String ok = "20:Kok 1764000000 qp 17,";
        assertEquals("0 " + ok + "18:Dno relay (#5.7.1)," + ok, say(bytes));
        assertEquals(
                List.of(Envelope.of("a@b.test", "ann@here.test", "bob@here.test")),
                envelopes.stream().map(one -> one.from(Client.UNKNOWN)).toList());
        assertEquals("qmtp", envelopes.getFirst().client().door());
        assertEquals(List.of(RECEIVED + "Subject: x\n\nhi\n"), bodies);
    }

    @Test
    void takesManyPackagesDownOneConnectionAndBothLineEndings() {
        String unix = pack("\na\rb\r\n", "", "ann@here.test");
        String dos = pack("\ra\r\n\rb\r\r\n\nc\r", "", "ann@here.test");
        say(unix + dos + unix);
        assertEquals(List.of(RECEIVED + "a\rb\r\n", RECEIVED + "a\n\rb\r\n\nc\r", RECEIVED + "a\rb\r\n"), bodies);
    }

    @Test
    void refusesWhatIsTooLargeForEveryRecipientAndGoesOn() {
        bytesMax = 5;
        String large = "60:Dsorry, that message size exceeds my databytes limit (#5.3.4),";
        String large2 = large.replace("60:", (large.length() - 4) + ":");
        assertEquals(
                "0 " + large2 + large2 + "20:Kok 1764000000 qp 17,",
                say(pack("\n123456", "", "ann@here.test", "bob@here.test") + pack("\n12345", "", "ann@here.test")));
        assertEquals(1, bodies.size());
    }

    @Test
    void refusesBadSendersAndWhatIsNoAddress() {
        assertEquals("0 20:Dbad sender (#5.7.1),", say(pack("\nx", "bad@b.test", "ann@here.test")));
        assertTrue(say(pack("\nx", "a\0b", "ann@here.test")).contains("Dsorry, that sender is no address (#5.1.7)"));
        assertTrue(say(pack("\nx", "", "ann\n@here.test", "ann@here.test"))
                .matches("0 \\d+:Dsorry, that is no address \\(#5.1.3\\),20:Kok 1764000000 qp 17,"));
        assertEquals("0 ", say(pack("\nx", "a@b.test"))); // nobody, no answer
        assertEquals(1, bodies.size());
    }

    @Test
    void passesOnTheQueuesOwnAnswers() {
        verdict = new Verdict.Later("full (#4.3.1)");
        assertEquals("0 14:Zfull (#4.3.1),", say(pack("\nx", "", "ann@here.test")));
        verdict = new Verdict.Never("no (#5.3.0)");
        assertEquals("0 12:Dno (#5.3.0),", say(pack("\nx", "", "ann@here.test")));
        broken = true;
        assertTrue(say(pack("\nx", "", "ann@here.test", "b@x"))
                .matches("0 (\\d+:Zunable to check that now \\(#4.3.0\\),){2}"));
    }

    @Test
    void throwsAwayWhatEndsEarlyOrIsNoPackage() throws IOException {
        String good = pack("\nx", "", "ann@here.test");
        for (int end = 0; end < good.length(); end++) {
            assertEquals("0 ", say(good.substring(0, end)), good.substring(0, end));
        }
        for (String bytes : List.of(
                "0:,0:,0:,",
                pack("x", "", "ann@here.test"),
                "02:\nx,0:,16:13:ann@here.test,,",
                "2:\nx;0:,16:13:ann@here.test,,",
                "2:\nx,0:,16:14:ann@here.test,,",
                "99999999999:",
                "9999999999:\n",
                "EHLO x\r\n")) {
            assertEquals("0 ", say(bytes), bytes);
        }
        assertEquals(List.of(), bodies);
        try (Stream<Path> left = Files.list(spool)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void spoolsALargeMessageAndLeavesNothingBehind() throws IOException {
        String text = "0123456789\n".repeat(60_000);
        assertTrue(say(pack("\n" + text, "", "ann@here.test")).contains("Kok"));
        assertEquals(RECEIVED + text, bodies.getFirst());
        bytesMax = 500_000;
        assertTrue(say(pack("\r" + text, "", "ann@here.test")).contains("databytes"));
        try (Stream<Path> left = Files.list(spool)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void takesNoArguments() {
        assertEquals("100 ", say("", "x"));
        assertTrue(err.startsWith("qmail-qmtpd: fatal:"), err);
    }

    @Test
    void neverThrowsOnRandomBytes() {
        String good = pack("\nx\n", "a@b", "ann@here.test");
        Seeds.forAll(3000, random -> {
            StringBuilder bytes = new StringBuilder(good);
            for (int i = random.nextInt(5); i > 0; i--) {
                bytes.setCharAt(random.nextInt(bytes.length()), "0123456789:,\0x\n\r\u00ff".charAt(random.nextInt(17)));
            }
            assertTrue(say(bytes.toString()).startsWith("0 "), bytes.toString());
        });
    }
}
