package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Client;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.milter.MilterReply;
import qrate.tcpserver.Listener;

/// What becomes of a message that a milter marks as spam.
@Timeout(120)
class SmtpdSpamTest {
    private static final String OK = "250 2.0.0 ok 1764000000 qp 17";
    private static final String REFUSED = "550 5.7.1 sorry, your message looks like spam to our filters";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    private static MilterAnswer adding(String name, String value) {
        return MilterAnswer.CONTINUE.with(new MilterReply.AddField(name, value));
    }

    /// Sends a message past a milter that says so at its end.
    private void sent(MilterAnswer answer, String header, String reply) throws IOException {
        try (TestMilter milter = new TestMilter(folder, "one", TestMilter.at(MilterCommand.BodyDone.class, answer));
                Listener listener = house.listen(Kind.MX)) {
            house.control("milters", milter.line());
            try (Talk talk = Talk.plain(listener.port())) {
                talk.expect("220 mail.example.test ESMTP");
                talk.ehlo();
                talk.say("MAIL FROM:<eve@far.example>", "250 2.1.0 ok");
                talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
                talk.say("DATA", "354 go ahead");
                talk.say(header + "Subject: hi\r\n\r\nhello\r\n.", reply);
            }
        }
    }

    private Client client() {
        return house.accepted.getLast().envelope().client();
    }

    @Test
    void aMarkOfAMilterTravelsWithTheMessage() throws IOException {
        for (MilterAnswer answer : List.of(
                adding("X-Spam", " Yes"),
                adding("x-spam-flag", " YES"),
                adding("X-Spam-Status", " Yes, score=15.0"),
                MilterAnswer.CONTINUE.with(new MilterReply.InsertField(0, "X-Spam", " yes")),
                MilterAnswer.CONTINUE.with(new MilterReply.ChangeField(1, "X-Spam", " Yes")))) {
            sent(answer, "", OK);
            assertTrue(client().spam(), answer.toString());
            assertEquals(
                    "far.example", house.accepted.getLast().envelope().sender().split("@", 2)[1]);
        }
    }

    @Test
    void whatSaysNothingOfThatIsNoMark() throws IOException {
        for (MilterAnswer answer : List.of(
                adding("X-Spam", " No"),
                adding("X-Spam", " Yesterday"),
                adding("X-Spam-Status", " No, score=1 Yes"),
                adding("X-Spamd-Bar", " Yes"),
                MilterAnswer.CONTINUE.with(new MilterReply.ChangeField(1, "X-Spam", "")))) {
            sent(answer, "", OK);
            assertFalse(client().spam(), answer.toString());
        }
    }

    @Test
    void aMarkThatAStrangerWroteIsNone() throws IOException {
        sent(MilterAnswer.CONTINUE, "X-Spam: Yes\r\nX-Spam-Flag: YES\r\n", OK);
        assertFalse(client().spam());
        house.control("spam", "example.test:refuse");
        sent(MilterAnswer.CONTINUE, "X-Spam: Yes\r\nX-Spam-Flag: YES\r\n", OK);
        assertFalse(client().spam());
    }

    @Test
    void spamIsRefusedWhereEachRecipientsDomainWantsThat() throws IOException {
        house.control("spam", "example.test:refuse");
        sent(adding("X-Spam", " Yes"), "", REFUSED);
        assertEquals(0, house.accepted.size());
        MilterAnswer another = adding("X-Spam", " Yes").with(new MilterReply.AddRecipient("<x@other.test>", ""));
        sent(another, "", OK);
        assertTrue(client().spam());
        assertEquals(2, house.accepted.getLast().envelope().recipients().size());
        house.control("spam", ":refuse");
        sent(another, "", REFUSED);
    }

    @Test
    void aRuleThatMakesNoSensePutsSpamOffAndNothingElse() throws IOException {
        house.control("spam", ":delete");
        sent(adding("X-Spam", " Yes"), "", "451 4.3.0 sorry, that cannot be answered now");
        assertTrue(house.logged.toString(StandardCharsets.UTF_8).contains("warning: spam is put off: control/spam: "));
        sent(adding("X-Spam", " No"), "", OK);
    }

    @Test
    void whatIsPutAsideIsMarkedToo() throws IOException {
        sent(adding("X-Spam", " Yes").with(new MilterReply.Quarantine("look")), "", OK);
        assertTrue(client().spam());
        assertTrue(house.accepted.getLast().envelope().held());
    }
}
