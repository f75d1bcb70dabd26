package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.milter.MilterReply;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;

/// What milters change of a message and of its envelope.
@Timeout(120)
class SmtpdMilterEditsTest {
    private static final String OK = "250 2.0.0 ok 1764000000 qp 17";
    private static final String SORRY = "451 4.7.1 sorry, a filter of mine does not work now";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    /// Sends a message past a milter that wants these changes.
    private void send(String reply, MilterReply.Change... changes) throws IOException {
        MilterAnswer answer = MilterAnswer.CONTINUE;
        for (MilterReply.Change change : changes) {
            answer = answer.with(change);
        }
        try (TestMilter milter = new TestMilter(folder, "one", TestMilter.at(MilterCommand.BodyDone.class, answer));
                Listener listener = house.listen(Kind.MX)) {
            house.control("milters", milter.line());
            try (Talk talk = Talk.plain(listener.port())) {
                talk.expect("220 mail.example.test ESMTP");
                talk.ehlo();
                talk.say("MAIL FROM:<eve@far.example> RET=HDRS", "250 2.1.0 ok");
                talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
                talk.say("RCPT TO:<bob@example.test> NOTIFY=NEVER", "250 2.1.5 ok");
                talk.say("DATA", "354 go ahead");
                talk.say("From: eve@far.example\r\nSubject: hi\r\n\r\nhello\r\n.", reply);
            }
        }
    }

    private List<String> recipients() {
        return house.accepted.getFirst().envelope().recipients().stream()
                .map(one -> (one.address() + " " + one.parameters()).strip())
                .toList();
    }

    private String logged() {
        return house.logged.toString(StandardCharsets.UTF_8);
    }

    @Test
    void handsTheMessageOnAsTheyHaveLeftItBehindOurReceived() throws IOException {
        send(
                OK,
                new MilterReply.InsertField(0, "X-Top", " 1"),
                new MilterReply.ChangeField(1, "Subject", " [spam] hi"),
                new MilterReply.ChangeField(1, "From", ""),
                new MilterReply.AddField("X-Last", " a\n\tb"),
                new MilterReply.ReplaceBody("other\r\nwords\r\n".getBytes(StandardCharsets.US_ASCII)));
        String content = house.accepted.getFirst().content();
        assertTrue(content.contains("Received: from unknown (HELO client.example) (127.0.0.1)\n"), content);
        assertTrue(content.contains("X-Top: 1\n"), content);
        assertTrue(content.endsWith("\nSubject: [spam] hi\nX-Last: a\n\tb\n\nother\nwords\n"), content);
        assertFalse(content.contains("From: eve"), content);
    }

    @Test
    void takesABodyThatIsLargerThanWhatIsHeldInMemory() throws IOException {
        byte[] piece = ("x".repeat(62) + "\r\n").repeat(900).getBytes(StandardCharsets.US_ASCII);
        MilterReply.Change[] pieces = Stream.generate(() -> new MilterReply.ReplaceBody(piece))
                .limit(60)
                .toArray(MilterReply.Change[]::new);
        send(OK, pieces);
        String content = house.accepted.getFirst().content();
        assertEquals(60 * 900, content.lines().filter("x".repeat(62)::equals).count());
    }

    @Test
    void changesSenderAndRecipients() throws IOException {
        send(
                OK,
                new MilterReply.ChangeSender("<\"a b\"@else.example>", ""),
                new MilterReply.DeleteRecipient("<ann@EXAMPLE.test>"),
                new MilterReply.AddRecipient("archive@far.example", ""),
                new MilterReply.AddRecipient("<postmaster>", "NOTIFY=FAILURE"),
                new MilterReply.AddRecipient("<bob@example.test>", ""));
        assertEquals("a b@else.example", house.accepted.getFirst().envelope().sender());
        assertEquals("RET=HDRS", house.accepted.getFirst().envelope().parameters());
        assertEquals(
                List.of(
                        "bob@example.test NOTIFY=NEVER",
                        "archive@far.example",
                        "postmaster@mail.example.test NOTIFY=FAILURE"),
                recipients());
    }

    @Test
    void givesAnotherSenderOtherParameters() throws IOException {
        send(OK, new MilterReply.ChangeSender("<>", "RET=FULL ENVID=x"));
        assertEquals("", house.accepted.getFirst().envelope().sender());
        assertEquals("RET=FULL ENVID=x", house.accepted.getFirst().envelope().parameters());
    }

