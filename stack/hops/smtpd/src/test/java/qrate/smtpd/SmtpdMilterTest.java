package qrate.smtpd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import qrate.core.Recipient;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.milter.MilterReply;
import qrate.tcpserver.Certificates;
import qrate.tcpserver.Listener;

/// What a client hears of milters, step by step.
@Timeout(120)
class SmtpdMilterTest {
    private static final MilterAnswer REJECT = MilterAnswer.of(new MilterReply.Reject());
    private static final MilterAnswer DISCARD = MilterAnswer.of(new MilterReply.Discard());
    private static final MilterAnswer WORDS = MilterAnswer.of(
            new MilterReply.Code(554, List.of("5.7.26 not signed", "see https://example.test/", "5.7.26 bye")));
    private static final String OK = "250 2.0.0 ok 1764000000 qp 17";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    private TestMilter milter(String name, Function<MilterCommand.Event, MilterAnswer> answers) throws IOException {
        return new TestMilter(folder, name, answers);
    }

    private void asks(TestMilter... milters) throws IOException {
        house.control("milters", Stream.of(milters).map(TestMilter::line).collect(Collectors.joining("\n")));
    }

    private static Talk talk(Listener listener) throws IOException {
        Talk talk = Talk.plain(listener.port());
        talk.expect("220 mail.example.test ESMTP");
        talk.ehlo();
        return talk;
    }

    private static void envelope(Talk talk) throws IOException {
        talk.say("MAIL FROM:<eve@far.example>", "250 2.1.0 ok");
        talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
    }

    private static void message(Talk talk, String reply) throws IOException {
        envelope(talk);
        talk.say("DATA", "354 go ahead");
        talk.say("Subject: hi\r\n\r\nhello\r\n.", reply);
    }

    private String logged() {
        return house.logged.toString(StandardCharsets.UTF_8);
    }

