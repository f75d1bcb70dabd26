package qrate.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import qrate.core.Body;
import qrate.core.Verdict;

/// What is said to a server, and what its answers come to.
class RemoteDialogueTest extends RemoteOnRig {
    @Test
    void deliversAndSaysWhatTheHostSaid() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server).control("helohost", "mail.client.test");
            Verdict verdict = rig.send();
            assertEquals(
                    new Verdict.Delivered(
                            "192.0.2.1 accepted message.\nTLS: starttls-not-supported at mx.there.test 192.0.2.1,"
                                    + " opportunistic.\nRemote host said: 250 2.0.0 ok queued\n"),
                    verdict);
            assertEquals(
                    List.of("EHLO mail.client.test", "MAIL FROM:<me@client.test>", "RCPT TO:<you@there.test>", "DATA"),
                    server.commands());
            assertEquals(List.of("Subject: hello\r\n\r\nworld\r\n"), server.messages());
            assertEquals(List.of("192.0.2.1:25"), rig.dialled);
        }
    }

    @Test
    void fallsBackToHelo() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("EHLO", "502 what?"))) {
            rig.there(server);
            assertInstanceOf(Verdict.Delivered.class, rig.send());
            assertTrue(server.commands().contains("HELO client.test"));
        }
    }

    @Test
    void doublesDotsAndSendsNoBareCrOrLf() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            Body body = body("A: b\n\n.dot\r.\rMAIL FROM:<evil@x.test>\r\n.\nlast");
            assertInstanceOf(
                    Verdict.Delivered.class,
                    rig.send("", "", body, "you@there.test").getFirst());
            assertEquals(
                    List.of("A: b\r\n\r\n..dot\r\n..\r\nMAIL FROM:<evil@x.test>\r\n..\r\nlast\r\n"), server.messages());
        }
    }

    @Test
    void asksForWhatTheServerOffers() throws Exception {
        try (FakeSmtp server =
                new FakeSmtp(Polite.server().offering("PIPELINING", "SIZE 100000", "8BITMIME", "SMTPUTF8", "DSN"))) {
            rig.there(server);
            rig.send(
                    "mé@client.test",
                    "BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=q1 X=1",
                    body("A: é\n\né\n"),
                    "you@there.test NOTIFY=NEVER ORCPT=rfc822;you@there.test X=2");
            assertEquals(
                    List.of(
                            "EHLO client.test",
                            "MAIL FROM:<mé@client.test> SIZE=13 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=q1",
                            "RCPT TO:<you@there.test> NOTIFY=NEVER ORCPT=rfc822;you@there.test",
                            "DATA"),
                    server.commands());
        }
    }

    @Test
    void asksForNothingTheServerDoesNotOffer() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            Verdict verdict = rig.send(
                            "me@client.test",
                            "BODY=8BITMIME RET=HDRS",
                            body("A: b\n\né\n"),
                            "you@there.test NOTIFY=NEVER")
                    .getFirst();
            assertInstanceOf(Verdict.Delivered.class, verdict); // 8-bit as it is, as qmail-remote does
            assertTrue(server.commands().contains("MAIL FROM:<me@client.test>"));
            assertTrue(server.commands().contains("RCPT TO:<you@there.test>"));
        }
    }

    @Test
    void refusesInternationalMailWithoutSmtputf8() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            List<Verdict> some = rig.send("me@client.test", "jürgen@there.test", "you@there.test");
            assertNever(
                    some.get(0),
                    "Connected to 192.0.2.1 but it does not offer SMTPUTF8, which the address needs. (#5.6.7)");
            assertInstanceOf(Verdict.Delivered.class, some.get(1));
            assertNever(
                    rig.send("mé@client.test", "you@there.test").getFirst(),
                    "Connected to 192.0.2.1 but it does not offer SMTPUTF8, which the message needs. (#5.6.7)");
            assertNever(
                    rig.send("", "SMTPUTF8", body("A: é\n\n"), "you@there.test").getFirst(), "5.6.7");
        }
    }

    @Test
    void doesNotOfferAMessageOverTheServersSize() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().offering("SIZE 10"))) {
            rig.there(server);
            assertNever(
                    rig.send(),
                    "Connected to 192.0.2.1 but the message has 25 bytes, and it takes no more than 10. (#5.3.4)");
            assertFalse(server.commands().stream().anyMatch(c -> c.startsWith("MAIL")));
        }
    }

    @Test
    void sendsBouncesFromTheNullSender() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            rig.send("", "you@there.test");
            rig.send("#@[]", "you@there.test");
            assertEquals(
                    2,
                    server.commands().stream()
                            .filter(c -> c.equals("MAIL FROM:<>"))
                            .count());
        }
    }

    @Test
    void quotesLocalPartsAndRefusesDomainsThatCouldSmuggleParameters() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.control("smtproutes", ":[192.0.2.1]").at("192.0.2.1", server.port());
            rig.send("a b\"c@client.test", "x..y@there.test", "z>@there.test");
            assertTrue(server.commands().contains("MAIL FROM:<\"a b\\\"c\"@client.test>"));
            assertTrue(server.commands().contains("RCPT TO:<\"x..y\"@there.test>"));
            assertTrue(server.commands().contains("RCPT TO:<\"z>\"@there.test>"));
            Verdict bad = Rig.wait(rig.start(
                            "",
                            "",
                            body("\n"),
                            List.of(new qrate.core.Recipient("you@there.test> NOTIFY=NEVER <x", ""))))
                    .getFirst();
            assertNever(bad, "The address cannot be written in SMTP. (#5.1.3)");
            assertNever(
                    rig.send("me@client.test> SIZE=1 <x", "you@there.test").getFirst(),
                    "The sender's address cannot be written in SMTP. (#5.1.7)");
        }
    }

    @Test
    void answersEachRecipientForItself() throws Exception {
        for (String extension : List.of("PIPELINING", "HELP")) {
            Polite talk = Polite.server()
                    .offering(extension)
                    .on("RCPT TO:<hard", "550-5.1.1 no\r\n550 such user")
                    .on("RCPT TO:<soft", "450 4.2.0 greylisted");
            try (FakeSmtp server = new FakeSmtp(talk)) {
                rig.there(server);
                List<Verdict> verdicts =
                        rig.send("", "a@there.test", "hard@there.test", "soft@there.test", "b@there.test");
                assertInstanceOf(Verdict.Delivered.class, verdicts.get(0));
                assertEquals(new Verdict.Never("""
                                192.0.2.1 does not like recipient.
                                Remote host said: 550-5.1.1 no
                                550 such user
                                Giving up on 192.0.2.1.
                                """), verdicts.get(1));
                assertLater(verdicts.get(2), "450 4.2.0 greylisted");
                assertInstanceOf(Verdict.Delivered.class, verdicts.get(3));
            }
        }
    }

    @Test
    void sendsNoDataWhenEveryRecipientIsRefused() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("RCPT", "550 no"))) {
            rig.there(server);
            List<Verdict> verdicts = rig.send("", "a@there.test", "b@there.test");
            verdicts.forEach(v -> assertNever(v, "550 no"));
            assertFalse(server.commands().contains("DATA"));
        }
    }

    @Test
    void splitsManyRecipientsOverTransactionsOfOneConnection() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().offering("PIPELINING"))) {
            rig.there(server);
            String[] many =
                    IntStream.range(0, 250).mapToObj(i -> i + "@there.test").toArray(String[]::new);
            List<Verdict> verdicts = rig.send("", many);
            assertEquals(250, verdicts.size());
            verdicts.forEach(v -> assertInstanceOf(Verdict.Delivered.class, v));
            assertEquals(3, server.messages().size());
            assertEquals(1, server.connections());
        }
    }

    @Test
    void defersAt4yzAndBouncesAt5yzAtEachStage() throws Exception {
        record Case(String command, String text, boolean never) {}
        List<Case> cases = List.of(
                new Case("220", "greeting failed", false),
                new Case("MAIL", "sender was rejected", true),
                new Case("RCPT", "does not like recipient", true),
                new Case("DATA", "failed on DATA command", true),
                new Case(".", "failed after I sent the message", true));
        for (Case one : cases) {
            for (String code : List.of("451", "551")) {
                try (FakeSmtp server = new FakeSmtp(Polite.server().on(one.command(), code + " because"))) {
                    rig.there(server);
                    Verdict verdict = rig.send();
                    assertTrue(verdict.text().contains(one.text()), verdict.text());
                    assertTrue(verdict.text().contains("\nRemote host said: " + code + " because\n"), verdict.text());
                    assertEquals(one.never() && code.equals("551") ? 'D' : 'Z', verdict.code(), verdict.text());
                }
            }
        }
    }

    @Test
    void givesUpWhenItsNameIsRejected() throws Exception {
        try (FakeSmtp server = new FakeSmtp(Polite.server().on("EHLO", "550 no").on("HELO", "550 never heard"))) {
            rig.there(server);
            assertNever(rig.send(), "my name was rejected");
        }
    }

    @Test
    void defersWhenTheServerHangsUpAtAnyStage() throws Exception {
        for (String command : List.of("220", "EHLO", "MAIL", "RCPT", "DATA")) {
            try (FakeSmtp server = new FakeSmtp(Polite.server().on(command, "close"))) {
                rig.there(server);
                Verdict verdict = rig.send();
                assertLater(verdict, "Connected to 192.0.2.1 but connection died. (#4.4.2)");
            }
        }
    }

    @Test
    void saysThatTheMessageMayArriveTwiceWhenTheAnswerToTheDotIsMissing() throws Exception {
        for (String reply : List.of("close", "what is this")) {
            try (FakeSmtp server = new FakeSmtp(Polite.server().on(".", reply))) {
                rig.there(server);
                assertLater(rig.send(), "Connected to 192.0.2.1 but connection died. Possible duplicate! (#4.4.2)");
            }
        }
    }

    @Test
    void neverEndsAMessageThatCannotBeReadWhole() throws Exception {
        Body broken = new Body() {
            private int opened;

            @Override
            public long size() {
                return 1_000_000;
            }

            @Override
            public InputStream open() {
                boolean survey = opened++ == 0;
                byte[] start = "A: b\n\n".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
                return new java.io.SequenceInputStream(
                        new java.io.ByteArrayInputStream(start),
                        survey ? InputStream.nullInputStream() : new BrokenStream());
            }
        };
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(rig.send("", "", broken, "you@there.test").getFirst(), "Unable to read message. (#4.3.0)");
            assertEquals(List.of(), server.messages());
        }
    }

    @Test
    void answersForABugAndLogsIt() throws Exception {
        Body bug = new Body() {
            @Override
            public long size() {
                throw new IllegalStateException("a bug");
            }

            @Override
            public InputStream open() {
                throw new IllegalStateException("a bug");
            }
        };
        try (FakeSmtp server = new FakeSmtp(Polite.server())) {
            rig.there(server);
            assertLater(
                    rig.send("", "", bug, "you@there.test").getFirst(),
                    "Remote delivery failed, see the log. (#4.3.0)");
        }
        assertTrue(rig.logged().contains("a bug"), rig.logged());
    }

    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("disk");
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            throw new IOException("disk");
        }
    }

    static Body body(String text) {
        return Body.of(text.getBytes(StandardCharsets.UTF_8));
    }

    static void assertLater(Verdict verdict, String part) {
        assertInstanceOf(Verdict.Later.class, verdict, verdict.text());
        assertTrue(verdict.text().contains(part), verdict.text());
    }

    static void assertNever(Verdict verdict, String part) {
        assertInstanceOf(Verdict.Never.class, verdict, verdict.text());
        assertTrue(verdict.text().contains(part), verdict.text());
    }
}
