package qrate.milter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import qrate.core.Log;

/// Our server and SMTP servers that lie, hang, hang up, and say what they should not.
@Timeout(60)
class StrangeServersTest {
    private static final int ALL = MilterOptions.STEPS_ALL;

    private final List<String> told = Scenes.notes();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    private String logged() {
        return log.toString(StandardCharsets.ISO_8859_1);
    }

    private MilterServer server(MilterServer.Limits limits) throws IOException {
        return server(limits, _ -> MilterAnswer.CONTINUE);
    }

    private MilterServer server(MilterServer.Limits limits, Function<MilterCommand.Event, MilterAnswer> answers)
            throws IOException {
        return Scenes.server(Scenes.everything(), limits, Scenes.log(log), new Scenes.Recorder(told, answers));
    }

    private static MilterServer.Limits limits(int sessions, int idleMillis) {
        return new MilterServer.Limits(
                sessions, Duration.ofMillis(idleMillis), 1000, 80_000, 200_000, Duration.ofSeconds(2));
    }

    private static Scenes.Wire negotiated(MilterServer server) throws IOException {
        Scenes.Wire wire = Scenes.Wire.to(server.port());
        wire.say(Scenes.Wire.options(6, 0x1ff, ALL));
        assertEquals('O', wire.hear().charAt(0));
        return wire;
    }

    private static void mail(Scenes.Wire wire) throws IOException {
        for (String step : List.of("M<a@b>\0", "R<c@d>\0", "T")) {
            assertEquals("c", wire.say(step).hear());
        }
    }

    @Test
    void aTranscriptByHand() throws IOException {
        try (MilterServer server = server(
                        MilterServer.Limits.USUAL,
                        event -> event instanceof MilterCommand.BodyDone
                                ? MilterAnswer.of(new MilterReply.Accept())
                                        .with(new MilterReply.InsertField(0, "A", " x"))
                                        .with(new MilterReply.Quarantine("q"))
                                : MilterAnswer.CONTINUE);
                Scenes.Wire wire = Scenes.Wire.to(server.port())) {
            wire.say(Scenes.Wire.options(6, 0x1ff, ALL));
            assertEquals(Scenes.Wire.options(6, 0x1ff, MilterOptions.SKIP | MilterOptions.LEADING_BLANK), wire.hear());
            wire.say("DC{client_addr}\0001.2.3.4\0").say("Ca.test\0004\0\1" + "1.2.3.4\0");
            assertEquals("c", wire.hear());
            mail(wire);
            assertEquals("c", wire.say("LTo\0 x\0").hear());
            assertEquals("c", wire.say("N").hear());
            // the last piece with the end, as Sendmail may have it
            wire.say("Elast\r\n");
            assertEquals("i\0\0\0\0A\0 x\0", wire.hear());
            assertEquals("qq\0", wire.hear());
            assertEquals("a", wire.hear());
            wire.say("Q");
            assertTrue(wire.closed());
        }
        assertEquals(
                List.of(
                        "connect a.test INET 1 1.2.3.4 1.2.3.4",
                        "mail [<a@b>]",
                        "rcpt [<c@d>]",
                        "data",
                        "To: x",
                        "end of header",
                        "body last\r\n",
                        "end of body",
                        "close"),
                told);
    }

    @Test
    void anOldServerIsAnsweredAsItUnderstands() throws IOException {
        MilterOptions wish = MilterOptions.wish(
                        Set.of(MilterOptions.Action.ADD_FIELDS), Set.of(MilterStage.DATA, MilterStage.UNKNOWN))
                .with(MilterStage.MAIL.unanswered());
        MilterHandler handler = new Scenes.Recorder(told, event -> switch (event) {
            case MilterCommand.BodyChunk _ -> MilterAnswer.of(new MilterReply.Skip());
            case MilterCommand.BodyDone _ -> MilterAnswer.CONTINUE.with(new MilterReply.AddField("X", " x"));
            default -> MilterAnswer.CONTINUE;
        });
        try (MilterServer server = Scenes.server(wish, MilterServer.Limits.USUAL, Scenes.log(log), handler);
                Scenes.Wire wire = Scenes.Wire.to(server.port())) {
            wire.say(Scenes.Wire.options(2, 0, 0x7f));
            assertEquals(Scenes.Wire.options(2, 1, 0), wire.hear());
            for (String step : List.of("M<a@b>\0", "R<c@d>\0", "LTo\0x\0", "N", "Bx")) {
                assertEquals("c", wire.say(step).hear(), step);
            }
            assertEquals("hX\0x\0", wire.say("E").hear());
            assertEquals("c", wire.hear());
            assertTrue(told.contains("To: x"), told.toString());
        }
    }

