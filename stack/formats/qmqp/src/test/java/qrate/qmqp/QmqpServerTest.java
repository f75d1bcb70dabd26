package qrate.qmqp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.testkit.LoopbackListener;
import qrate.testkit.PlainConnection;
import qrate.testkit.Seeds;

/// What the server makes of a client's bytes.
class QmqpServerTest extends QmqpOnLoopback {
    @Test
    void answersAClassicClientByteForByte() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            String answer = say(listener.port(), "31:6:hello\n,7:ann@a.b,3:x@y,3:z@y,,");
            assertEquals("19:Kok 1764000000 qp 1,", answer);
            assertEquals(
                    Envelope.of("ann@a.b", "x@y", "z@y"), received.getFirst().envelope());
            assertEquals("hello\n", received.getFirst().body());
        }
    }

    @Test
    void answersEachOfManyMessagesDownOneConnection() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            String one = "14:2:h\n,0:,3:x@y,,";
            assertEquals("19:Kok 1764000000 qp 1,19:Kok 1764000000 qp 2,", say(listener.port(), one + one));
        }
    }

    @Test
    void answersTheMessageUnderWayWhenItStopsAndTakesNoOther() throws IOException {
        String one = "14:2:h\n,0:,3:x@y,,";
        InputStream in = new ByteArrayInputStream((one + one).getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        server(keeper).serve(new PlainConnection(in, out) {
            @Override
            public boolean stopping() {
                return !received.isEmpty();
            }
        });
        assertEquals("19:Kok 1764000000 qp 1,", out.toString(StandardCharsets.US_ASCII));
        assertEquals(1, received.size());
    }

    @Test
    void refusesABadEnvelopeAfterItsLastByteAndGoesOn() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            String noRecipient = "8:2:h\n,0:,,";
            String lineEnd = "14:2:h\n,0:,3:x\ny,,";
            String refused = "22:Dbad envelope (#5.5.2),";
            assertEquals(
                    refused + refused + "19:Kok 1764000000 qp 1,",
                    say(listener.port(), noRecipient + lineEnd + "14:2:h\n,0:,3:x@y,,"));
        }
    }

    @Test
    void throwsAwayWhatEndsEarlyOrIsNoNetstring() throws IOException {
        try (LoopbackListener listener = new LoopbackListener(server(keeper))) {
            for (String bytes : List.of(
                    "14:2:h\n,0:,3:x@y,",
                    "14:2:h\n,0:,3:x@y,;",
                    "014:2:h\n,0:,3:x@y,,",
                    ":,",
                    "EHLO there\r\n",
                    "99999999999:",
                    "9999999999:",
                    "14:200:h\n,0:,3:x@y,,",
                    "14:2:h\n,0:,4:x@y,,",
                    "14:2:h\n;0:,3:x@y,,",
                    "-1:")) {
                assertEquals("", say(listener.port(), bytes), bytes);
            }
        }
        assertEquals(List.of(), received);
    }

    @Test
    void neverAnswersOrThrowsOnRandomBytes() {
        byte[] good = "14:2:h\n,0:,3:x@y,,".getBytes(StandardCharsets.US_ASCII);
        Seeds.forAll(3000, random -> {
            byte[] bytes = mutate(good, random);
            try (InputStream in = new java.io.ByteArrayInputStream(bytes)) {
                Parcel.Read read = Parcel.read(
                        in.read(), new PlainConnection(in, OutputStream.nullOutputStream()), new Spool(spool));
                if (read instanceof Parcel.Read.Message message) {
                    message.spool().close();
                }
            } catch (IOException _) {
                // documented: no QMQP, or the end of the stream
            }
        });
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = java.util.Arrays.copyOf(good, 1 + random.nextInt(good.length + 4));
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) "0123456789:,\0x\n\u00ff".charAt(random.nextInt(16));
        }
        return bytes;
    }

    @Test
    void takesABugInTheIntakeForATemporaryFailure() throws IOException {
        Intake broken = (_, _) -> {
            throw new IllegalStateException("a bug");
        };
        try (LoopbackListener listener = new LoopbackListener(server(broken));
                QmqpClient client = new QmqpClient(List.of(at(listener)), QmqpClient.Settings.OWN)) {
            assertInstanceOf(Verdict.Later.class, client.accept(Envelope.of("a@b", "c@d"), body("1\n")));
        }
    }

    @Test
    void qmailQmqpdServesDescriptorsUnderItsOwnReceivedLine() throws IOException {
        Files.writeString(spool.resolve("me"), "mail.test\n");
        QmailQmqpd program = new QmailQmqpd(
                keeper,
                new Control(spool, InstantSource.system()),
                InstantSource.fixed(Instant.parse("2026-11-24T06:30:00Z")),
                spool);
        assertEquals("0 19:Kok 1764000000 qp 1,", run(program, "14:2:h\n,0:,3:x@y,,"));
        assertEquals(
                "Received: from unknown (192.0.2.7)\n  by mail.test with QMQP; 24 Nov 2026 06:30:00 -0000\nh\n",
                received.getFirst().body());
        assertEquals("0 ", run(program, "14:2:h\n,0:,3:x@"));
        assertEquals("100 ", run(program, "", "x"));
    }

    private static String run(QmailQmqpd program, String in, String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(java.io.OutputStream.nullOutputStream());
        int code = program.run(
                List.of(arguments),
                new Program.Stdio(
                        Map.of("TCPREMOTEIP", "192.0.2.7"),
                        new java.io.ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        err));
        return code + " " + out.toString(StandardCharsets.UTF_8);
    }
}
