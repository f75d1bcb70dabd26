package qrate.smtpd;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Budget;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.tcpserver.Listener;

/// Milters that are not there, or do not do what they should.
@Timeout(120)
class SmtpdMilterAwayTest {
    private static final String OK = "250 2.0.0 ok 1764000000 qp 17";
    private static final String AWAY = "451 4.7.1 Service unavailable, try again later";

    @TempDir
    Path folder;

    private House house;

    @BeforeEach
    void open() throws IOException {
        house = new House(folder);
    }

    private static Talk talk(Listener listener) throws IOException {
        Talk talk = Talk.plain(listener.port());
        talk.expect("220 mail.example.test ESMTP");
        talk.ehlo();
        return talk;
    }

    private static void message(Talk talk, String reply) throws IOException {
        talk.say("MAIL FROM:<eve@far.example>", "250 2.1.0 ok");
        talk.say("RCPT TO:<ann@example.test>", "250 2.1.5 ok");
        talk.say("DATA", "354 go ahead");
        talk.say("Subject: hi\r\n\r\nhello\r\n.", reply);
    }

    private long logged(String what) {
        return house.logged
                .toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(what))
                .count();
    }

    @Test
    void putsMailOffWhileItIsAwayTakesItAgainAndLogsEachOnce() throws IOException {
        house.control("milters", "unix:" + folder.resolve("one") + " name=one");
        try (Listener listener = house.listen(Kind.MX);
                Talk talk = talk(listener)) {
            for (int i = 0; i < 3; i++) {
                talk.say("MAIL FROM:<eve@far.example>", AWAY);
            }
            assertEquals(1, logged("milter: warning: one: "));
            try (TestMilter _ = new TestMilter(folder, "one", _ -> MilterAnswer.CONTINUE)) {
                message(talk, OK);
                assertEquals(1, logged("milter: status: one: is there again"));
            }
        }
    }

    @Test
    void goesOnWithoutOneThatMayBeAwayAndAsksTheNext() throws IOException {
        try (TestMilter two = new TestMilter(folder, "two", _ -> MilterAnswer.CONTINUE);
                Listener listener = house.listen(Kind.MX)) {
            house.control("milters", "unix:" + folder.resolve("one") + " away=accept name=one\n" + two.line());
            try (Talk talk = talk(listener)) {
                message(talk, OK);
                message(talk, OK);
            }
            assertTrue(two.told.contains("body ends"), two.told.toString());
            assertEquals(1, logged("milter: warning: one: "));
        }
        assertEquals(2, house.accepted.size());
    }

    /// A milter that answers no more once the body is over.
    private void hangs(String away, String reply) throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        Function<MilterCommand.Event, MilterAnswer> hanging = event -> {
            if (event instanceof MilterCommand.BodyDone) {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return MilterAnswer.CONTINUE;
        };
        try (TestMilter _ = new TestMilter(folder, "one", hanging);
                Listener listener = house.listen(Kind.MX)) {
            house.control("milters", "unix:" + folder.resolve("one") + " timeout=1 name=one away=" + away);
            try (Talk talk = talk(listener)) {
                message(talk, reply);
                message(talk, reply);
            }
            end.countDown();
        }
        assertEquals(1, logged("milter: warning: one: "));
    }

    @Test
    void putsMailOffThatAMilterHangsOver() throws IOException {
        hangs("tempfail", AWAY);
        assertEquals(0, house.accepted.size());
    }

    @Test
    void takesMailUnchangedThatAMilterHangsOverWhenItMayBeAway() throws IOException {
        hangs("accept", OK);
        assertEquals(2, house.accepted.size());
    }

    @Test
    void saysWhichIsAwayUntilItIsThereAgain() throws IOException {
        Path socket = folder.resolve("one");
        house.control("milters", "unix:" + socket + " name=one");
        Smtpd.Parts parts = house.parts();
        try (Filters filters = parts.filters()) {
            assertEquals(Optional.empty(), filters.problem());
            try (var session = filters.session(Budget.ENDLESS).orElseThrow().session()) {
                session.mail("ann@example.test", "");
            }
            assertTrue(
                    filters.problem().orElse("").startsWith("one: "),
                    filters.problem().toString());
            try (TestMilter _ = new TestMilter(folder, "one", _ -> MilterAnswer.CONTINUE)) {
                await().until(() -> filters.problem().isEmpty());
            }
            assertEquals(1, logged("milter: status: one: is there again"));
            house.control("milters", "inet:1@");
            await().until(() -> filters.problem().orElse("").startsWith("control/milters: inet:1@: "));
        }
    }

    @Test
    void waitsForNobodyWhoSaysWhichIsAway() throws IOException {
        Path socket = folder.resolve("deaf");
        house.control("milters", "unix:" + socket + " name=deaf timeout=1");
        try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Filters filters = house.parts().filters()) {
            deaf.bind(UnixDomainSocketAddress.of(socket));
            try (var session = filters.session(Budget.ENDLESS).orElseThrow().session()) {
                session.mail("ann@example.test", "");
            }
            assertTrue(
                    filters.problem().orElse("").contains("deaf: it does not answer"),
                    filters.problem().toString());
        }
    }

    @Test
    void countsWhatASessionHoldsForMilters() throws IOException {
        house.control("milters", "unix:" + folder.resolve("one") + "\nunix:" + folder.resolve("two"));
        try (Filters filters = house.parts().filters()) {
            Budget budget = new Budget(10 * Filters.MILTER_BYTES);
            try (Budget.Share share = budget.share("192.0.2.1")) {
                assertEquals(
                        2 * Filters.MILTER_BYTES,
                        filters.session(share).orElseThrow().bytes());
                assertEquals(2 * Filters.MILTER_BYTES, share.held());
            }
            try (Budget.Share share = new Budget(Filters.MILTER_BYTES).share("192.0.2.1")) {
                IOException e = assertThrows(IOException.class, () -> filters.session(share));
                assertTrue(e.getMessage().startsWith("control/milters: no memory"), e.getMessage());
            }
        }
    }
}
