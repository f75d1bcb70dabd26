package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.CID;
import static qrate.images.embedded.Installation.PASSWORD;
import static qrate.images.embedded.Installation.SOON;
import static qrate.images.embedded.Installation.done;
import static qrate.images.embedded.Installation.letter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Property;

/// Mail from a client's socket to another client's, through every part.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MailFlowTest {
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        qrate = Installation.start(folder);
        qrate.people(16);
    }

    @AfterAll
    void stop() {
        qrate.close();
    }

    @Test
    void theBodyThatComesInIsTheBodyThatIsRead() throws Exception {
        String user = qrate.someone();
        String sent = "Subject: bytes\r\n\r\n\u00e4\u00ff tabs\t and trailing blanks  \r\n\r\n"
                + " leading\r\nFrom here\r\n" + "x".repeat(900) + "\r\n\r\n";
        try (Talk talk = qrate.smtp()) {
            String reply = talk.message("someone@elsewhere.test", List.of(user), sent);
            assertTrue(reply.startsWith("250 2.0.0 "), reply);
        }
        String got = qrate.box(user, 1).getFirst();
        assertEquals(sent, got.substring(got.indexOf("Subject: bytes")));
        assertTrue(got.startsWith("Return-Path: <someone@elsewhere.test>\r\n"), got);
        assertTrue(got.contains("\r\nDelivered-To: "), got);
        assertTrue(got.contains("\r\nReceived: from unknown (HELO client.test) (127.0.0.1)"), got);
    }

    @Test
    void eachOfSeveralRecipientsGetsOneCopy() throws Exception {
        List<String> users = List.of(qrate.someone(), qrate.someone(), qrate.someone());
        String reply = qrate.send("many", users.get(0), users.get(1).toUpperCase(Locale.ROOT), users.get(2));
        assertTrue(reply.startsWith("250 "), reply);
        for (String user : users) {
            assertTrue(qrate.box(user, 1).getFirst().endsWith(letter("many")));
        }
        qrate.drained();
        for (String user : users) {
            assertEquals(1, qrate.box(user).size());
        }
    }

    /// RFC 5321 §2.4: what is one mailbox only its host knows, and that is us.
    @Test
    void whoIsNamedInSeveralWaysGetsOneCopy() throws Exception {
        String user = qrate.someone();
        String local = user.substring(0, user.indexOf('@'));
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddAliasDomain("example.test", "alias.test")));
        }
        Installation.settle();
        String reply = qrate.send(
                "ways",
                local.toUpperCase(Locale.ROOT) + "@example.test",
                user,
                '"' + local + "\"@EXAMPLE.TEST",
                local + "@alias.test",
                BOB);
        assertTrue(reply.startsWith("250 "), reply);
        qrate.drained();
        assertEquals(1, qrate.box(user).size());
        assertTrue(qrate.box(BOB).stream().anyMatch(message -> message.endsWith(letter("ways"))));
    }

    @Test
    void aUserSubmitsWithStarttlsAndAPassword() throws Exception {
        String friend = qrate.someone();
        try (Talk talk = qrate.submission(ANN)) {
            String reply = talk.message(ANN, List.of(friend), letter(ANN, "submitted"));
            assertTrue(reply.startsWith("250 "), reply);
        }
        String got = qrate.box(friend, 1).getFirst();
        assertTrue(got.contains("Return-Path: <" + ANN + ">") && got.endsWith(letter(ANN, "submitted")), got);
    }

    @Test
    void theSubmissionDoorTakesNothingWithoutALogin() throws Exception {
        try (Talk talk = Talk.submission(qrate.running().smtp().submission().port())) {
            String reply = talk.message(ANN, List.of(BOB), letter("nobody"));
            assertTrue(reply.startsWith("530 "), reply);
            String wrong = talk.auth(ANN, "wrong horse");
            assertTrue(wrong.startsWith("535 5.7.8"), wrong);
        }
    }

    @Test
    void aUserCannotSendAsAnother() throws Exception {
        try (Talk talk = qrate.submission(ANN)) {
            String reply = talk.say("MAIL FROM:<" + BOB + ">");
            assertTrue(reply.startsWith("553 5.7.1 "), reply);
            String own = talk.say("MAIL FROM:<" + ANN + ">");
            assertTrue(own.startsWith("250 "), own);
        }
    }

    @Test
    void anUnknownUserIsRefusedAtTheDoor() throws Exception {
        String reply = qrate.send("nobody", "nobody@example.test");
        assertTrue(reply.startsWith("550 5.1.1 "), reply);
    }

    @Test
    void nobodyRelaysWithoutALogin() throws Exception {
        String reply = qrate.send("relay", "victim@far.test");
        assertTrue(reply.startsWith("553 5.7.1 "), reply);
    }

    @Test
    void aUserAddedMeanwhileGetsMailWithinSeconds() throws Exception {
        String late = "late@example.test";
        assertTrue(qrate.send("early", late).startsWith("550 5.1.1 "));
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddMailbox(late, new Password.Clear(PASSWORD))));
        }
        Awaitility.await().atMost(SOON).until(() -> qrate.send("late", late).startsWith("250 "));
        Installation.settle(); // the door of POP3 looks again each second, too
        assertTrue(qrate.box(late, 1).getFirst().endsWith(letter("late")));
    }

    @Test
    void aDomainAddedMeanwhileGetsMailWithinSeconds() throws Exception {
        String late = "postmaster@late.test";
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddDomain("late.test", new Password.Clear(PASSWORD))));
        }
        Awaitility.await().atMost(SOON).until(() -> qrate.send("domain", late).startsWith("250 "));
        Installation.settle();
        assertTrue(qrate.box(late, 1).getFirst().endsWith(letter("domain")));
    }

    /// RFC 5321 §4.5.1; double bounces have the second address.
    @Test
    void mailForTheHostsPostmasterReachesTheFirstDomains() throws Exception {
        String postmaster = "postmaster@example.test";
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.SetPassword(postmaster, new Password.Clear(PASSWORD))));
        }
        Installation.settle();
        assertTrue(qrate.send("host", "postmaster").startsWith("250 "));
        assertTrue(qrate.send("host", "postmaster@mail.example.test").startsWith("250 "));
        for (String message : qrate.box(postmaster, 2)) {
            assertTrue(message.endsWith(letter("host")), message);
        }
    }

    @Test
    void anAliasLeadsToEveryTarget() throws Exception {
        List<String> targets = List.of(qrate.someone(), qrate.someone());
        try (EditableDirectory directory = qrate.directory()) {
            for (String target : targets) {
                done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("both@example.test", target))));
            }
        }
        Installation.settle();
        assertTrue(qrate.send("alias", "both@example.test").startsWith("250 "));
        for (String user : targets) {
            assertTrue(qrate.box(user, 1).getFirst().endsWith(letter("alias")));
        }
    }

    /// RFC 6531, by the decomposed spelling too (RFC 6532 §3.1).
    @Test
    void mailComesToAnAliasInLettersOfItsOwn() throws Exception {
        String user = qrate.someone();
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias("b\u00fccher@example.test", user))));
            assertEquals(
                    "b\u00fccher@example.test",
                    directory.aliases("example.test").stream()
                            .filter(alias -> alias.target().equals(user))
                            .findFirst()
                            .orElseThrow()
                            .address());
        }
        Installation.settle();
        try (Talk talk = qrate.smtp()) {
            talk.say("EHLO client.test");
            talk.say("MAIL FROM:<someone@elsewhere.test>");
            assertTrue(talk.say("RCPT TO:<b\u00fccher@example.test>").startsWith("553 5.6.7 "));
            talk.say("RSET");
            talk.say("MAIL FROM:<someone@elsewhere.test> SMTPUTF8");
            assertEquals("250 2.1.5 ok", talk.say("RCPT TO:<BU\u0308CHER@example.test>"));
            assertEquals("250 2.1.5 ok", talk.say("RCPT TO:<b\u00fccher@example.test>"));
            assertTrue(talk.say("RCPT TO:<m\u00fcller@example.test>").startsWith("550 5.1.1 "));
            talk.say("DATA");
            assertTrue(talk.say(letter("letters") + ".").startsWith("250 "));
        }
        assertTrue(qrate.box(user, 1).getFirst().endsWith(letter("letters")));
        qrate.drained();
        assertEquals(1, qrate.box(user).size());
    }

    @Test
    void mailComesToADomainInEitherSpelling() throws Exception {
        String box = "postmaster@xn--bcher-kva.test";
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddDomain("bücher.test", new Password.Clear(PASSWORD))));
        }
        Installation.settle();
        try (Talk talk = qrate.smtp()) {
            talk.say("EHLO client.test");
            talk.say("MAIL FROM:<someone@elsewhere.test> SMTPUTF8");
            assertEquals("250 2.1.5 ok", talk.say("RCPT TO:<postmaster@bücher.test>"));
            talk.say("DATA");
            talk.say(letter("spelt") + ".");
        }
        assertTrue(qrate.box(box, 1).getFirst().endsWith(letter("spelt")));
    }

    @Test
    void aForwardKeepsACopyUnlessItIsToldNotTo() throws Exception {
        String keeps = qrate.someone();
        String passes = qrate.someone();
        String target = qrate.someone();
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias(keeps, target))));
            done(directory.apply(new Edit.AddAlias(new EditableDirectory.Alias(passes, target))));
            done(directory.apply(new Edit.Modify(passes, Map.of(Property.KEEP, false))));
        }
        Installation.settle();
        assertTrue(qrate.send("kept", keeps).startsWith("250 "));
        assertTrue(qrate.send("passed", passes).startsWith("250 "));
        assertEquals(2, qrate.box(target, 2).size());
        qrate.drained();
        assertEquals(1, qrate.box(keeps).size());
        assertEquals(0, qrate.box(passes).size());
    }

    @Test
    void aRemovedMailboxIsGoneWithItsMail() throws Exception {
        String gone = qrate.someone();
        assertTrue(qrate.send("before", gone).startsWith("250 "));
        qrate.box(gone, 1);
        try (EditableDirectory directory = qrate.directory()) {
            done(directory.apply(new Edit.DeleteMailbox(gone)));
        }
        Installation.settle();
        assertTrue(qrate.send("after", gone).startsWith("550 5.1.1 "));
        assertTrue(qrate.login(gone).startsWith("-ERR [AUTH]"));
        assertFalse(Files.exists(qrate.maildir(gone)), "its folder is gone");
        assertTrue(qrate.login(CID).startsWith("+OK"), "the others stay");
    }
}