    @Test
    void tellsAMilterWhatTheClientSaysFromMailOn() throws IOException {
        try (TestMilter milter = milter("one", _ -> MilterAnswer.CONTINUE);
                Listener listener =
                        house.listen(Kind.MX, Certificates.none(), Map.of("TCPREMOTEHOST", "far.example"))) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                talk.say("MAIL FROM:<eve@far.example> SIZE=100 BODY=8BITMIME", "250 2.1.0 ok");
                talk.say("RCPT TO:<nobody@example.test>", "550 5.1.1 sorry, no mailbox here by that name");
                talk.say("RCPT TO:<postmaster> NOTIFY=NEVER", "250 2.1.5 ok");
                talk.say("DATA", "354 go ahead");
                talk.say("Subject: hi\r\n there\r\n\r\n..dot\r\n.", OK);
                talk.say("QUIT", "221 2.0.0 good bye");
            }
            await().until(() -> milter.told.contains("close"));
            assertEquals(
                    List.of(
                            "connect far.example 127.0.0.1",
                            "helo client.example",
                            "mail <eve@far.example> SIZE=100 BODY=8BITMIME",
                            "rcpt <postmaster@mail.example.test> NOTIFY=NEVER",
                            "data",
                            "Subject: hi\n there",
                            "header ends",
                            "body .dot\r\n",
                            "body ends",
                            "close"),
                    milter.told);
            assertEquals("mail.example.test", milter.macros.get("j"));
            assertEquals("far.example [127.0.0.1]", milter.macros.get("_"));
            assertTrue(milter.macros.get("v").startsWith("Qrate "), milter.macros.get("v"));
            assertEquals("127.0.0.1", milter.macros.get("{client_addr}"));
            assertEquals("far.example", milter.macros.get("{client_name}"));
            assertEquals("far.example", milter.macros.get("{client_ptr}"));
            assertEquals("smtp", milter.macros.get("{daemon_name}"));
            assertEquals("eve@far.example", milter.macros.get("{mail_addr}"));
            assertEquals("postmaster@mail.example.test", milter.macros.get("{rcpt_addr}"));
            assertTrue(logged().contains(" i=" + milter.macros.get("i") + " 250 2.0.0 "), logged());
        }
        assertTrue(house.accepted.getFirst().content().startsWith("Received: "));
    }

    @Test
    void connectsToNobodyForAClientThatSendsNothing() throws IOException {
        try (TestMilter milter = milter("one", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                talk.say("NOOP", "250 2.0.0 ok");
                talk.say("QUIT", "221 2.0.0 good bye");
                assertEquals("", talk.rest());
            }
            assertEquals(List.of(), milter.told);
        }
    }

    static Stream<Arguments> refusedBeforeTheMessage() {
        return Stream.of(
                Arguments.of(MilterCommand.Connect.class, "MAIL FROM:<eve@far.example>"),
                Arguments.of(MilterCommand.Helo.class, "MAIL FROM:<eve@far.example>"),
                Arguments.of(MilterCommand.Mail.class, "MAIL FROM:<eve@far.example>"),
                Arguments.of(MilterCommand.Rcpt.class, "RCPT TO:<ann@example.test>"),
                Arguments.of(MilterCommand.Data.class, "DATA"));
    }

    @ParameterizedTest
    @MethodSource("refusedBeforeTheMessage")
    void refusesAtTheStepInTheMilterSWordsAndAsOftenAsItIsAsked(
            Class<? extends MilterCommand.Event> step, String command) throws IOException {
        try (TestMilter milter = milter("one", TestMilter.at(step, WORDS));
                TestMilter behind = milter("two", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter, behind);
            try (Talk talk = talk(listener)) {
                for (int i = 0; i < 2; i++) {
                    if (!command.startsWith("MAIL")) {
                        talk.say("MAIL FROM:<eve@far.example>", "250 2.1.0 ok");
                    }
                    if (command.startsWith("DATA")) {
                        talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
                    }
                    talk.say(command, "554-5.7.26 not signed");
                    talk.expect("554-5.7.26 see https://example.test/");
                    talk.expect("554 5.7.26 bye");
                    talk.say("RSET", "250 2.0.0 flushed");
                }
                talk.say("QUIT", "221 2.0.0 good bye");
            }
            assertFalse(behind.told.stream().anyMatch(one -> one.startsWith("data")), behind.told.toString());
        }
        assertEquals(List.of(), house.accepted);
    }

    @Test
    void refusesOneRecipientAndTakesTheOthers() throws IOException {
        Function<MilterCommand.Event, MilterAnswer> notBob = event -> event instanceof MilterCommand.Rcpt rcpt
                        && rcpt.arguments().getFirst().contains("bob")
                ? MilterAnswer.of(new MilterReply.TempFail())
                : MilterAnswer.CONTINUE;
        try (TestMilter milter = milter("one", notBob);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                talk.say("MAIL FROM:<eve@far.example>", "250 2.1.0 ok");
                talk.say("RCPT TO:<bob@example.test>", "451 4.7.1 Service unavailable, try again later");
                talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
                talk.say("DATA", "354 go ahead");
                talk.say("hello\r\n.", OK);
            }
        }
        assertEquals(
                List.of("ann@example.test"),
                house.accepted.getFirst().envelope().recipients().stream()
                        .map(Recipient::address)
                        .toList());
    }

    static Stream<Class<? extends MilterCommand.Event>> ofTheMessage() {
        return Stream.of(
                MilterCommand.FieldLine.class,
                MilterCommand.HeaderDone.class,
                MilterCommand.BodyChunk.class,
                MilterCommand.BodyDone.class);
    }

    @ParameterizedTest
    @MethodSource("ofTheMessage")
    void refusesTheMessageBehindTheDotAndTakesTheNext(Class<? extends MilterCommand.Event> step) throws IOException {
        int[] times = {0};
        Function<MilterCommand.Event, MilterAnswer> once =
                event -> step.isInstance(event) && times[0]++ == 0 ? REJECT : MilterAnswer.CONTINUE;
        try (TestMilter milter = milter("one", once);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                message(talk, "550 5.7.1 Command rejected");
                message(talk, OK);
            }
            assertEquals(
                    1,
                    milter.told.stream()
                            .filter(one -> one.startsWith("connect"))
                            .count());
            assertEquals(
                    2,
                    milter.told.stream().filter(one -> one.startsWith("mail")).count());
        }
        assertEquals(1, house.accepted.size());
    }

    static Stream<Class<? extends MilterCommand.Event>> discarding() {
        return Stream.of(
                MilterCommand.Mail.class,
                MilterCommand.Rcpt.class,
                MilterCommand.Data.class,
                MilterCommand.HeaderDone.class,
                MilterCommand.BodyDone.class);
    }

    @ParameterizedTest
    @MethodSource("discarding")
    void takesAndForgetsWhatAMilterDiscardsAndSaysSoInTheLog(Class<? extends MilterCommand.Event> step)
            throws IOException {
        int[] times = {0};
        Function<MilterCommand.Event, MilterAnswer> once =
                event -> step.isInstance(event) && times[0]++ == 0 ? DISCARD : MilterAnswer.CONTINUE;
        try (TestMilter milter = milter("one", once);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                message(talk, "250 2.0.0 ok");
                assertEquals(List.of(), house.accepted);
                assertTrue(logged().contains("qmail-smtpd: discarded by a milter remote=127.0.0.1 i="), logged());
                message(talk, OK);
            }
        }
        assertEquals(1, house.accepted.size());
    }

    @Test
    void hasTheQueueHoldWhatAMilterPutsAside() throws IOException {
        MilterAnswer aside = MilterAnswer.CONTINUE
                .with(new MilterReply.AddField("X-Spam", " yes"))
                .with(new MilterReply.Quarantine("looks bad"));
        try (TestMilter milter = milter("one", TestMilter.at(MilterCommand.BodyDone.class, aside));
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                message(talk, OK);
            }
        }
        House.Message held = house.accepted.getFirst();
        assertTrue(held.envelope().held());
        assertEquals("a filter: looks bad", held.envelope().heldFor());
        assertTrue(held.content().endsWith("\nSubject: hi\nX-Spam: yes\n\nhello\n"), held.content());
        assertTrue(logged().contains("qmail-smtpd: held for a milter: looks bad: " + OK), logged());
    }

    @Test
    void endsTheConnectionWith421() throws IOException {
        MilterAnswer shutdown = MilterAnswer.of(new MilterReply.Shutdown());
        for (Class<? extends MilterCommand.Event> step :
                List.of(MilterCommand.Mail.class, MilterCommand.Rcpt.class, MilterCommand.BodyDone.class)) {
            try (TestMilter milter = milter(step.getSimpleName(), TestMilter.at(step, shutdown));
                    Listener listener = house.listen(Kind.MX)) {
                asks(milter);
                try (Talk talk = talk(listener)) {
                    talk.send("MAIL FROM:<>\r\nRCPT TO:<ann@example.test>\r\nDATA\r\nx\r\n.\r\nNOOP\r\n");
                    String all = talk.rest();
                    assertTrue(all.endsWith("421 4.7.0 Service closing the connection\r\n"), all);
                }
            }
        }
        assertEquals(List.of(), house.accepted);
    }

    @Test
    void showsEachMilterWhatTheOneBeforeHasLeftAndAsksNoneBehindARefusal() throws IOException {
        MilterAnswer adds = MilterAnswer.CONTINUE.with(new MilterReply.AddField("X-One", " 1"));
        try (TestMilter one = milter("one", TestMilter.at(MilterCommand.BodyDone.class, adds));
                TestMilter two = milter("two", TestMilter.at(MilterCommand.BodyDone.class, REJECT));
                TestMilter three = milter("three", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            asks(one, two, three);
            try (Talk talk = talk(listener)) {
                message(talk, "550 5.7.1 Command rejected");
            }
            assertTrue(two.told.contains("X-One: 1"), two.told.toString());
            await().until(() -> three.told.contains("close"));
            assertTrue(three.told.contains("data") && !three.told.contains("header ends"), three.told.toString());
            assertTrue(three.told.contains("abort"), three.told.toString());
        }
    }

    @Test
    void answersAPipelinedBatchInOrder() throws IOException {
        try (TestMilter milter = milter("one", TestMilter.at(MilterCommand.Mail.class, REJECT));
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                talk.send("MAIL FROM:<eve@far.example>\r\nRCPT TO:<ann@example.test>\r\nDATA\r\nQUIT\r\n");
                talk.expect("550 5.7.1 Command rejected");
                talk.expect("503 5.5.1 MAIL first");
                talk.expect("503 5.5.1 MAIL first");
                talk.expect("221 2.0.0 good bye");
            }
        }
    }

    @Test
    void readsAChunkToItsEndThatAMilterDoesNotWant() throws IOException {
        try (TestMilter milter = milter("one", TestMilter.at(MilterCommand.Data.class, REJECT));
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                envelope(talk);
                talk.send("BDAT 6\r\nMAIL\r\nBDAT 6 LAST\r\nRSET\r\nNOOP\r\n");
                talk.expect("550 5.7.1 Command rejected");
                talk.expect("503 5.5.1 MAIL first");
                talk.expect("250 2.0.0 ok");
            }
        }
    }

    @Test
    void showsAMessageOfChunks() throws IOException {
        try (TestMilter milter = milter("one", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                envelope(talk);
                talk.send("BDAT 14\r\nSubject: hi\r\n\rBDAT 8 LAST\r\n\nhello\r\n");
                talk.expect("250 2.0.0 14 bytes");
                talk.expect(OK);
            }
            assertTrue(
                    milter.told.containsAll(List.of("data", "Subject: hi", "body hello\r\n")), milter.told.toString());
            assertEquals(1, milter.told.stream().filter("data"::equals).count());
        }
    }

    @Test
    void tellsThatAMessageIsGivenUp() throws IOException {
        try (TestMilter milter = milter("one", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            asks(milter);
            try (Talk talk = talk(listener)) {
                envelope(talk);
                talk.say("RSET", "250 2.0.0 flushed");
                await().until(() -> milter.told.contains("abort"));
                message(talk, OK);
                milter.told.clear();
                envelope(talk);
                talk.say("DATA", "354 go ahead");
                talk.send("Subject: half");
            }
            await().until(() -> milter.told.contains("close"));
            assertFalse(milter.told.contains("header ends"), milter.told.toString());
            assertEquals(1, house.accepted.size());
        }
    }

    @Test
    void asksThoseThatTheFileNamesNowAndNoneOnceItIsGone() throws IOException {
        try (TestMilter milter = milter("one", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            house.control("milters", "# nobody yet");
            try (Talk talk = talk(listener)) {
                message(talk, OK);
            }
            asks(milter);
            untilSomebody(listener, () -> milter.told.contains("body ends"));
            house.control("milters", "inet:nonsense");
            untilSomebody(listener, () -> logged().contains("check sender: control/milters: inet:nonsense: "));
            Files.delete(house.control.resolve("milters"));
            int before = house.accepted.size();
            untilSomebody(listener, () -> house.accepted.size() > before);
        }
    }

    /// Sends messages until a changed file is seen, which is looked at anew each second.
    private static void untilSomebody(Listener listener, Callable<Boolean> seen) {
        await().until(() -> {
            try (Talk talk = talk(listener)) {
                talk.send("MAIL FROM:<>\r\nRCPT TO:<ann@example.test>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n");
                talk.rest();
            }
            return seen.call();
        });
    }
}