    @Test
    void takesAndForgetsAMessageWhoseLastRecipientIsGone() throws IOException {
        send(
                "250 2.0.0 ok",
                new MilterReply.DeleteRecipient("ann@example.test"),
                new MilterReply.DeleteRecipient("bob@example.test"),
                new MilterReply.DeleteRecipient("nobody@example.test"));
        assertEquals(List.of(), house.accepted);
        assertTrue(logged().contains("discarded since milters took every recipient away"), logged());
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of(new MilterReply.ChangeSender("<a@b.example> <c@d.example>", ""), "555 "),
                Arguments.of(new MilterReply.ChangeSender("<a@b.example>", "NOSUCH=1"), "555 "),
                Arguments.of(new MilterReply.ChangeSender("<" + "x".repeat(1500) + "@b.example>", ""), "5"),
                Arguments.of(new MilterReply.ChangeSender("<m\u00c3\u00bc@b.example>", ""), "SMTPUTF8"),
                Arguments.of(new MilterReply.AddRecipient("<>", ""), "5"),
                Arguments.of(new MilterReply.AddRecipient("nobody", ""), "needs a domain"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void putsTheMessageOffWhenAMilterWantsWhatNoEnvelopeCanBe(MilterReply.Change change, String why)
            throws IOException {
        send(SORRY, change);
        assertEquals(List.of(), house.accepted);
        assertTrue(logged().contains("warning: a milter wants what cannot be: ") && logged().contains(why), logged());
    }

    @Test
    void addsNoMoreRecipientsThanAMessageMayHave() throws IOException {
        MilterReply.Change[] many = Stream.iterate(0, n -> n + 1)
                .limit(Policy.RECIPIENTS_MAX - 1)
                .map(n -> new MilterReply.AddRecipient("<u" + n + "@far.example>", ""))
                .toArray(MilterReply.Change[]::new);
        send(SORRY, many);
        assertTrue(logged().contains("452 4.5.3 too many recipients"), logged());
    }

    @Test
    void tellsWhoHasLoggedInOnTheDoorsOfUsersAndShowsTheFieldsThatWeAdd(@TempDir Path tls) throws Exception {
        Talk.certify(tls);
        Certificates certificates = Certificates.in(tls, InstantSource.system(), Log.silent());
        try (TestMilter milter = new TestMilter(folder, "one", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.SUBMISSION, certificates, Map.of())) {
            house.control("milters", milter.line());
            try (Talk plain = Talk.plain(listener.port())) {
                plain.expect("220 mail.example.test ESMTP");
                plain.ehlo();
                plain.say("STARTTLS", "220 2.0.0 ready to start TLS");
                try (Talk talk = plain.startTls()) {
                    talk.ehlo();
                    String login = Base64.getEncoder()
                            .encodeToString("\0bob@example.test\0secret".getBytes(StandardCharsets.UTF_8));
                    talk.say("AUTH PLAIN " + login, "235 2.7.0 ok, go ahead");
                    talk.say("MAIL FROM:<bob@example.test>", "250 2.1.0 ok");
                    talk.say("RCPT TO:<eve@far.example>", "250 2.1.5 ok");
                    talk.say("DATA", "354 go ahead");
                    talk.say("Subject: hi\r\n\r\nhello\r\n.", OK);
                }
            }
            assertEquals("submission", milter.macros.get("{daemon_name}"));
            assertEquals("PLAIN", milter.macros.get("{auth_type}"));
            assertEquals("bob@example.test", milter.macros.get("{auth_authen}"));
            assertEquals("TLSv1.3", milter.macros.get("{tls_version}"));
            assertTrue(milter.macros.get("{cipher}").startsWith("TLS_"), milter.macros.get("{cipher}"));
            assertTrue(List.of("128", "256").contains(milter.macros.get("{cipher_bits}")), milter.macros.toString());
            assertTrue(milter.told.contains("From: bob@example.test"), milter.told.toString());
            assertTrue(milter.told.stream().anyMatch(one -> one.startsWith("Message-ID:")), milter.told.toString());
            assertFalse(milter.told.stream().anyMatch(one -> one.startsWith("Received:")), milter.told.toString());
        }
        assertEquals(
                List.of(Recipient.of("eve@far.example")),
                house.accepted.getFirst().envelope().recipients());
    }
}
