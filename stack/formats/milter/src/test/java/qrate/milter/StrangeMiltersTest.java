package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Body;
import qrate.core.Log;
import qrate.core.Spool;
import qrate.testkit.BrokenInput;

/// Our client and milters that lie, hang, hang up, and want too much.
@Timeout(60)
class StrangeMiltersTest {
    private static final MilterVerdict PASS = new MilterVerdict.Pass();
    private static final MilterVerdict LATER =
            MilterVerdict.Refuse.of(451, "4.7.1 Service unavailable, try again later");

    /// SMFIP_NR_* of everything, and SKIP.
    private static final int NO_REPLIES = 0xff080 | MilterOptions.SKIP;

    @TempDir
    Path folder;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private String logged() {
        return log.toString(StandardCharsets.ISO_8859_1);
    }

    /// The verdict on a message of a milter alone.
    private MilterVerdict verdict(int port, boolean accept) throws IOException {
        try (Milters milters = Scenes.milters(folder, Scenes.log(log), Scenes.setting(port, Scenes.SHORT, accept));
                MilterSession session = Scenes.session(milters);
                MilterOutcome outcome = Scenes.message(session, Scenes.MESSAGE)) {
            if (outcome.verdict().equals(PASS)) {
                assertEquals("Received: by here.test\n" + Scenes.text(Scenes.MESSAGE), Scenes.text(outcome.message()));
                assertEquals(List.of(), outcome.envelope());
            }
            return outcome.verdict();
        }
    }

    private void isAway(int port, String why) throws IOException {
        assertEquals(LATER, verdict(port, false));
        assertTrue(logged().contains(why) && logged().contains("mail is put off"), logged());
        log.reset();
        assertEquals(PASS, verdict(port, true));
        assertTrue(logged().contains(why) && logged().contains("mail goes on without it"), logged());
    }

    private static Scenes.Raw atTheEnd(Scenes.Raw.Part part) throws IOException {
        return Scenes.raw(6, NO_REPLIES, wire -> {
            wire.hear('E');
            part.play(wire);
        });
    }

    @Test
    void nobodyThere() throws IOException {
        Scenes.Raw gone = new Scenes.Raw(_ -> {});
        gone.close();
        isAway(gone.port(), "refused");
    }

    @Test
    void noSuchSocket() throws IOException {
        try (Milters milters = Scenes.milters(
                        folder, Scenes.log(log), MilterSetting.parse("unix:" + folder.resolve("none") + " name=none"));
                MilterSession session = Scenes.session(milters)) {
            assertEquals(LATER, session.mail("ann@here.test", ""));
            assertTrue(logged().startsWith("milter: warning: none: "), logged());
        }
    }

    @Test
    void oneThatTakesTheConnectionAndSaysNothing() throws IOException {
        try (Scenes.Raw raw = new Scenes.Raw(wire -> wire.hear('?'))) {
            MilterSetting.Waits waits = new MilterSetting.Waits(
                    Duration.ofMillis(200),
                    Scenes.SHORT.send(),
                    Scenes.SHORT.reply(),
                    Scenes.SHORT.bodyEnd(),
                    Scenes.SHORT.total());
            try (Milters milters = Scenes.milters(folder, Scenes.log(log), Scenes.setting(raw.port(), waits, false));
                    MilterSession session = Scenes.session(milters)) {
                assertEquals(LATER, session.mail("ann@here.test", ""));
                assertTrue(logged().contains("it does not answer within"), logged());
            }
        }
    }

    static Stream<Arguments> negotiations() {
        return Stream.of(
                Arguments.of(Scenes.Wire.options(7, 0, 0), "version 7"),
                Arguments.of(Scenes.Wire.options(1, 0, 0), "version 1"),
                Arguments.of(Scenes.Wire.options(6, 0x200, 0), "was not offered"),
                Arguments.of(Scenes.Wire.options(6, 0, 1 << 28), "was not offered"),
                Arguments.of("c", "does not negotiate"),
                Arguments.of("O\0\0\0\6", "too short"),
                Arguments.of("lies", "packet 6c"));
    }

    @ParameterizedTest
    @MethodSource("negotiations")
    void oneThatNegotiatesNonsense(String answer, String why) throws IOException {
        try (Scenes.Raw raw = new Scenes.Raw(wire -> wire.say(answer).hear('?'))) {
            isAway(raw.port(), why);
        }
    }

    @Test
    void oneThatHangsUpWithinAMessage() throws IOException {
        for (char step : new char[] {'M', 'R', 'T', 'L', 'N', 'B', 'E'}) {
            try (Scenes.Raw raw = Scenes.raw(6, NO_REPLIES, wire -> wire.hear(step))) {
                assertEquals(LATER, verdict(raw.port(), false), "behind " + step);
                assertEquals(PASS, verdict(raw.port(), true), "behind " + step);
            }
        }
    }

