package qrate.smtpd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.Spool;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

class SmtpdAttackTest {
    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    @ParameterizedTest
    @CsvSource({
        "smuggling-lf-dot-lf,0",
        "smuggling-crlf-dot-cr,0",
        "bare-lf-command,0",
        "bare-cr-command,0",
        "nul-command,0",
        "nul-message,0",
        "bdat,1",
        "bdat-mixed,1",
        "bdat-bare,1",
        "bdat-no-length,0",
        "relay,0",
        "pipelined,2"
    })
    void answersAsTheScriptSays(String script, int messages) throws IOException {
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(Path.of("src/test/wire", script + ".wire"), listener.port());
            await().until(() -> listener.connections() == 0);
        }
        assertEquals(messages, house.accepted.size());
        assertNothingSpooled();
    }

    private void assertNothingSpooled() throws IOException {
        try (Stream<Path> files = Files.list(house.spool)) {
            assertEquals(List.of(), files.toList());
        }
    }

    private void play(List<String> script) throws IOException {
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(script, listener.port());
            await().until(() -> listener.connections() == 0);
        }
    }

    private static List<String> script(String... lines) {
        List<String> all =
                new ArrayList<>(List.of("S: 220 mail.example.test ESMTP", "C: HELO x", "S: 250 mail.example.test"));
        all.addAll(List.of(lines));
        return all;
    }

    private static List<String> message(String... lines) {
        List<String> all = script(
                "C: MAIL FROM:<a@b.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: 250 2.1.5 ok",
                "C: DATA",
                "S: 354 go ahead");
        all.addAll(List.of(lines));
        return all;
    }

    @Test
    void joinsALineOverTwoChunksAndKeepsItsDots() throws IOException {
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(Path.of("src/test/wire/bdat.wire"), listener.port());
        }
        assertTrue(house.accepted.getFirst().content().endsWith("\nline 1\nline 2\n..\n"));
    }

    @Test
    void showsTheDoorAfterACommandLineOverTheLimit() throws IOException {
        play(script("C: NOOP " + "x".repeat(ClientStream.COMMAND_LINE_BYTES_MAX), "S: 500 5.5.2 line too long", "S!"));
    }

    @Test
    void showsTheDoorAfterTooManyWrongCommands() throws IOException {
        List<String> lines = script();
        for (int i = 0; i < Session.WRONG_COMMANDS_MAX; i++) {
            lines.addAll(List.of("C: nonsense", "S: 500 5.5.2 unrecognized command"));
        }
        lines.addAll(List.of("C: nonsense", "S: 421 4.7.0 too many errors, good bye", "S!"));
        play(lines);
    }

    /// RFC 2920 §3.1.
    @Test
    void bearsAPipeliningClientWhoseRecipientsAreRefused() throws IOException {
        List<String> lines = script();
        for (int i = 0; i < 2 * Session.WRONG_COMMANDS_MAX; i++) {
            lines.addAll(List.of(
                    "C: MAIL FROM:<a@b.example>",
                    "C: RCPT TO:<u" + i + "@example.test>",
                    "C: DATA",
                    "S: 250 2.1.0 ok",
                    "S: 550 5.1.1 sorry, no mailbox here by that name",
                    "S: 554 5.5.1 no valid recipients"));
        }
        lines.addAll(List.of("C: QUIT", "S: 221 2.0.0 good bye", "S!"));
        play(lines);
    }

    @Test
    void bearsAPipeliningClientWhoseSenderIsRefused() throws IOException {
        house.control("badmailfrom", "bad@b.example");
        List<String> lines = script();
        for (int i = 0; i < 2 * Session.WRONG_COMMANDS_MAX; i++) {
            lines.addAll(List.of(
                    "C: MAIL FROM:<bad@b.example>",
                    "C: RCPT TO:<ann@example.test>",
                    "C: RCPT TO:<ann@example.test>",
                    "C: DATA",
                    "S: 553 5.7.1 sorry, your envelope sender is in my badmailfrom list",
                    "S: 503 5.5.1 MAIL first",
                    "S: 503 5.5.1 MAIL first",
                    "S: 503 5.5.1 MAIL first"));
        }
        lines.addAll(List.of("C: QUIT", "S: 221 2.0.0 good bye", "S!"));
        play(lines);
    }

    @Test
    void showsTheDoorToWhoGuessesNames() throws IOException {
        List<String> lines = script("C: MAIL FROM:<>", "S: 250 2.1.0 ok");
        for (int i = 0; i < Session.REFUSED_ADDRESSES_MAX; i++) {
            lines.addAll(List.of(
                    "C: RCPT TO:<u" + i + "@example.test>", "S: 550 5.1.1 sorry, no mailbox here by that name"));
        }
        lines.addAll(List.of("C: RCPT TO:<x@example.test>", "S: 421 4.7.0 too many errors, good bye", "S!"));
        play(lines);
    }

    @Test
    void limitsRecipientsOfAMessage() throws IOException {
        List<String> lines = script("C: MAIL FROM:<>", "S: 250 2.1.0 ok");
        for (int i = 0; i < Policy.RECIPIENTS_MAX; i++) {
            lines.addAll(List.of("C: RCPT TO:<ann@example.test>", "S: 250 2.1.5 ok"));
        }
        lines.addAll(List.of(
                "C: RCPT TO:<ann@example.test>",
                "S: 452 4.5.3 too many recipients",
                "C: QUIT",
                "S: 221 2.0.0 good bye",
                "S!"));
        play(lines);
    }

    /// RFC 5321 §4.5.3.1.10: the client sends those who were taken, and the others after them.
    @Test
    void takesTheMessageForThoseUnderTheLimitHoweverManyMoreWereNamed() throws IOException {
        List<String> lines = script("C: MAIL FROM:<>", "S: 250 2.1.0 ok");
        for (int i = 0; i < Policy.RECIPIENTS_MAX; i++) {
            lines.addAll(List.of("C: RCPT TO:<ann@example.test>", "S: 250 2.1.5 ok"));
        }
        for (int i = 0; i <= Session.REFUSED_ADDRESSES_MAX; i++) {
            lines.addAll(List.of("C: RCPT TO:<ann@example.test>", "S: 452 4.5.3 too many recipients"));
        }
        lines.addAll(List.of(
                "C: DATA",
                "S: 354 go ahead",
                "C: Subject: all of you",
                "C: .",
                "S: 250 2.0.0 ok 1764000000 qp 17",
                "C: QUIT",
                "S: 221 2.0.0 good bye",
                "S!"));
        play(lines);
        assertEquals(
                Policy.RECIPIENTS_MAX,
                house.accepted.getFirst().envelope().recipients().size());
    }

    @Test
    void refusesALineOverTheLimitWholeAndNeverSplitsIt() throws IOException {
        String evil = "x".repeat(ContentDecoder.LINE_BYTES_MAX) + "MAIL FROM:<evil@example.test>";
        play(message(
                "C: " + evil,
                "C: .",
                "S: 554 5.6.0 a line is longer than 65536 bytes",
                "C: QUIT",
                "S: 221 2.0.0 good bye",
                "S!"));
        assertEquals(0, house.accepted.size());
    }

    @Test
    void refusesAMessageOverDatabytesAndReadsOn() throws IOException {
        house.control("databytes", "1000");
        play(message(
                "C: " + "x".repeat(500),
                "C: " + "x".repeat(600),
                "C: .",
                "S: 552 5.3.4 sorry, that message size exceeds my databytes limit",
                "C: MAIL FROM:<> SIZE=1001",
                "S: 552 5.3.4 sorry, that message size exceeds my databytes limit",
                "C: MAIL FROM:<> SIZE=99999999999999999999",
                "S: 552 5.3.4 sorry, that message size exceeds my databytes limit",
                "C: MAIL FROM:<> SIZE=1000",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<ann@example.test>",
                "S: 250 2.1.5 ok",
                "C+ BDAT 1001 LAST\\r\\n" + "x".repeat(1001),
                "S: 552 5.3.4 sorry, that message size exceeds my databytes limit",
                "C: QUIT",
                "S: 221 2.0.0 good bye",
                "S!"));
        assertEquals(0, house.accepted.size());
    }

    @Test
    void stopsALoop() throws IOException {
        List<String> lines = message();
        for (int i = 0; i <= Hops.HOPS_MAX; i++) {
            lines.add("C: " + (i % 2 == 0 ? "Received: from a" : "DELIVERED-TO: a"));
        }
        lines.addAll(List.of("C: ", "C: body", "C: .", "S: 554 5.4.6 too many hops, this message is looping"));
        play(lines);
        List<String> body = message("C: Subject: x", "C: ");
        for (int i = 0; i <= Hops.HOPS_MAX; i++) {
            body.add("C: Received: only in the body");
        }
        body.addAll(List.of("C: .", "S: 250 2.0.0 ok 1764000000 qp 17"));
        play(body);
    }

    @Test
    void takesALargeMessageThroughAFileThatIsGoneAfterwards() throws IOException {
        String line = "y".repeat(60_000);
        List<String> lines = message();
        for (int i = 0; i < 20; i++) {
            lines.add("C: " + line);
        }
        lines.addAll(List.of("C: .", "S: 250 2.0.0 ok 1764000000 qp 17", "C: QUIT", "S: 221 2.0.0 good bye", "S!"));
        play(lines);
        assertTrue(house.accepted.getFirst().content().endsWith(("\n" + line).repeat(20) + "\n"));
        assertNothingSpooled();
    }

    @Test
    void dropsAMessageWhoseClientGoesAwayInTheMiddle() throws IOException {
        try (Listener listener = house.listen(Kind.MX)) {
            List<String> lines = message();
            for (int i = 0; i < 10; i++) {
                lines.add("C: " + "z".repeat(60_000));
            }
            WireScript.play(lines, listener.port());
            await().until(() -> listener.connections() == 0);
        }
        assertEquals(0, house.accepted.size());
        assertNothingSpooled();
    }

    @Test
    void answersTemporarilyWhenThereIsNoRoomToSpool() throws IOException {
        Files.delete(house.spool);
        List<String> lines = message();
        for (int i = 0; i < 1 + Spool.MEMORY_BYTES_MAX / 60_000; i++) {
            lines.add("C: " + "z".repeat(60_000));
        }
        lines.addAll(List.of("C: .", "S: 451 4.3.0 no room for the message now", "C: NOOP", "S: 250 2.0.0 ok"));
        play(lines);
    }

    /// What has no name goes with the process, however that ends.
    @Test
    void keepsALargeMessageInAFileWithoutAName() throws IOException {
        String line = "z".repeat(900);
        int lines = 2 * Spool.MEMORY_BYTES_MAX / 900;
        try (Listener listener = house.listen(Kind.MX);
                Talk talk = Talk.plain(listener.port())) {
            talk.expect("220 mail.example.test ESMTP");
            talk.say("HELO x", "250 mail.example.test");
            talk.say("MAIL FROM:<a@b.example>", "250 2.1.0 ok");
            talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
            talk.say("DATA", "354 go ahead");
            talk.send((line + "\r\n").repeat(lines));
            await().until(this::holdsADeletedFile);
            assertNothingSpooled();
            talk.say(".", "250 2.0.0 ok 1764000000 qp 17");
        }
        assertTrue(house.accepted.getFirst().content().endsWith((line + "\n").repeat(lines)));
    }

    private boolean holdsADeletedFile() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(this::isDeleted);
        }
    }

    private boolean isDeleted(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(house.spool.toString()) && target.endsWith("(deleted)");
        } catch (IOException _) {
            return false; // closed meanwhile
        }
    }

    @Test
    void cannotBeMadeToWriteASecondLogLineOrAnotherField() throws IOException {
        play(script(
                "C: MAIL FROM:<\"a> rcpt=<x b\"@b.example>",
                "S: 250 2.1.0 ok",
                "C: RCPT TO:<no@example.test>",
                "S~ 550 .*"));
        String log = house.logged.toString(StandardCharsets.UTF_8);
        assertTrue(log.contains("from=<a\\x3e\\x20rcpt=\\x3cx\\x20b@b.example> rcpt=<no@example.test>"), log);
    }
}
