package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Log;

/// Our client and our server.
@Timeout(60)
class BothEndsTest {
    private static final MilterVerdict PASS = new MilterVerdict.Pass();

    @TempDir
    Path folder;

    private final List<String> told = Scenes.notes();

    private Milters milters(MilterServer... servers) {
        List<MilterSetting> settings = new ArrayList<>();
        for (MilterServer server : servers) {
            settings.add(Scenes.setting(server.port(), Scenes.LONG, false));
        }
        return Scenes.milters(folder, Log.silent(), settings.toArray(MilterSetting[]::new));
    }

    private static MilterAnswer atTheEnd(MilterCommand.Event event, MilterReply.Change... changes) {
        MilterAnswer answer = MilterAnswer.CONTINUE;
        for (MilterReply.Change change : changes) {
            answer = answer.with(change);
        }
        return event instanceof MilterCommand.BodyDone ? answer : MilterAnswer.CONTINUE;
    }

    @Test
    void aSessionIsToldFromItsFirstStepToItsLast() throws Exception {
        try (MilterServer server = Scenes.server(told, _ -> MilterAnswer.CONTINUE);
                Milters milters = milters(server)) {
            try (MilterSession session = Scenes.session(milters)) {
                session.define("{client_addr}", "192.0.2.1");
                session.define("i", "A1");
                assertEquals(PASS, session.connect(MilterCommand.Connect.of("a.test", "192.0.2.1", 25)));
                assertEquals(PASS, session.helo("a.test"));
                assertEquals(PASS, session.mail("ann@here.test", "SIZE=9  BODY=8BITMIME"));
                session.define("{rcpt_addr}", "bob@here.test");
                assertEquals(PASS, session.rcpt("bob@here.test", ""));
                assertEquals(PASS, session.unknown("FOO bar"));
                assertEquals(PASS, session.data());
                try (MilterOutcome outcome = session.message(Scenes.MESSAGE, List.of())) {
                    assertEquals(PASS, outcome.verdict());
                    assertSame(Scenes.MESSAGE, outcome.message());
                }
            }
            Awaitility.await().until(() -> told.contains("close"));
        }
        assertEquals(
                List.of(
                        "connect a.test INET 25 192.0.2.1 192.0.2.1",
                        "helo a.test",
                        "mail [<ann@here.test>, SIZE=9, BODY=8BITMIME]A1",
                        "rcpt [<bob@here.test>]bob@here.test",
                        "unknown FOO bar",
                        "data",
                        "From: ann@here.test",
                        "Subject: hi\n\tthere",
                        "To:bob@here.test",
                        "end of header",
                        "body one\r\ntwo\r\n",
                        "end of body",
                        "close"),
                told);
    }