    @Test
    void oneThatHangsUpWithinAReply() throws IOException {
        try (Scenes.Raw raw = atTheEnd(wire -> wire.say("hX-A\0 x\0").raw(new byte[] {0, 0, 0, 9, 'h'}))) {
            isAway(raw.port(), "ended within a packet");
        }
    }

    @ParameterizedTest
    @ValueSource(chars = {'M', 'R', 'T', 'L', 'N', 'B', 'E'})
    void oneThatNeverAnswers(char step) throws IOException {
        int steps = NO_REPLIES & ~MilterStage.of(step).orElseThrow().unanswered();
        try (Scenes.Raw raw = Scenes.raw(6, steps, wire -> wire.hear('?'))) {
            isAway(raw.port(), "it does not answer within");
        }
    }

    @Test
    void oneThatIsAtWorkForEver() throws IOException {
        try (Scenes.Raw raw = atTheEnd(wire -> {
            while (true) {
                wire.say("p");
                TimeUnit.MILLISECONDS.sleep(50);
            }
        })) {
            long began = System.nanoTime();
            isAway(raw.port(), "it ");
            assertTrue(Duration.ofNanos(System.nanoTime() - began).compareTo(Duration.ofSeconds(20)) < 0);
        }
    }

    @Test
    void oneThatIsAtWorkForLongerThanItMayBeSilentIsWaitedFor() throws IOException {
        try (Scenes.Raw raw = atTheEnd(wire -> {
            for (int i = 0; i < 8; i++) {
                wire.say("p");
                TimeUnit.MILLISECONDS.sleep(100);
            }
            wire.say("r");
        })) {
            assertEquals(MilterVerdict.Refuse.of(550, "5.7.1 Command rejected"), verdict(raw.port(), false));
        }
    }

    @Test
    void oneThatSaysAByteNowAndThen() throws IOException {
        try (Scenes.Raw raw = atTheEnd(wire -> {
            wire.raw(new byte[] {0, 0, 1, 0, 'h'});
            while (true) {
                wire.raw(new byte[] {'x'});
                TimeUnit.MILLISECONDS.sleep(20);
            }
        })) {
            isAway(raw.port(), "it does not answer within");
        }
    }

    @Test
    void oneThatDoesNotRead() throws IOException {
        try (Scenes.Raw raw = Scenes.raw(6, NO_REPLIES, wire -> TimeUnit.SECONDS.sleep(50));
                Milters milters =
                        Scenes.milters(folder, Scenes.log(log), Scenes.setting(raw.port(), Scenes.SHORT, false));
                MilterSession session = Scenes.session(milters)) {
            byte[] much = new byte[32 << 20];
            assertEquals(LATER, Scenes.message(session, Body.of(much)).verdict());
            assertTrue(logged().contains("it does not read within"), logged());
        }
    }

    @Test
    void oneWhoseLengthLies() throws IOException {
        for (byte[] length :
                List.of(new byte[] {127, -1, -1, -1}, new byte[] {-1, -1, -1, -1}, new byte[] {0, 0, 0, 0}, new byte[] {
                    1, 0, 0, 0
                })) {
            try (Scenes.Raw raw = atTheEnd(wire -> {
                wire.raw(length);
                TimeUnit.SECONDS.sleep(50);
            })) {
                isAway(raw.port(), "a packet of ");
            }
        }
    }

