package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.milter.MilterVerdict;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

/// Replies that no other test needs.
class RepliesTest {
    @TempDir
    Path folder;

    private void play(Map<String, String> environment, String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of("S: 220 mail.example.test ESMTP", "C: HELO x", "S~ 250 .*"));
        all.addAll(List.of(lines));
        try (Listener listener = new House(folder).listen(Kind.MX, Certificates.none(), environment)) {
            WireScript.play(all, listener.port());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EHLO|501 5.5.4 host name missing",
                "EHLO a\\x01b|501 5.5.4 that is no host name",
                "DATA now|501 5.5.4 no parameters allowed",
                "MAIL FROM:|501 5.5.4 address missing",
                "MAIL FROM:<ann>|553 5.1.8 sender address needs a domain",
                "MAIL FROM:<a@b.test> BODY=9BIT|501 5.5.4 BODY has a bad value",
                "MAIL FROM:<a@b.test> SIZE=1 SIZE=1|501 5.5.4 a parameter stands twice",
                "MAIL FROM:<a@b.test> COLOUR=red|555 5.5.4 parameter not known",
                "MAIL FROM:<a@b.test> SIZE=ä|501 5.5.4 SIZE has a bad value",
                "MAIL FROM:<a b@b.test>|553 5.1.7 that is no address",
                "RCPT TO:<a b@b.test>|553 5.1.3 that is no address",
                "AUTH|501 5.5.4 AUTH mechanism [response] expected",
                "EXPN list|502 5.5.1 not implemented",
                "XYZZY|500 5.5.2 unrecognized command"
            })
    void saysWhatIsWrongWithACommand(String command, String reply) throws IOException {
        play(Map.of(), "C: " + command, "S: " + reply);
    }

    @Test
    void saysWhatIsTooLong() throws IOException {
        String box = "MAIL FROM:<" + "a".repeat(900) + "@b.test>";
        play(
                Map.of("RELAYCLIENT", "x".repeat(1000)),
                "C: EHLO " + "x".repeat(1100),
                "S: 501 5.5.4 host name too long",
                "C: " + box,
                "S: 553 5.1.7 address too long",
                "C: MAIL FROM:<>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: 553 5.1.3 address too long");
    }

    @Test
    void endsARefusedMessageThatNeverEnds() throws IOException {
        byte[] line = "x".repeat(998).concat("\r\n").repeat(64).getBytes(StandardCharsets.US_ASCII);
        Incoming.Time never = new Incoming.Time(InstantSource.system(), Instant.MAX);
        Incoming.Manner manner = new Incoming.Manner(true, false);
        try (Incoming message = new Incoming(new Spool(folder).hold(Budget.ENDLESS), 1, manner, Log.silent(), never)) {
            long fed = 0;
            while (message.fatal().isEmpty()) {
                message.feed(line, 0, line.length);
                fed += line.length;
                assertTrue(fed < 2 * Incoming.REFUSED_BYTES_MAX);
            }
            assertEquals(Optional.of("552 5.3.4 message too big"), message.fatal());
        }
    }

    @Test
    void endsASessionThatDidNotWaitForItsHandshake(@TempDir Path tls) throws Exception {
        Talk.certify(tls);
        Certificates certificates = Certificates.in(tls, InstantSource.system(), Log.silent());
        try (Listener listener = new House(folder).listen(Kind.MX, certificates, Map.of())) {
            WireScript.play(
                    List.of(
                            "S: 220 mail.example.test ESMTP",
                            "C+ STARTTLS\\r\\nMAIL FROM:<evil@example.test>\\r\\n",
                            "S: 554 5.7.0 nothing may follow STARTTLS before the handshake",
                            "S!"),
                    listener.port());
        }
    }

    @Test
    void givesEachLineOfAMilterAnEnhancedCodeOfItsClassAndNothingThatIsNoText() {
        assertEquals(
                "451-4.2.0 wait\r\n451-4.2.0\r\n451 4.2.0 caf??",
                Replies.of(new MilterVerdict.Refuse(451, List.of("4.2.0 wait", "", "caf\u00c3\u00a9"))));
        assertEquals("550 5.7.1 no", Replies.of(new MilterVerdict.Refuse(550, List.of("no"))));
        String reply = Replies.of(new MilterVerdict.Refuse(550, List.of("x".repeat(900), "y".repeat(900))));
        assertTrue(reply.lines().allMatch(line -> line.length() <= Replies.REPLY_CHARS_MAX), reply);
        assertEquals("550-a / 550 b", Replies.logged("550-a\r\n550 b"));
    }
}
