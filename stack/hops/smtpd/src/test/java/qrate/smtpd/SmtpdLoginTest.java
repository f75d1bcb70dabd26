package qrate.smtpd;

import static org.awaitility.Awaitility.await;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.checkpassword.PasswordChecker;
import qrate.core.Log;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;

class SmtpdLoginTest {
    private static final String BOB = plain("bob@example.test", "secret");

    @TempDir
    private static Path tls;

    @TempDir
    Path folder;

    private static Certificates certificates = Certificates.none();

    private House house;

    @BeforeAll
    static void certify() throws Exception {
        Talk.certify(tls);
        certificates = Certificates.in(tls, InstantSource.system(), Log.silent());
    }

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    private static String plain(String user, String password) {
        return Base64.getEncoder().encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Listener listen(Kind kind) throws IOException {
        return house.listen(kind, certificates, Map.of());
    }

    private static Talk submissions(Listener listener) throws Exception {
        Talk talk = Talk.plain(listener.port()).startTls();
        talk.expect("220 mail.example.test ESMTP");
        talk.ehlo();
        return talk;
    }

    @Test
    void asksForTlsAndALoginOn587() throws Exception {
        try (Listener listener = listen(Kind.SUBMISSION);
                Talk talk = Talk.plain(listener.port())) {
            talk.expect("220 mail.example.test ESMTP");
            String offered = talk.ehlo();
            assertTrue(offered.contains("STARTTLS") && !offered.contains("AUTH"), offered);
            talk.say("MAIL FROM:<bob@example.test>", "530 5.7.0 STARTTLS first");
            talk.say("AUTH PLAIN " + BOB, "538 5.7.11 STARTTLS first");
            talk.say("STARTTLS", "220 2.0.0 ready to start TLS");
            try (Talk safe = talk.startTls()) {
                safe.say("AUTH PLAIN " + BOB, "503 5.5.1 EHLO first");
                offered = safe.ehlo();
                assertTrue(!offered.contains("STARTTLS") && offered.contains("AUTH PLAIN LOGIN"), offered);
                safe.say("STARTTLS", "503 5.5.1 TLS is on already");
                safe.say("MAIL FROM:<bob@example.test>", "530 5.7.0 AUTH first");
                safe.say("AUTH PLAIN " + BOB, "235 2.7.0 ok, go ahead");
                safe.say("AUTH PLAIN " + BOB, "503 5.5.1 one AUTH at a time");
                safe.say("MAIL FROM:<bob@example.test>", "250 2.1.0 ok");
                safe.say("RCPT TO:<who@elsewhere.example>", "250 2.1.5 ok");
                safe.say("DATA", "354 go ahead");
                safe.say("Subject: hi\r\n\r\nhi\r\n.", "250 2.0.0 ok 1764000000 qp 17");
            }
        }
        String content = house.accepted.getFirst().content();
        assertTrue(content.contains("\n  by mail.example.test with ESMTPSA (TLSv1.3 TLS_"), content);
        assertFalse(house.logged.toString(StandardCharsets.UTF_8).contains("secret"));
        assertTrue(house.logged.toString(StandardCharsets.UTF_8).contains("login=bob@example.test"));
    }

    @Test
    void letsUsersSendOnlyAsThemselvesOrTheirAliases() throws Exception {
        try (Listener listener = listen(Kind.SUBMISSIONS);
                Talk talk = submissions(listener)) {
            talk.say("AUTH LOGIN", "334 VXNlcm5hbWU6");
            talk.say(base64("bob@example.test"), "334 UGFzc3dvcmQ6");
            talk.say(base64("secret"), "235 2.7.0 ok, go ahead");
            talk.say("MAIL FROM:<ann@example.test>", "553 5.7.1 sorry, that sender address is not yours");
            talk.say("MAIL FROM:<rob@example.test>", "250 2.1.0 ok");
            talk.say("RSET", "250 2.0.0 flushed");
            talk.say("MAIL FROM:<>", "250 2.1.0 ok");
            talk.say("RCPT TO:<who@elsewhere.example>", "250 2.1.5 ok");
            talk.say("RCPT TO:<two@elsewhere.example>", "550 5.7.1 one recipient only for an empty sender");
            talk.say("RCPT TO:<no@example.test>", "550 5.7.1 one recipient only for an empty sender");
        }
    }

    @Test
    void answersEachKindOfFailedLogin() throws Exception {
        try (Listener listener = listen(Kind.SUBMISSIONS);
                Talk talk = submissions(listener)) {
            talk.say("AUTH CRAM-MD5", "504 5.5.4 AUTH PLAIN or LOGIN");
            talk.say("AUTH PLAIN ????", "501 5.5.2 that is no base64");
            talk.say("AUTH PLAIN =", "501 5.5.2 that is no PLAIN response");
            talk.say("AUTH PLAIN", "334 ");
            talk.say("*", "501 5.7.0 given up");
            house.logins = new PasswordChecker.Answer.Throttled();
            talk.say("AUTH PLAIN " + plain("ann@example.test", "x"), "454 4.7.0 too many tries, later please");
            house.logins = new PasswordChecker.Answer.Unavailable("snapshot unreadable");
            talk.say("AUTH PLAIN " + plain("ann@example.test", "x"), "454 4.7.0 logins cannot be checked now");
            house.logins = new PasswordChecker.Answer.Refused();
            talk.say("AUTH PLAIN", "334 ");
            talk.say(plain("ann@example.test", "hunter2"), "535 5.7.8 wrong user or password");
            String other = base64("ann@example.test\0bob@example.test\0secret");
            talk.say("AUTH PLAIN " + other, "535 5.7.8 no one acts for others here");
            talk.say("AUTH LOGIN " + base64("ann\n@example.test"), "334 UGFzc3dvcmQ6");
            talk.say(base64("x"), "421 4.7.0 too many wrong passwords");
            assertEquals("", talk.rest());
        }
        String log = house.logged.toString(StandardCharsets.UTF_8);
        assertTrue(log.contains("auth refused login=ann@example.test remote=127.0.0.1"), log);
        assertTrue(log.contains("auth unavailable remote=127.0.0.1: snapshot unreadable"), log);
        assertFalse(log.contains("hunter2"));
    }

    @Test
    void forgetsEverythingAtStartTls() throws Exception {
        try (Listener listener = listen(Kind.MX);
                Talk talk = Talk.plain(listener.port())) {
            talk.expect("220 mail.example.test ESMTP");
            talk.ehlo();
            talk.say("MAIL FROM:<a@b.example>", "250 2.1.0 ok");
            talk.say("STARTTLS", "503 5.5.1 not in a transaction");
            talk.say("RSET", "250 2.0.0 flushed");
            talk.say("STARTTLS", "220 2.0.0 ready to start TLS");
            try (Talk safe = talk.startTls()) {
                safe.say("MAIL FROM:<a@b.example>", "503 5.5.1 EHLO first");
                safe.ehlo();
                safe.say("RCPT TO:<ann@example.test>", "503 5.5.1 MAIL first");
            }
        }
    }

    /// RFC 8689 §2 and §4.1.
    @Test
    void takesRequireTlsInsideTlsOnlyAndHandsItOn() throws Exception {
        try (Listener listener = listen(Kind.MX);
                Talk talk = Talk.plain(listener.port())) {
            talk.expect("220 mail.example.test ESMTP");
            assertFalse(talk.ehlo().contains("REQUIRETLS"));
            talk.say("MAIL FROM:<a@b.example> REQUIRETLS", "555 5.5.4 REQUIRETLS goes with TLS only");
            talk.say("STARTTLS", "220 2.0.0 ready to start TLS");
            try (Talk safe = talk.startTls()) {
                assertTrue(safe.ehlo().contains("REQUIRETLS"));
                safe.say("MAIL FROM:<a@b.example> REQUIRETLS=1", "501 5.5.4 REQUIRETLS has a bad value");
                safe.say("MAIL FROM:<a@b.example> SMTPUTF8 requiretls RET=FULL", "250 2.1.0 ok");
                safe.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
                safe.say("DATA", "354 go ahead");
                safe.say("Subject: x\r\n\r\nhush\r\n.", "250 2.0.0 ok 1764000000 qp 17");
            }
        }
        assertEquals(
                "RET=FULL SMTPUTF8 REQUIRETLS",
                house.accepted.getFirst().envelope().parameters());
    }

    @Test
    void dropsTheConnectionWhenAnythingComesAheadOfTheHandshake() throws Exception {
        try (Listener listener = listen(Kind.MX)) {
            try (Talk talk = Talk.plain(listener.port())) {
                talk.expect("220 mail.example.test ESMTP");
                talk.send("EHLO x\r\nSTARTTLS\r\nRSET\r\n");
                String rest = talk.rest();
                assertTrue(rest.contains("554 5.7.0 nothing may follow STARTTLS"), rest);
                assertFalse(rest.contains("220 2.0.0"), rest);
            }
            try (Talk talk = Talk.plain(listener.port())) { // split over two segments
                talk.expect("220 mail.example.test ESMTP");
                talk.ehlo();
                talk.say("STARTTLS", "220 2.0.0 ready to start TLS");
                talk.send("MAIL FROM:<evil@example.test>\r\nRCPT TO:<ann@example.test>\r\n");
                assertFalse(talk.rest().contains("250"));
            }
            await().until(() -> listener.connections() == 0);
        }
        assertEquals(0, house.accepted.size());
    }

    @Test
    void offersNoTlsWithoutACertificate() throws Exception {
        try (Listener listener = house.listen(Kind.MX);
                Talk talk = Talk.plain(listener.port())) {
            talk.expect("220 mail.example.test ESMTP");
            assertFalse(talk.ehlo().contains("STARTTLS"));
            talk.say("STARTTLS", "454 4.7.0 TLS is not available");
        }
    }

    @Test
    void endsWhenTheHandshakeFails() throws Exception {
        try (Listener listener = listen(Kind.SUBMISSIONS);
                Talk talk = Talk.plain(listener.port())) {
            talk.send("EHLO x\r\n");
            String said = talk.rest(); // an alert of TLS, perhaps
            assertFalse(said.contains("220") || said.contains("250"), said);
            await().until(() -> listener.connections() == 0);
        }
    }

    private static void message(Talk talk, String from, String reply) throws IOException {
        talk.say("MAIL FROM:<bob@example.test>", "250 2.1.0 ok");
        talk.say("RCPT TO:<who@elsewhere.example>", "250 2.1.5 ok");
        talk.say("DATA", "354 go ahead");
        talk.say(from + "Subject: hi\r\n\r\nFrom: ann@example.test\r\n.", reply);
    }

    @Test
    void letsUsersWriteOnlyAsThemselvesInTheirFromHeaderToo() throws Exception {
        String ok = "250 2.0.0 ok 1764000000 qp 17";
        String other = "550 5.7.1 sorry, that From header names someone else";
        String unclear = "550 5.7.1 sorry, I cannot tell who that From header names";
        try (Listener listener = listen(Kind.SUBMISSIONS);
                Talk talk = submissions(listener)) {
            talk.say("AUTH PLAIN " + BOB, "235 2.7.0 ok, go ahead");
            message(talk, "From: Bob <bob@example.test>\r\n", ok);
            message(talk, "FROM : \"Rob, too\" (me)\r\n <rob@EXAMPLE.test>\r\n", ok);
            message(talk, "", ok);
            message(talk, "From: ann@example.test\r\n", other);
            message(talk, "From: bob@example.test, ann@example.test\r\n", other);
            message(talk, "From: bob@example.test <ann@example.test>\r\n", unclear);
            message(talk, "From: bob@example.test\r\nFrom: ann@example.test\r\n", unclear);
            message(talk, "From: nobody\r\n", unclear);
            house.control("fromheader", "any");
            await().untilAsserted(() -> message(talk, "From: ann@example.test\r\n", ok));
        }
    }

    @Test
    void takesWhatSomebodyElseWroteFromWhomItNamesAsItsSender() throws Exception {
        String ok = "250 2.0.0 ok 1764000000 qp 17";
        String ann = "From: Ann <ann@example.test>\r\n";
        String bob = "From: Bob <bob@example.test>\r\n";
        try (Listener listener = listen(Kind.SUBMISSIONS);
                Talk talk = submissions(listener)) {
            talk.say("AUTH PLAIN " + BOB, "235 2.7.0 ok, go ahead");
            message(talk, "Sender: bob@example.test\r\n" + ann, ok);
            message(talk, "Sender: root\r\n" + bob, ok);
            message(talk, "Resent-From: bob@example.test\r\nResent-To: x@y.test\r\n" + ann, ok);
            message(talk, "Resent-From: ann@example.test\r\nResent-Sender: rob@example.test\r\n" + ann, ok);
            message(
                    talk,
                    "Resent-From: bob@example.test\r\nReceived: x\r\nResent-From: ann@example.test\r\n" + ann,
                    ok);
            message(talk, "Resent-From: bob@example.test\r\nSender: x@y.test\r\n" + ann, ok);
            message(talk, "Reply-To: ann@example.test\r\n" + bob, ok);
            String someoneElse = " header names someone else";
            for (String from : List.of("", bob, ann)) {
                message(talk, "Sender: ann@example.test\r\n" + from, "550 5.7.1 sorry, that Sender" + someoneElse);
                message(
                        talk,
                        "Resent-From: ann@example.test\r\nResent-To: x@y.test\r\n" + from,
                        "550 5.7.1 sorry, that Resent-From" + someoneElse);
                message(
                        talk,
                        "Resent-From: bob@example.test\r\nResent-Sender: ann@example.test\r\n" + from,
                        "550 5.7.1 sorry, that Resent-Sender" + someoneElse);
            }
            message(talk, "Resent-To: x@y.test\r\n" + ann, "550 5.7.1 sorry, that From" + someoneElse);
            message(
                    talk,
                    "Sender: bob@example.test\r\nSender: ann@example.test\r\n" + bob,
                    "550 5.7.1 sorry, I cannot tell who that Sender header names");
            message(
                    talk,
                    "Sender: bob@example.test\r\n" + bob + ann,
                    "550 5.7.1 sorry, I cannot tell who that From header names");
            house.control("fromheader", "self");
            await().untilAsserted(() ->
                    message(talk, "Sender: bob@example.test\r\n" + ann, "550 5.7.1 sorry, that From" + someoneElse));
            message(talk, "Resent-From: bob@example.test\r\n" + ann, "550 5.7.1 sorry, that From" + someoneElse);
            message(talk, "Sender: bob@example.test\r\n" + bob, ok);
        }
    }

    @Test
    void mendsWhatAUsersMessageLacks() throws Exception {
        String ok = "250 2.0.0 ok 1764000000 qp 17";
        try (Listener listener = listen(Kind.SUBMISSIONS);
                Talk talk = submissions(listener)) {
            talk.say("AUTH PLAIN " + BOB, "235 2.7.0 ok, go ahead");
            message(talk, "", ok);
            message(talk, "date: now\r\nMESSAGE-ID : <1@x>\r\nFrom: bob@example.test\r\n", ok);
            message(talk, "Hello,\nthis is text\n.\n", ok);
            message(talk, "From: bob@example.test\nX: y\n\n.\rb\n", ok);
            message(
                    talk,
                    "Subject: x\rFrom: ann@example.test\r\n",
                    "550 5.7.1 sorry, that From header names someone else");
        }
        String added = "From: bob@example.test\nDate: .* -0000\nMessage-ID: <[0-9a-f.]+@mail.example.test>\n";
        assertContent(0, added + "Subject: hi\n\nFrom: ann@example.test\n");
        assertContent(1, "date: now\nMESSAGE-ID : <1@x>\nFrom: bob@example.test\nSubject: hi\n\nFrom: .*\n");
        assertContent(2, added + "\nHello,\nthis is text\n\\.\nSubject: hi\n\nFrom: .*\n");
        assertContent(3, "Date: .*\nMessage-ID: <.*>\nFrom: bob@.*\nX: y\n\n\\.\nb\nSubject: hi\n\nFrom: .*\n");
        assertEquals(4, house.accepted.size());
    }

    private void assertContent(int index, String pattern) {
        String content = house.accepted.get(index).content();
        assertTrue(content.matches("Received: .*\n  by .*\n" + pattern), content);
    }

    @Test
    void asksTheProgramsOfItsArgumentsForALogin() throws Exception {
        house.logins = new PasswordChecker.Answer.Unavailable("vchkpw must not be asked");
        Path checker = java.nio.file.Files.writeString(
                folder.resolve("checker"),
                "#!/bin/sh\ncase $(tr '\\0' ' ' <&3) in 'eve@own.test secret '*) exec \"$@\";; esac\nexit 1\n");
        checker.toFile().setExecutable(true);
        QmailSmtpd program = new QmailSmtpd(
                _ -> new QmailSmtpd.Setting(house.parts(), certificates::context), new qrate.posix.Posix());
        try (Piped piped = new Piped(program, checker.toString(), "true")) {
            Talk talk = piped.talk();
            talk.expect("220 mail.example.test ESMTP");
            assertTrue(talk.ehlo().contains("STARTTLS"));
            talk.say("STARTTLS", "220 2.0.0 ready to start TLS");
            try (Talk safe = talk.startTls()) {
                assertTrue(safe.ehlo().contains("AUTH PLAIN LOGIN"));
                safe.say("AUTH PLAIN " + BOB, "535 5.7.8 wrong user or password");
                safe.say("AUTH PLAIN " + plain("eve@own.test", "secret"), "235 2.7.0 ok, go ahead");
                safe.say("MAIL FROM:<ann@example.test>", "553 5.7.1 sorry, that sender address is not yours");
                safe.say("MAIL FROM:<eve@own.test>", "250 2.1.0 ok");
                safe.say("RCPT TO:<who@elsewhere.example>", "250 2.1.5 ok");
                safe.say("QUIT", "221 2.0.0 good bye");
                assertTrue(safe.endsCleanly());
            }
            assertEquals(0, piped.code());
        }
    }

    @Test
    void offersNobodyALoginWithAProgramThatAcceptsEveryone() throws Exception {
        QmailSmtpd program = new QmailSmtpd(
                _ -> new QmailSmtpd.Setting(house.parts(), certificates::context), new qrate.posix.Posix());
        try (Piped piped = new Piped(program, "/bin/true", "/bin/true")) {
            Talk talk = piped.talk();
            talk.expect("220 mail.example.test ESMTP");
            talk.ehlo();
            talk.say("STARTTLS", "220 2.0.0 ready to start TLS");
            try (Talk safe = talk.startTls()) {
                safe.ehlo();
                safe.say("AUTH PLAIN " + BOB, "454 4.7.0 logins cannot be checked now");
            }
        }
        assertTrue(house.logged.toString(StandardCharsets.UTF_8).contains("accepts a login that does not exist"));
    }
}
