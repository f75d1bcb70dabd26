package qrate.smtpd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.address.Rooms;
import qrate.address.Shelf;
import qrate.cdb.CdbWriter;
import qrate.core.Verdict;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

class SmtpdPolicyTest {
    private static final String NOT_ALLOWED = "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts";
    private static final String OK = "250 2.1.5 ok";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    private void play(Map<String, String> environment, String... lines) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("S: 220 mail.example.test ESMTP", "C: HELO x", "S: 250 mail.example.test"));
        all.addAll(List.of(lines));
        all.addAll(List.of("C: QUIT", "S: 221 2.0.0 good bye", "S!"));
        try (Listener listener = house.listen(Kind.MX, Certificates.none(), environment)) {
            WireScript.play(all, listener.port());
            await().until(() -> listener.connections() == 0);
        }
    }

    private void recipient(Map<String, String> environment, String address, String reply) throws IOException {
        play(
                environment,
                "C: MAIL FROM:<a@b.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<" + address + ">",
                "S: " + reply);
    }

    @ParameterizedTest
    @CsvSource({
        "me,mail.example.test,x@mail.example.test,x@mail.example.testy",
        "locals,other.example,x@OTHER.example,x@sub.other.example",
        "rcpthosts,other.example,x@other.example,x@another.example",
        "rcpthosts,.other.example,x@sub.other.example,x@other.example"
    })
    void acceptsHostsOfTheControlFilesAndNoOthers(String file, String line, String good, String bad)
            throws IOException {
        house.control(file, line);
        recipient(Map.of(), good, OK);
        recipient(Map.of(), bad, NOT_ALLOWED);
    }

    @Test
    void takesNothingThatIsOnlyLocalOnceThereAreRcpthostsButMailForTheHostsPostmaster() throws IOException {
        house.control("me", "mail.example.test");
        house.control("locals", "mail.example.test\nlocalhost");
        house.control("rcpthosts", "other.example");
        recipient(Map.of(), "x@mail.example.test", NOT_ALLOWED); // nobody knows here whether send would bounce it
        recipient(Map.of(), "x@localhost", NOT_ALLOWED);
        recipient(Map.of(), "Postmaster@Mail.Example.Test", OK);
        recipient(Map.of(), "postmaster", OK);
        recipient(Map.of(), "postmaster@localhost", NOT_ALLOWED);
        recipient(Map.of(), "x@other.example", OK);
    }

    @Test
    void knowsADomainByBothItsNames() throws IOException {
        Files.writeString(folder.resolve("control/rcpthosts"), "bücher.test\nxn--bb-eka.at\n.xn--fa-hia.de\n");
        Files.writeString(folder.resolve("control/badrcptto"), "ann@xn--bcher-kva.test\n@a.faß.de\n");
        Map<String, String> replies = Map.of(
                "bob@bücher.test", OK,
                "bob@XN--bcher-kva.test", OK,
                "bob@öbb.at", OK,
                "bob@b.faß.de", OK,
                "bob@fass.de", NOT_ALLOWED,
                "Ann@Bücher.test", "550 5.7.1 sorry, that recipient is in my badrcptto list",
                "bob@A.xn--fa-hia.de", "550 5.7.1 sorry, that recipient is in my badrcptto list");
        List<String> lines = new ArrayList<>(List.of("C: MAIL FROM:<> SMTPUTF8", "S: 250 2.1.0 ok"));
        replies.forEach((address, reply) -> lines.addAll(List.of("C: RCPT TO:<" + address + ">", "S: " + reply)));
        play(Map.of(), lines.toArray(String[]::new));
    }

    @Test
    void looksIntoMorercpthosts() throws IOException {
        new CdbWriter()
                .put("more.example".getBytes(StandardCharsets.UTF_8), new byte[0])
                .put(".wild.example".getBytes(StandardCharsets.UTF_8), new byte[0])
                .write(house.control.resolve("morercpthosts.cdb"), "rw-r--r--");
        recipient(Map.of(), "x@More.example", OK);
        recipient(Map.of(), "x@a.b.wild.example", OK);
        recipient(Map.of(), "x@wild.example", NOT_ALLOWED);
    }

    @Test
    void relaysForRelayclientAndAppendsIt() throws IOException {
        play(
                Map.of("RELAYCLIENT", ".via"),
                "C: MAIL FROM:<a@b.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<who@elsewhere.example>",
                "S: " + OK,
                "C: DATA",
                "S: 354 go ahead",
                "C: x",
                "C: .",
                "S: 250 2.0.0 ok 1764000000 qp 17");
        assertEquals(
                "who@elsewhere.example.via",
                house.accepted.getFirst().envelope().recipients().getFirst().address());
        recipient(Map.of("RELAYCLIENT", ""), "nobody@example.test", "550 5.1.1 sorry, no mailbox here by that name");
    }

    @Test
    void answersForNowWhileAMailboxHasNoRoom() throws IOException {
        house.control("virtualdomains", "example.test:example.test");
        house.shelf = _ -> new Shelf.Look.Open((_, _, _) -> Optional.empty()); // published, and without a file
        house.rooms = Optional.of(new Rooms.Room(100, 1));
        play(
                Map.of(),
                "C: MAIL FROM:<a@b.example> SIZE=101",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: 452 4.2.2 sorry, that mailbox is over its quota",
                "C: RSET",
                "S: 250 2.0.0 flushed",
                "C: MAIL FROM:<a@b.example> SIZE=100",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: " + OK);
        house.rooms = Optional.of(new Rooms.Room(100, 0));
        recipient(Map.of(), "ann@example.test", "452 4.2.2 sorry, that mailbox is over its quota");
    }

    @Test
    void takesAUsersExtensionsAndNobodyWithoutAName() throws IOException {
        house.control("virtualdomains", "example.test:example.test");
        recipient(Map.of(), "ann-news@example.test", OK);
        recipient(Map.of(), "zoe-news@example.test", "550 5.1.1 sorry, no mailbox here by that name");
        recipient(Map.of(), "\"\"@example.test", "553 5.1.3 that is no address");
        recipient(Map.of(), "\"\"@mail.example.test", "553 5.1.3 that is no address");
    }

    @Test
    void refusesWhatHasBeenToEveryRecipientBefore() throws IOException {
        house.control("virtualdomains", "example.test:example.test");
        String[] message = {
            "C: DATA", "S: 354 go ahead", "C: Delivered-To: example.test-ann@example.test", "C: ", "C: x", "C: ."
        };
        List<String> once = new ArrayList<>(
                List.of("C: MAIL FROM:<a@b.example>", "S: 250 2.1.0 ok", "C: RCPT TO:<ann@example.test>", "S: " + OK));
        List<String> twice = new ArrayList<>(once);
        once.addAll(List.of(message));
        once.add("S: 554 5.4.6 sorry, that message has been delivered to that address before");
        play(Map.of(), once.toArray(String[]::new));
        twice.addAll(List.of("C: RCPT TO:<bob@example.test>", "S: " + OK));
        twice.addAll(List.of(message));
        twice.add("S: 250 2.0.0 ok 1764000000 qp 17");
        play(Map.of(), twice.toArray(String[]::new));
    }

    @Test
    void keepsBadSendersAndRecipientsOut() throws IOException {
        house.control("badmailfrom", "evil@b.example\n@evil.example");
        house.control("badrcptto", "bob@example.test");
        play(
                Map.of(),
                "C: MAIL FROM:<Evil@B.example>",
                "S: 553 5.7.1 sorry, your envelope sender is in my badmailfrom list",
                "C: MAIL FROM:<x@evil.example>",
                "S: 553 5.7.1 sorry, your envelope sender is in my badmailfrom list",
                "C: MAIL FROM:<x@sub.evil.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<BOB@example.test>",
                "S: 550 5.7.1 sorry, that recipient is in my badrcptto list",
                "C: RCPT TO:<rob@example.test>",
                "S: " + OK);
    }

    @Test
    void answersTemporarilyWhileTheDirectoryOrAControlFileCannotBeRead() throws IOException {
        house.directoryBroken = true;
        recipient(Map.of(), "ann@example.test", "451 4.3.0 sorry, that cannot be answered now");
        house.directoryBroken = false;
        Files.createDirectory(house.control.resolve("badmailfrom"));
        play(Map.of(), "C: MAIL FROM:<a@b.example>", "S: 451 4.3.0 sorry, that cannot be answered now");
        assertTrue(house.logged
                .toString(StandardCharsets.UTF_8)
                .contains("unable to check recipient: snapshot unreadable"));
    }

    @Test
    void closesTheDoorWhileItsOwnControlFilesCannotBeRead() throws IOException {
        house.control("databytes", "many");
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(List.of("S: 421 4.3.0 unable to read controls", "S!"), listener.port());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Z,disk full,451 4.3.0 disk full",
        "Z,4.3.1 disk full,451 4.3.1 disk full",
        "Z,qq write error or disk full (#4.3.0),451 4.3.0 qq write error or disk full",
        "Z,5.1.1 not mine,451 4.3.0 5.1.1 not mine",
        "D,no,554 5.3.0 no",
        "D,5.6.0 bad,554 5.6.0 bad",
        "D,'',554 5.3.0 sorry; that did not work",
        "K,'',250 2.0.0 ok"
    })
    void saysTheVerdictOfTheQueueInOneLine(char code, String text, String reply) {
        assertEquals(reply.replace(';', ','), Replies.of(Verdict.of(code, text)));
    }

    @Test
    void letsNothingOfAVerdictBecomeASecondReply() {
        String reply = Replies.of(new Verdict.Never("no\r\n250 ok\n\u0001\u00e9" + "x".repeat(1000)));
        assertTrue(reply.startsWith("554 5.3.0 no  250 ok ??xxx"), reply);
        assertEquals(Replies.REPLY_CHARS_MAX, reply.length());
    }

    @Test
    void acceptsNothingThatTheQueueDoesNotTake() throws IOException {
        house.verdict = new Verdict.Later("the queue is away");
        play(
                Map.of(),
                "C: MAIL FROM:<a@b.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: " + OK,
                "C: DATA",
                "S: 354 go ahead",
                "C: .",
                "S: 451 4.3.0 the queue is away",
                "C: RCPT TO:<ann@example.test>",
                "S: 503 5.5.1 MAIL first");
    }

    @Test
    void takesUtf8AddressesOnlyWithSmtputf8() throws IOException {
        house.control("rcpthosts", "b\u00fccher.example");
        play(
                Map.of(),
                "C: MAIL FROM:<j\u00fcrgen@b.example>",
                "S: 553 5.6.7 that address needs SMTPUTF8",
                "C: MAIL FROM:<a@b.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<j\u00fcrgen@b\u00fccher.example>",
                "S: 553 5.6.7 that address needs SMTPUTF8",
                "C: RSET",
                "S: 250 2.0.0 flushed",
                "C: MAIL FROM:<j\u00fcrgen@b.example> SMTPUTF8",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<j\u00fcrgen@b\u00fccher.example>",
                "S: " + OK);
    }

    @Test
    void givesUpOnAClientThatIsSilentOrDrips() throws IOException {
        house.control("timeoutsmtpd", "1");
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(
                    List.of("S: 220 mail.example.test ESMTP", "C+ NO", "S: 421 4.4.2 timeout", "S!"), listener.port());
            try (Socket drip = new Socket("127.0.0.1", listener.port())) {
                await().pollInterval(Duration.ofMillis(300)).until(() -> hasClosed(drip));
                await().until(() -> listener.connections() == 0);
            }
        }
    }

    /// Sends one more byte; once the server has closed, that breaks sooner or later.
    private static boolean hasClosed(Socket drip) {
        try {
            drip.getOutputStream().write('x');
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void saysGoodByeToASilentClientWhenItIsStopped() throws IOException {
        Listener listener = house.listen(Kind.MX);
        Thread stopper = Thread.ofVirtual().unstarted(() -> listener.stop(Duration.ofSeconds(8)));
        try (Socket client = new Socket("127.0.0.1", listener.port())) {
            client.setSoTimeout(8000);
            byte[] greeting = client.getInputStream().readNBytes("220 mail.example.test ESMTP\r\n".length());
            assertTrue(new String(greeting, StandardCharsets.US_ASCII).startsWith("220"));
            stopper.start();
            assertEquals(
                    "421 4.3.2 going down\r\n",
                    new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void writesTheDateAsQmailDoes() {
        String text = qrate.message.Dates.header(Instant.parse("2026-01-02T03:04:05Z"));
        assertEquals("2 Jan 2026 03:04:05 -0000", text);
    }

    @Test
    void letsNothingOfHeloIntoTheReceivedLine() throws IOException {
        play(
                Map.of(),
                "C: HELO x) by evil; (",
                "S: 250 mail.example.test",
                "C: MAIL FROM:<>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: " + OK,
                "C: DATA",
                "S: 354 go ahead",
                "C: .",
                "S: 250 2.0.0 ok 1764000000 qp 17");
        String content = house.accepted.getFirst().content();
        assertTrue(content.startsWith("Received: from unknown (HELO x??by?evil???) (127.0.0.1)\n"), content);
        assertFalse(content.contains("evil;"));
    }

    @Test
    void endsAMessageThatDripsForTooLong() throws Exception {
        house.control("timeoutdata", "1");
        for (String begin : List.of("DATA", "BDAT 100")) {
            try (Listener listener = house.listen(Kind.MX);
                    Talk talk = Talk.plain(listener.port())) {
                talk.expect("220 mail.example.test ESMTP");
                talk.say("HELO x", "250 mail.example.test");
                talk.say("MAIL FROM:<>", "250 2.1.0 ok");
                talk.say("RCPT TO:<ann@example.test>", OK);
                talk.send(begin + "\r\n");
                Thread drip = Thread.ofVirtual().start(() -> drip(talk));
                assertTrue(talk.rest().endsWith("421 4.4.2 that message takes too long\r\n"));
                drip.interrupt();
            }
        }
        assertEquals(List.of(), house.accepted);
    }

    private static void drip(Talk talk) {
        try {
            while (true) {
                talk.send("x");
                Thread.sleep(50);
            }
        } catch (IOException | InterruptedException _) {
            // the server has closed
        }
    }

    @Test
    void takesAnyAddressOfThisMachineForLocaliphost() throws IOException {
        house.control("localiphost", "example.test");
        recipient(Map.of("TCPLOCALIP", "192.0.2.77"), "ann@[192.0.2.77]", OK);
        recipient(Map.of("TCPLOCALIP", "192.0.2.77"), "ann@[127.0.0.1]", OK);
        recipient(Map.of("TCPLOCALIP", "192.0.2.77"), "ann@[192.0.2.78]", NOT_ALLOWED);
        recipient(Map.of(), "no@[127.0.0.1]", "550 5.1.1 sorry, no mailbox here by that name");
    }
}