    @Test
    void changesAreMadeInTheMessageAndTold() throws Exception {
        MilterReply.Change sender = new MilterReply.ChangeSender("<new@here.test>", "");
        MilterReply.Change more = new MilterReply.AddRecipient("<carl@here.test>", "NOTIFY=NEVER");
        MilterReply.Change less = new MilterReply.DeleteRecipient("<bob@here.test>");
        try (MilterServer server = Scenes.server(
                        told,
                        event -> atTheEnd(
                                event,
                                new MilterReply.InsertField(0, "Authentication-Results", " here.test;\n\tnone"),
                                new MilterReply.ChangeField(1, "Subject", ""),
                                new MilterReply.AddField("X-Seen", " yes"),
                                sender,
                                more,
                                less,
                                new MilterReply.ReplaceBody(Scenes.bytes("three\r")),
                                new MilterReply.ReplaceBody(Scenes.bytes("\nfour\r\n"))));
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters);
                MilterOutcome outcome = Scenes.message(session, Scenes.MESSAGE)) {
            assertEquals(PASS, outcome.verdict());
            assertEquals(List.of(sender, more, less), outcome.envelope());
            assertEquals("""
                    Authentication-Results: here.test;
                    \tnone
                    Received: by here.test
                    From: ann@here.test
                    To:bob@here.test
                    X-Seen: yes

                    three
                    four
                    """, Scenes.text(outcome.message()));
            assertEquals(Scenes.text(outcome.message()), Scenes.text(outcome.message()), "it can be read again");
        }
    }

    @Test
    void whatTheFirstChangesTheNextSees() throws Exception {
        List<String> second = Scenes.notes();
        try (MilterServer one = Scenes.server(
                        told,
                        event -> atTheEnd(
                                event,
                                new MilterReply.AddField("X-One", " 1"),
                                new MilterReply.ChangeField(1, "To", ""),
                                new MilterReply.ReplaceBody(Scenes.bytes("new\r\n")),
                                new MilterReply.Quarantine("odd")));
                MilterServer two = Scenes.server(
                        second,
                        event -> atTheEnd(
                                event,
                                new MilterReply.ChangeField(1, "X-One", " 2"),
                                new MilterReply.ReplaceBody(Scenes.bytes("newer\r\n"))));
                Milters milters = milters(one, two);
                MilterSession session = Scenes.session(milters);
                MilterOutcome outcome = Scenes.message(session, Scenes.MESSAGE)) {
            assertEquals(new MilterVerdict.Quarantine("odd"), outcome.verdict());
            assertEquals(
                    "Received: by here.test\nFrom: ann@here.test\nSubject: hi\n\tthere\nX-One: 2\n\nnewer\n",
                    Scenes.text(outcome.message()));
        }
        assertEquals(
                List.of(
                        "mail [<ann@here.test>]",
                        "rcpt [<bob@here.test>]",
                        "data",
                        "From: ann@here.test",
                        "Subject: hi\n\tthere",
                        "X-One: 1",
                        "end of header",
                        "body new\r\n",
                        "end of body",
                        "close"),
                Awaitility.await().until(() -> List.copyOf(second), notes -> notes.contains("close")));
    }

    @Test
    void theFirstThatRefusesHasTheWordAndTheOthersGiveUp() throws Exception {
        List<String> first = Scenes.notes();
        try (MilterServer one = Scenes.server(first, _ -> MilterAnswer.CONTINUE);
                MilterServer two = Scenes.server(
                        told,
                        event -> event instanceof MilterCommand.Mail
                                ? MilterAnswer.refuse(450, "4.7.1 100% later")
                                : MilterAnswer.CONTINUE);
                Milters milters = milters(one, two);
                MilterSession session = Scenes.session(milters)) {
            assertEquals(MilterVerdict.Refuse.of(450, "4.7.1 100% later"), session.mail("ann@here.test", ""));
            Awaitility.await().until(() -> first.contains("abort"));
            assertEquals(List.of("mail [<ann@here.test>]", "abort"), first);
            assertEquals(List.of("mail [<ann@here.test>]"), told);
        }
    }

    @Test
    void aRefusedRecipientIsOneOfSeveral() throws Exception {
        try (MilterServer server = Scenes.server(
                        told,
                        event -> event instanceof MilterCommand.Rcpt(var arguments) && arguments.contains("<no@b.test>")
                                ? MilterAnswer.of(new MilterReply.Reject())
                                : MilterAnswer.CONTINUE);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            session.mail("ann@here.test", "");
            assertEquals(MilterVerdict.Refuse.of(550, "5.7.1 Command rejected"), session.rcpt("no@b.test", ""));
            assertEquals(PASS, session.rcpt("yes@b.test", ""));
            session.data();
            assertEquals(PASS, session.message(Scenes.MESSAGE, List.of()).verdict());
        }
    }

    @Test
    void severalMessagesInASessionBeginAnew() throws Exception {
        AtomicInteger mails = new AtomicInteger();
        try (MilterServer server = Scenes.server(
                        told,
                        event -> event instanceof MilterCommand.Mail && mails.incrementAndGet() == 1
                                ? MilterAnswer.of(new MilterReply.Accept())
                                : MilterAnswer.CONTINUE);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            assertEquals(PASS, Scenes.message(session, Scenes.MESSAGE).verdict());
            session.mail("x@here.test", "");
            session.abort();
            session.mail("y@here.test", "");
            session.mail("z@here.test", "");
            session.rcpt("bob@here.test", "");
            assertEquals(
                    PASS,
                    session.message(Body.of(Scenes.bytes("no header\n")), List.of())
                            .verdict());
            assertEquals(
                    List.of(
                            "mail [<ann@here.test>]",
                            "mail [<x@here.test>]",
                            "abort",
                            "mail [<y@here.test>]",
                            "abort",
                            "mail [<z@here.test>]",
                            "rcpt [<bob@here.test>]",
                            "end of header",
                            "body no header\r\n",
                            "end of body"),
                    told);
        }
    }

    @Test
    void stepsThatAreNotWantedAreNotToldAndThoseNotAnsweredNotAwaited() throws Exception {
        MilterOptions wish = MilterOptions.wish(
                        Set.of(), Set.of(MilterStage.CONNECT, MilterStage.HELO, MilterStage.FIELD, MilterStage.DATA))
                .with(MilterStage.MAIL.unanswered() | MilterStage.BODY.unanswered());
        MilterHandler handler = new Scenes.Recorder(
                told,
                event -> event instanceof MilterCommand.Mail
                        ? MilterAnswer.refuse(550, "5.7.1 not you")
                        : MilterAnswer.CONTINUE);
        try (MilterServer server = Scenes.server(wish, MilterServer.Limits.USUAL, Log.silent(), handler);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            assertEquals(PASS, session.connect(MilterCommand.Connect.of("", "::1", 1)));
            assertEquals(PASS, session.helo("x"));
            assertEquals(PASS, session.mail("ann@here.test", ""), "it has said that it does not answer");
            assertEquals(
                    MilterVerdict.Refuse.of(550, "5.7.1 not you"),
                    session.rcpt("bob@here.test", ""),
                    "what it wanted to say is said where it is heard");
            assertEquals(List.of("mail [<ann@here.test>]"), told);
        }
    }

    @Test
    void aBodyThatIsSkippedIsNotSentToItsEnd() throws Exception {
        try (MilterServer server = Scenes.server(
                        told,
                        event -> event instanceof MilterCommand.BodyChunk
                                ? MilterAnswer.of(new MilterReply.Skip())
                                : MilterAnswer.CONTINUE);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            assertEquals(
                    PASS,
                    Scenes.message(session, Body.of(Scenes.bytes("\n" + "x\n".repeat(100_000))))
                            .verdict());
            assertEquals(PASS, Scenes.message(session, Scenes.MESSAGE).verdict());
        }
        assertEquals(2, told.stream().filter(one -> one.startsWith("body ")).count(), "one piece a message");
    }

    @Test
    void aLongBodyComesInPiecesAsLongAsTheyMayBe() throws Exception {
        String body = "0123456789\n".repeat(30_000);
        try (MilterServer server = Scenes.server(told, _ -> MilterAnswer.CONTINUE);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            Scenes.message(session, Body.of(Scenes.bytes("\n" + body))).close();
        }
        List<String> pieces = told.stream()
                .filter(one -> one.startsWith("body "))
                .map(one -> one.substring(5))
                .toList();
        assertEquals(body.replace("\n", "\r\n"), String.join("", pieces));
        pieces.subList(0, pieces.size() - 1).forEach(piece -> assertEquals(65_535, piece.length()));
    }

    @Test
    void macrosAreThoseThatAMilterNames() throws Exception {
        List<String> seen = Scenes.notes();
        MilterHandler handler = (event, context) -> {
            seen.add(event.stage() + " " + context.macro("i").orElse("-")
                    + context.macro("{auth_authen}").orElse("-")
                    + context.macro("{mine}").orElse("-"));
            return MilterAnswer.CONTINUE;
        };
        MilterOptions wish = Scenes.everything().naming(Map.of(MilterStage.MAIL, "{mine} auth_authen"));
        try (MilterServer server = Scenes.server(wish, MilterServer.Limits.USUAL, Log.silent(), handler);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            session.define("i", "A1");
            session.define("{auth_authen}", "ann");
            session.define("{mine}", "m");
            session.mail("ann@here.test", "");
            session.rcpt("bob@here.test", "");
            session.abort();
            session.define("{mine}", "");
            session.mail("ann@here.test", "");
        }
        assertEquals(List.of("MAIL --m", "RCPT --m", "MAIL ---"), seen);
    }

    @Test
    void recipientsThatWereRefusedAreToldToThoseWhoAsk() throws Exception {
        List<String> second = Scenes.notes();
        MilterHandler curious = new Scenes.Recorder(told, _ -> MilterAnswer.CONTINUE);
        try (MilterServer one = Scenes.server(
                        Scenes.everything().with(MilterOptions.REFUSED_RECIPIENTS),
                        MilterServer.Limits.USUAL,
                        Log.silent(),
                        curious);
                MilterServer two = Scenes.server(second, _ -> MilterAnswer.CONTINUE);
                Milters milters = milters(one, two);
                MilterSession session = Scenes.session(milters)) {
            session.mail("ann@here.test", "");
            session.refused("nobody@here.test", "");
        }
        assertTrue(told.contains("rcpt [<nobody@here.test>]"), told.toString());
        assertTrue(second.stream().noneMatch(one -> one.startsWith("rcpt")), second.toString());
    }

    @Test
    void anAcceptedSessionIsNotToldAnyMoreAndARefusedOneStaysRefused() throws Exception {
        MilterVerdict no = MilterVerdict.Refuse.of(554, "5.7.1 no");
        try (MilterServer one = Scenes.server(told, _ -> MilterAnswer.of(new MilterReply.Accept()));
                MilterServer two = Scenes.server(
                        Scenes.notes(),
                        event -> event instanceof MilterCommand.Helo
                                ? MilterAnswer.refuse(554, "5.7.1 no")
                                : MilterAnswer.CONTINUE);
                Milters milters = milters(one, two);
                MilterSession session = Scenes.session(milters)) {
            assertEquals(PASS, session.connect(MilterCommand.Connect.of("", "", 0)));
            assertEquals(no, session.helo("x"));
            assertEquals(no, session.mail("ann@here.test", ""));
        }
        Awaitility.await().until(() -> told.contains("close"));
        assertEquals(List.of("connect [] UNKNOWN 0  -", "close"), told);
    }

    @Test
    void aUnixSocketHasItsModeAndIsGoneAfterwards() throws Exception {
        Path socket = folder.resolve("m.sock");
        Files.writeString(socket, "left behind");
        MilterAddress address = MilterAddress.parse("unix:" + socket);
        try (MilterServer _ = new MilterServer(
                        address,
                        "rw-rw----",
                        new MilterServer.Work(
                                Scenes.everything(), () -> new Scenes.Recorder(told, _ -> MilterAnswer.CONTINUE)),
                        MilterServer.Limits.USUAL,
                        Log.silent());
                Milters milters =
                        Scenes.milters(folder, Log.silent(), MilterSetting.parse("local:" + socket + " name=here"));
                MilterSession session = Scenes.session(milters)) {
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals(PASS, Scenes.message(session, Scenes.MESSAGE).verdict());
        }
        assertTrue(Files.notExists(socket));
        assertTrue(told.contains("end of body"), told.toString());
    }

    @Test
    void aDiscardedMessageIsDiscarded() throws Exception {
        try (MilterServer server = Scenes.server(
                        told,
                        event -> event instanceof MilterCommand.BodyDone
                                ? MilterAnswer.of(new MilterReply.Discard())
                                : MilterAnswer.CONTINUE);
                Milters milters = milters(server);
                MilterSession session = Scenes.session(milters)) {
            assertEquals(
                    new MilterVerdict.Discard(),
                    Scenes.message(session, Scenes.MESSAGE).verdict());
        }
    }

    @Test
    void withoutMilterNothingIsAsked() throws Exception {
        try (Milters milters = milters();
                MilterSession session = Scenes.session(milters)) {
            Body odd = Body.of("To: a\0b\n\nx".getBytes(StandardCharsets.ISO_8859_1));
            MilterOutcome outcome = Scenes.message(session, odd);
            assertEquals(PASS, outcome.verdict());
            assertEquals("Received: by here.test\nTo: a\0b\n\nx", Scenes.text(outcome.message()));
        }
    }
}