    @Test
    void aServerThatCannotDoWhatIsNeededIsRefused() throws IOException {
        try (MilterServer server = server(MilterServer.Limits.USUAL);
                Scenes.Wire wire = Scenes.Wire.to(server.port())) {
            wire.say(Scenes.Wire.options(6, 0xf, ALL));
            assertTrue(wire.closed());
            Awaitility.await().until(() -> logged().contains("are not enough"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"c", "O\0\0\0\6", "Hx", "B", "E", "LTo\0x\0", "R<a@b>\0", "T", "N", "DMx", "Cx\0", "Hx\0y\0", "z"
            })
    void nonsenseAndDisorderEndTheSession(String command) throws IOException {
        try (MilterServer server = server(MilterServer.Limits.USUAL)) {
            try (Scenes.Wire wire = negotiated(server)) {
                assertTrue(wire.say(command).closed(), "before MAIL");
            }
            try (Scenes.Wire wire = Scenes.Wire.to(server.port())) {
                assertTrue(wire.say(command).closed(), "before the negotiation");
            }
        }
        assertFalse(told.stream().anyMatch(one -> !one.equals("close")), told.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"R<a@b>\0", "T", "Cx\0U", "Hx\0"})
    void aStepThatComesTooLateEndsTheSessionOrBeginsItAnew(String command) throws IOException {
        try (MilterServer server = server(MilterServer.Limits.USUAL);
                Scenes.Wire wire = negotiated(server)) {
            assertEquals("c", wire.say("Hx\0").hear());
            mail(wire);
            assertEquals("c", wire.say("LTo\0x\0").hear());
            wire.say(command);
            if (command.startsWith("H")) {
                assertEquals("c", wire.hear());
            } else {
                assertTrue(wire.closed());
            }
        }
        Awaitility.await().until(() -> told.contains("close"));
        assertEquals(1, told.stream().filter("abort"::equals).count(), told.toString());
    }

    @Test
    void aLyingLengthEndsTheSessionAtOnce() throws IOException {
        try (MilterServer server = server(MilterServer.Limits.USUAL);
                Scenes.Wire wire = negotiated(server)) {
            assertTrue(wire.raw(new byte[] {127, -1, -1, -1, 'B'}).closed());
            Awaitility.await().until(() -> logged().contains("a packet of 2147483647 bytes"));
            assertTrue(server.memory().startsWith("0 of "), server.memory());
        }
    }

    @Test
    void noSessionHoldsMoreThanItMay() throws IOException {
        String macros = "DM" + "{x}\0" + "y".repeat(30_000) + "\0";
        try (MilterServer server = server(limits(5, 20_000))) {
            try (Scenes.Wire wire = negotiated(server)) {
                assertTrue(wire.raw(new byte[] {0, 2, 0, 0}).closed(), "a packet of 128 KiB");
            }
            try (Scenes.Wire wire = negotiated(server)) {
                for (int i = 0; i < 100; i++) {
                    wire.say(macros); // each takes the place of the one before
                }
                mail(wire);
                wire.say(macros.replaceFirst("M", "C")).say(macros.replaceFirst("M", "H"));
                assertTrue(wire.closed());
            }
            Awaitility.await().until(() -> server.memory().startsWith("0 of "));
        }
        assertTrue(logged().contains("no room for"), logged());
    }

    @Test
    void allSessionsTogetherHoldNoMoreThanTheyMay() throws IOException {
        try (MilterServer server = server(limits(20, 20_000))) {
            List<Scenes.Wire> wires = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                wires.add(negotiated(server).raw(new byte[] {0, 0, -1, -1, 'B'}));
            }
            Awaitility.await().until(() -> logged().contains("no room for"));
            assertFalse(server.memory().startsWith("0 of "), server.memory());
            for (Scenes.Wire wire : wires) {
                wire.close();
            }
            Awaitility.await().until(() -> server.memory().startsWith("0 of "));
        }
    }

    @Test
    void whoIsSilentIsHungUpOn() throws IOException {
        try (MilterServer server = server(limits(5, 300));
                Scenes.Wire wire = negotiated(server);
                Scenes.Wire slow = Scenes.Wire.to(server.port())) {
            slow.raw(new byte[] {0, 0});
            assertTrue(wire.closed());
            assertTrue(slow.closed());
        }
    }

    @Test
    void aHeaderThatIsTooLongIsRefusedAndTheHandlerSeesNoMoreOfIt() throws IOException {
        try (MilterServer server = server(limits(5, 20_000));
                Scenes.Wire wire = negotiated(server)) {
            mail(wire);
            String field = "LX\0" + "x".repeat(400) + "\0";
            assertEquals("c", wire.say(field).hear());
            assertEquals("c", wire.say(field).hear());
            assertEquals(
                    "y552 5.3.4 The header is too long to be looked at\0",
                    wire.say(field).hear());
            assertEquals(List.of("mail [<a@b>]", "rcpt [<c@d>]", "data"), told.subList(0, 3));
            assertEquals("abort", told.getLast());
            mail(wire);
            assertEquals("c", wire.say(field).hear(), "the next message begins anew");
        }
    }

    @Test
    void sessionsBeyondTheLimitWaitAtTheDoor() throws Exception {
        try (MilterServer server = server(limits(1, 20_000));
                Scenes.Wire first = negotiated(server);
                Scenes.Wire second = Scenes.Wire.to(server.port())) {
            second.say(Scenes.Wire.options(6, 0x1ff, ALL));
            assertEquals("c", first.say("Hx\0").hear());
            assertEquals(List.of("helo x"), told);
            first.say("Q");
            assertEquals('O', second.hear().charAt(0));
        }
    }

    @Test
    void abortAndSeveralMessagesAndSessionsOnOneConnection() throws IOException {
        try (MilterServer server = server(MilterServer.Limits.USUAL);
                Scenes.Wire wire = negotiated(server)) {
            wire.say("DMi\0A\0");
            mail(wire);
            wire.say("A");
            mail(wire);
            assertEquals("c", wire.say("E").hear());
            wire.say("A"); // Postfix says so behind each message
            assertEquals("c", wire.say("M<e@f>\0").hear());
            wire.say("K");
            assertEquals("c", wire.say("Cx\0U").hear());
            assertEquals("c", wire.say("M<g@h>\0").hear());
            wire.say("Q");
            assertTrue(wire.closed());
        }
        assertEquals(
                List.of(
                        "mail [<a@b>]A",
                        "rcpt [<c@d>]",
                        "data",
                        "abort",
                        "mail [<a@b>]A",
                        "rcpt [<c@d>]",
                        "data",
                        "end of body",
                        "mail [<e@f>]A",
                        "abort",
                        "close",
                        "connect x UNKNOWN 0  -",
                        "mail [<g@h>]",
                        "abort",
                        "close"),
                told);
    }

    @Test
    void aHandlerThatFailsPutsTheMessageOff() throws IOException {
        try (MilterServer server = server(MilterServer.Limits.USUAL, event -> {
                    if (event instanceof MilterCommand.HeaderDone) {
                        throw new IllegalStateException("a fault of ours\n");
                    }
                    return MilterAnswer.CONTINUE;
                });
                Scenes.Wire wire = negotiated(server)) {
            mail(wire);
            assertEquals("t", wire.say("N").hear());
            mail(wire);
        }
        assertTrue(
                logged().contains("HEADER_END is put off: java.lang.IllegalStateException: a fault of ours\\x0a"),
                logged());
    }

    @Test
    void aHandlerThatWantsWhatWasNotAgreedOnEndsTheSession() throws IOException {
        MilterOptions wish = MilterOptions.wish(Set.of(), Set.of());
        MilterHandler handler =
                new Scenes.Recorder(told, _ -> MilterAnswer.CONTINUE.with(new MilterReply.AddField("X", " x")));
        try (MilterServer server = Scenes.server(wish, MilterServer.Limits.USUAL, Scenes.log(log), handler);
                Scenes.Wire wire = negotiated(server)) {
            assertTrue(wire.say("M<a@b>\0").closed());
            Awaitility.await().until(() -> logged().contains("AddField was not agreed on at MAIL"));
        }
    }

    @Test
    void aHandlerAtWorkSaysSo() throws IOException {
        MilterHandler handler = (_, context) -> {
            context.progress();
            return MilterAnswer.CONTINUE;
        };
        try (MilterServer server =
                        Scenes.server(Scenes.everything(), MilterServer.Limits.USUAL, Log.silent(), handler);
                Scenes.Wire wire = negotiated(server)) {
            assertEquals("p", wire.say("Hx\0").hear());
            assertEquals("c", wire.hear());
        }
    }

    @Test
    void whenItClosesAMessageUnderWayEndsAndSilentConnectionsDoNotWait() throws Exception {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        MilterServer server = server(MilterServer.Limits.USUAL, event -> {
            if (event instanceof MilterCommand.BodyDone) {
                atWork.countDown();
                try {
                    assertTrue(go.await(20, TimeUnit.SECONDS));
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return MilterAnswer.of(new MilterReply.Accept());
            }
            return MilterAnswer.CONTINUE;
        });
        try (Scenes.Wire silent = negotiated(server);
                Scenes.Wire wire = negotiated(server)) {
            mail(wire);
            wire.say("E");
            assertTrue(atWork.await(20, TimeUnit.SECONDS));
            Thread closing = Thread.ofVirtual().start(server::close);
            assertTrue(silent.closed());
            go.countDown();
            assertEquals("a", wire.hear());
            assertTrue(wire.closed());
            closing.join();
        }
    }

    @Test
    void aMessageThatDoesNotEndIsCutOff() throws Exception {
        MilterServer server = server(limits(5, 20_000));
        try (Scenes.Wire wire = negotiated(server)) {
            mail(wire);
            server.close();
            assertTrue(wire.closed());
        }
        assertTrue(logged().contains("1 sessions are cut off"), logged());
    }
}