    static Stream<Arguments> nonsense() {
        return Stream.of(
                Arguments.of("z", "packet 7a"),
                Arguments.of("cx", "too many"),
                Arguments.of("l\0\0\0\1i\0", "Symbols"),
                Arguments.of(Scenes.Wire.options(6, 0, 0), "Agreed"),
                Arguments.of("y250 fine\0", "not a reply of SMTP"),
                Arguments.of("y550 5.7.1 a\r\nBcc: x\0", "no reply of SMTP"),
                Arguments.of("hX-A\0 x\n\nbody\0", "line end"),
                Arguments.of("hX-A: y\nX-B\0 x\0", "field's name"),
                Arguments.of("+a@b>\r\nRCPT TO:<c@d\0", "control character"),
                Arguments.of("q\r\n\0", "control character"),
                Arguments.of("i\u00ff\u00ff\u00ff\u00ffX\0 x\0", "place"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void oneThatTalksNonsenseAtTheEnd(String reply, String why) throws IOException {
        try (Scenes.Raw raw = atTheEnd(wire -> {
            wire.say("hX-A\0 x\0")
                    .say("bnew body\r\n")
                    .say("+carl@here.test\0")
                    .say(reply)
                    .say("a");
        })) {
            isAway(raw.port(), why);
        }
    }

    @Test
    void oneThatWantsChangesBeforeTheEnd() throws IOException {
        int steps = NO_REPLIES & ~MilterStage.MAIL.unanswered();
        try (Scenes.Raw raw = Scenes.raw(6, steps, wire -> {
            wire.hear('M');
            wire.say("hX-A\0 x\0").say("c").hear('?');
        })) {
            isAway(raw.port(), "AddField where that means nothing");
        }
    }

    @Test
    void oneThatWantsWhatItHasNotAskedFor() throws IOException {
        for (String change :
                List.of("hX-A\0 x\0", "m\0\0\0\1To\0\0", "bx", "+a@b\0", "2a@b\0X=1\0", "-a@b\0", "ea@b\0", "qx\0")) {
            try (Scenes.Raw raw = new Scenes.Raw(wire -> {
                wire.hear('O');
                wire.say(Scenes.Wire.options(6, 0, NO_REPLIES)).hear('E');
                wire.say(change).say("c").hear('?');
            })) {
                isAway(raw.port(), "and has not said so");
            }
        }
    }

    @Test
    void oneThatSkipsAndHasNotSaidThatItWould() throws IOException {
        int steps = (NO_REPLIES & ~MilterStage.BODY.unanswered()) & ~MilterOptions.SKIP;
        try (Scenes.Raw raw = Scenes.raw(6, steps, wire -> {
            wire.hear('B');
            wire.say("s").hear('?');
        })) {
            isAway(raw.port(), "it skips");
        }
    }

    @Test
    void floodsOfChangesHaveAnEnd() throws IOException {
        String large = "hX-A\0 " + "x".repeat(60_000) + "\0";
        for (String change : List.of("hX-A\0 x\0", "+a@b\0", large, "b" + "x".repeat(65_536))) {
            try (Scenes.Raw raw = atTheEnd(wire -> {
                while (true) {
                    wire.say(change);
                }
            })) {
                assertEquals(LATER, verdict(raw.port(), false), change.substring(0, 4));
            }
        }
        assertTrue(logged().contains("too many changes") && logged().contains("its body has more than"), logged());
    }

    @Test
    void aBodyThatCannotBeKeptIsOurFaultAndNotTheMilters() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        try (Scenes.Raw raw = atTheEnd(wire -> {
                    for (int i = 0; i < 1 + Spool.MEMORY_BYTES_MAX / 60_000; i++) {
                        wire.say("b" + "x".repeat(60_000));
                    }
                    wire.say("c");
                });
                Milters milters =
                        Scenes.milters(nowhere, Scenes.log(log), Scenes.setting(raw.port(), Scenes.LONG, true));
                MilterSession session = Scenes.session(milters)) {
            assertThrows(Spool.Full.class, () -> Scenes.message(session, Scenes.MESSAGE));
        }
        assertTrue(Files.notExists(nowhere));
    }

    @Test
    void aMessageThatCannotBeReadIsOurFaultAndNotTheMilters() throws IOException {
        List<String> told = Scenes.notes();
        Body broken = new Body() {
            private int opened;

            @Override
            public long size() {
                return Scenes.MESSAGE.size();
            }

            @Override
            public InputStream open() throws IOException {
                opened++;
                return opened == 1
                        ? Scenes.MESSAGE.open()
                        : new java.io.SequenceInputStream(Scenes.MESSAGE.open(), new BrokenInput("the disk"));
            }
        };
        try (MilterServer server = Scenes.server(told, _ -> MilterAnswer.CONTINUE);
                Milters milters =
                        Scenes.milters(folder, Scenes.log(log), Scenes.setting(server.port(), Scenes.LONG, true));
                MilterSession session = Scenes.session(milters)) {
            IOException e = assertThrows(IOException.class, () -> Scenes.message(session, broken));
            assertEquals("the disk", e.getMessage());
            assertEquals(PASS, Scenes.message(session, Scenes.MESSAGE).verdict(), "the session goes on");
        }
        assertTrue(told.contains("abort"), told.toString());
        assertEquals("", logged());
    }

    @Test
    void oneThatIsBackIsAskedAtTheNextMail() throws Exception {
        CompletableFuture<String> again = new CompletableFuture<>();
        try (Scenes.Raw raw = new Scenes.Raw(
                        wire -> {
                            wire.hear('O');
                            wire.say(Scenes.Wire.options(6, 0, 0)).hear('C');
                            wire.say("c").hear('M');
                        },
                        wire -> {
                            wire.hear('O');
                            wire.say(Scenes.Wire.options(6, 0, 0));
                            StringBuilder steps = new StringBuilder();
                            while (steps.length() < 3) {
                                String packet = wire.hear();
                                if (packet.charAt(0) != 'D') {
                                    steps.append(packet.charAt(0));
                                    wire.say("c");
                                }
                            }
                            again.complete(steps.toString());
                        });
                Milters milters =
                        Scenes.milters(folder, Scenes.log(log), Scenes.setting(raw.port(), Scenes.LONG, false));
                MilterSession session = Scenes.session(milters)) {
            assertEquals(PASS, session.connect(MilterCommand.Connect.of("a.test", "192.0.2.1", 1)));
            assertEquals(LATER, session.mail("ann@here.test", ""));
            assertEquals(LATER, session.rcpt("bob@here.test", ""), "of this message nothing more is asked");
            assertEquals(LATER, session.helo("a.test"));
            assertEquals(PASS, session.mail("ann@here.test", ""));
            assertEquals("CHM", again.get(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void anOldMilterIsToldWhatItKnows() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        try (Scenes.Raw raw = new Scenes.Raw(wire -> {
                    wire.hear('O');
                    // bits that version 2 does not know mean nothing
                    wire.say(Scenes.Wire.options(2, 0x1, MilterStage.BODY.unanswered() | MilterStage.RCPT.unwanted()));
                    StringBuilder all = new StringBuilder();
                    String packet = "";
                    while (!packet.startsWith("E")) {
                        packet = wire.hear();
                        all.append(packet.charAt(0) == 'L' ? packet.replace('\0', '|') : packet.substring(0, 1));
                        wire.say(packet.startsWith("E") ? "hX-A\0x\0" : "c");
                    }
                    heard.complete(all.toString());
                    wire.say("c").hear('?');
                });
                Milters milters =
                        Scenes.milters(folder, Scenes.log(log), Scenes.setting(raw.port(), Scenes.LONG, false));
                MilterSession session = Scenes.session(milters)) {
            session.unknown("FOO");
            MilterOutcome outcome = Scenes.message(session, Scenes.MESSAGE);
            assertEquals(PASS, outcome.verdict());
            assertEquals(
                    "MLFrom|ann@here.test|LSubject|hi\n\tthere|LTo|bob@here.test|NBE", heard.get(20, TimeUnit.SECONDS));
            assertTrue(Scenes.text(outcome.message()).contains("\nX-A: x\n\n"), "it gets the blank that it left out");
        }
    }

    @Test
    void whatNoMilterCanBeToldIsRefused() throws IOException {
        try (MilterServer server = Scenes.server(Scenes.notes(), _ -> MilterAnswer.CONTINUE);
                Milters milters =
                        Scenes.milters(folder, Scenes.log(log), Scenes.setting(server.port(), Scenes.LONG, true));
                MilterSession session = Scenes.session(milters)) {
            for (String header : List.of("To: a\0b\n", "X: " + "x".repeat(66_000) + "\n", "X: x\n".repeat(60_000))) {
                MilterVerdict verdict = Scenes.message(session, Body.of(Scenes.bytes(header + "\nbody\n")))
                        .verdict();
                assertTrue(verdict instanceof MilterVerdict.Refuse refuse && refuse.code() == 550, verdict.toString());
            }
            assertEquals(PASS, Scenes.message(session, Scenes.MESSAGE).verdict());
            session.helo("a\0b");
            session.define("i", "a\0b");
            assertEquals(PASS, Scenes.message(session, Scenes.MESSAGE).verdict());
        }
        assertEquals("", logged());
    }

    @Test
    void shutdownAndFailureOfTheConnectionEndTheSession() throws IOException {
        for (String reply : List.of("4", "f")) {
            try (Scenes.Raw raw = Scenes.raw(6, 0, wire -> {
                        wire.hear('H');
                        wire.say(reply).hear('?');
                    });
                    Milters milters =
                            Scenes.milters(folder, Log.silent(), Scenes.setting(raw.port(), Scenes.LONG, false));
                    MilterSession session = Scenes.session(milters)) {
                MilterVerdict.Refuse over = MilterVerdict.Refuse.of(421, "4.7.0 Service closing the connection");
                assertEquals(over, session.helo("x"));
                assertEquals(over, session.mail("ann@here.test", ""));
                assertTrue(over.temporary());
            }
        }
    }

    @Test
    void moreMiltersThanThereMayBeAreRefused() {
        MilterSetting[] many = new MilterSetting[MilterSetting.MILTERS_MAX + 1];
        java.util.Arrays.fill(many, MilterSetting.parse("unix:/x"));
        assertThrows(IllegalArgumentException.class, () -> Scenes.milters(folder, Log.silent(), many));
    }
}
