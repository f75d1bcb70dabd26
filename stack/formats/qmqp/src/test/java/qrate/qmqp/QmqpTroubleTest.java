package qrate.qmqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Spool;
import qrate.core.Verdict;
import qrate.testkit.BrokenInput;

/// What is said when the trouble is on our side.
class QmqpTroubleTest {
    private static final Intake NOBODY = (_, _) -> new Verdict.Never("nobody asks");

    @TempDir
    private Path folder;

    @Test
    void endsTheProgramsWith111() throws Exception {
        InstantSource clock = InstantSource.system();
        Files.writeString(folder.resolve("me"), "mail.test\n");
        assertEquals(
                "111 qmail-qmqpd: fatal: connection lost: reset\n",
                run(new QmailQmqpd(NOBODY, new Control(folder, clock), clock, folder)));
        assertEquals(
                "111 qmail-qmtpd: fatal: connection lost: reset\n",
                run(new QmailQmtpd(
                        new QmtpServer.Parts(_ -> new Bug(), _ -> NOBODY, new Spool(folder), Log.silent(), clock))));
    }

    @Test
    void saysInWordsWhyNothingWasSent() {
        assertEquals(
                new Verdict.Later("qmqp: unable to connect: a:628: late (#4.4.1)"),
                new QmqpClient.Outcome.TimedOut("a:628: late").verdict());
        assertEquals(
                new Verdict.Later("qmqp: unable to connect: a:628: refused (#4.4.1)"),
                new QmqpClient.Outcome.Rejected("a:628: refused").verdict());
        assertEquals(
                new Verdict.Later("qmqp: connection died: reset (#4.4.2)"),
                new QmqpClient.Outcome.Broken("reset").verdict());
        assertEquals(
                new Verdict.Later("qmqp: control/qmqpservers: names no server (#4.3.5)"),
                new QmqpClient.Outcome.Unconfigured("control/qmqpservers: names no server").verdict());
        assertEquals(
                new Verdict.Later("qmqp: unable to read message: disk (#4.3.0)"),
                new QmqpClient.Outcome.Unreadable("disk").verdict());
        Verdict no = new Verdict.Never("no");
        assertEquals(no, new QmqpClient.Outcome.Answered(no).verdict());
    }

    @Test
    void saysWhichServerIsNone() throws IOException {
        Control control = new Control(folder, InstantSource.system());
        for (String bad : List.of("send:port", "send:0", "", "send,")) {
            IOException none = assertThrows(
                    IOException.class, () -> QmqpServers.in(control, bad).now());
            assertTrue(none.getMessage().startsWith("QRATE_SEND: not a host and port: "), none.getMessage());
        }
        Files.writeString(folder.resolve("qmqpservers"), "[::1]:99999\n");
        assertEquals(
                "control/qmqpservers: not a host and port: [::1]:99999",
                assertThrows(
                                IOException.class,
                                () -> QmqpServers.in(new Control(folder, InstantSource.system()), "send")
                                        .now())
                        .getMessage());
    }

    /// Rules with a bug in them.
    private static final class Bug implements QmtpServer.Rules {
        @Override
        public String me() {
            return "mail.test";
        }

        @Override
        public long bytesMax() {
            return 0;
        }

        @Override
        public Optional<Verdict> sender(String address) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public QmtpServer.Judgement recipient(String address) {
            throw new IllegalStateException("a bug");
        }

        @Override
        public Optional<Verdict> message(Body body) {
            return Optional.empty();
        }
    }

    @Test
    void qmtpDefersForABugAndWhileItHasNoRoom() {
        String small = "2:\nx,0:,17:13:ann@here.test,,";
        assertEquals("24:Zinternal error (#4.3.0),", qmtp(folder, small));
        String large = "\n" + "x".repeat(Spool.MEMORY_BYTES_MAX + 1);
        String said = qmtp(folder.resolve("gone"), large.length() + ":" + large + ",0:,17:13:ann@here.test,,");
        assertTrue(said.matches("\\d+:Zunable to keep the message: .* \\(#4\\.3\\.1\\),"), said);
    }

    private static String qmtp(Path spool, String bytes) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        InputStream in = new ByteArrayInputStream(bytes.getBytes(UTF_8));
        assertEquals(
                0,
                new QmailQmtpd(new QmtpServer.Parts(
                                _ -> new Bug(), _ -> NOBODY, new Spool(spool), Log.silent(), InstantSource.system()))
                        .run(List.of(), new Program.Stdio(Map.of(), in, out, out)));
        return said.toString(UTF_8);
    }

    private static String run(Program program) throws Exception {
        InputStream lost = new BrokenInput("reset");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(said, true, UTF_8);
        int code = program.run(List.of(), new Program.Stdio(Map.of(), lost, out, out));
        return code + " " + said.toString(UTF_8);
    }
}
