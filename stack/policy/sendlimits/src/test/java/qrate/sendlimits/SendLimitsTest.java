package qrate.sendlimits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Body;
import qrate.core.Client;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Verdict;
import qrate.qcontrol.QueueControl.Freedom;
import qrate.qcontrol.QueueControl.Sender;
import qrate.testkit.Seeds;

class SendLimitsTest {
    private static final Verdict OK = new Verdict.Delivered("ok 1 qp 1");
    private static final Verdict FULL = new Verdict.Later("disk full (#4.3.1)");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final InstantSource clock = () -> now;
    private final List<Envelope> taken = new ArrayList<>();
    private final List<Envelope> notices = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private Verdict answer = OK;
    private SendLimits limits;

    private Verdict queue(Envelope envelope, Body body) {
        if (!answer.equals(OK)) {
            return answer;
        }
        if (!envelope.sender().isEmpty()) {
            taken.add(envelope);
            return OK;
        }
        notices.add(envelope);
        try (InputStream in = body.open()) {
            texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return OK;
    }

    @BeforeEach
    void start() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.createDirectories(folder.resolve("queue"));
        Files.writeString(folder.resolve("control/me"), "mx.here.test\n");
        say("* messages 3 recipients 10 bounces 4 networks 5");
        restart();
    }

    private void say(String... lines) throws IOException {
        Files.writeString(folder.resolve("control/sendlimits"), String.join("\n", lines) + "\n");
        now = now.plusSeconds(5);
    }

    private void restart() {
        Intake queue = this::queue;
        SendLimits.Parts parts = new SendLimits.Parts(
                new Control(folder.resolve("control"), clock),
                clock,
                new Log(new PrintStream(log, true, StandardCharsets.UTF_8), Log.Stamp.NONE, clock));
        limits = SendLimits.open(queue, parts, folder.resolve("queue"));
    }

    private static Client client(String login, String ip) {
        return new Client(ip, "", "pc", "ESMTPSA", login, "TLSv1.3", "submission").firstHand();
    }

    private static Envelope mail(Client client, int recipients) {
        List<Recipient> to = IntStream.range(0, recipients)
                .mapToObj(i -> Recipient.of("r" + i + "@far.test"))
                .toList();
        return new Envelope("x@here.test", "", client, to);
    }

    /// @return whether it passed, and was not held
    private boolean send(String login, String ip, int recipients) {
        assertEquals(OK, limits.accept(mail(client(login, ip), recipients), Body.of(new byte[2048])));
        return !taken.getLast().held();
    }

    private boolean send(String login) {
        return send(login, "192.0.2.7", 1);
    }

    private Sender sender(String login) {
        return limits.senders().stream()
                .filter(one -> one.login().equals(login))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void holdsWhatIsBeyondTheLimitAndLetsItPassWhenTheHourHasRoom() {
        for (int i = 0; i < 3; i++) {
            assertTrue(send("ann@here.test"));
        }
        assertFalse(send("Ann@here.test"), "case is no other user");
        assertEquals("more than 3 messages in an hour", taken.getLast().heldFor());
        assertTrue(send("bob@here.test"));
        assertEquals(Freedom.LIMITED, sender("ann@here.test").freedom());
        now = now.plus(Duration.ofMinutes(66));
        assertTrue(send("ann@here.test"));
    }

    @Test
    void countsRecipientsAndHoldsAMessageThatHasTooManyByItself() {
        assertFalse(send("ann@here.test", "192.0.2.7", 11));
        assertEquals("more than 10 recipients in an hour", taken.getLast().heldFor());
        assertTrue(send("ann@here.test", "192.0.2.7", 10), "what is held does not count");
        assertFalse(send("ann@here.test"));
    }

    @Test
    void neverLetsMorePassInAnyHourThanTheLimit() {
        Seeds.forAll(40, random -> {
            int messages = 1 + random.nextInt(20);
            int recipients = 1 + random.nextInt(60);
            try {
                say("* messages " + messages + " recipients " + recipients + " networks 0");
                restart();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            List<Instant> times = new ArrayList<>();
            List<Integer> counts = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                now = now.plusMillis(random.nextInt(random.nextInt(10) == 0 ? 2_000_000 : 120_000));
                answer = random.nextInt(10) == 0 ? FULL : OK;
                int to = 1 + random.nextInt(8);
                int before = taken.size();
                limits.accept(mail(client("ann@here.test", "192.0.2.7"), to), Body.of(new byte[10]));
                if (taken.size() > before && !taken.getLast().held()) {
                    times.add(now);
                    counts.add(to);
                    Instant from = now.minus(Duration.ofHours(1));
                    List<Integer> within = IntStream.range(0, times.size())
                            .filter(one -> times.get(one).isAfter(from))
                            .mapToObj(counts::get)
                            .toList();
                    assertTrue(within.size() <= messages, within.size() + " > " + messages);
                    int sum = within.stream().mapToInt(Integer::intValue).sum();
                    assertTrue(sum <= recipients, sum + " > " + recipients);
                }
            }
            answer = OK;
        });
    }

    @Test
    void doesNotCountWhatTheQueueDidNotTake() {
        answer = FULL;
        for (int i = 0; i < 10; i++) {
            assertEquals(FULL, limits.accept(mail(client("ann@here.test", "192.0.2.7"), 5), Body.of(new byte[1])));
        }
        answer = OK;
        assertTrue(send("ann@here.test", "192.0.2.7", 10));
    }

    @Test
    void limitsAllUsersOfADomainTogether() throws IOException {
        say("* messages 100", "@here.test messages 4");
        for (int i = 0; i < 4; i++) {
            assertTrue(send("u" + i + "@here.test"));
        }
        assertFalse(send("v@here.test"));
        assertEquals(
                "here.test: more than 4 messages in an hour", taken.getLast().heldFor());
        assertTrue(send("v@there.test"));
    }

    @Test
    void doesNotCountWhatIsSentOnNorProgramsNorStrangersNorBounces() {
        Client user = client("ann@here.test", "192.0.2.7");
        for (int i = 0; i < 20; i++) {
            for (Client other : List.of(
                    user.sentOn(),
                    Client.uid(1000).firstHand().sentOn(),
                    new Client("192.0.2.8", "", "far.test", "ESMTP", "", "", "smtp"),
                    Client.UNKNOWN)) {
                assertEquals(OK, limits.accept(mail(other, 9), Body.of(new byte[1])));
                assertFalse(taken.getLast().held());
            }
            limits.failed(user.sentOn(), 9);
        }
        assertEquals(List.of(), limits.senders());
    }

    @Test
    void tellsThePostmastersOnceAnHour() {
        for (int i = 0; i < 8; i++) {
            send("ann@here.test");
        }
        assertEquals(1, notices.size());
        assertEquals(
                List.of(Recipient.of("postmaster@here.test"), Recipient.of("postmaster@mx.here.test")),
                notices.getFirst().recipients());
        String text = texts.getFirst();
        assertTrue(text.startsWith("From: MAILER-DAEMON@mx.here.test\n"), text);
        assertTrue(text.contains("Subject: ann@here.test: mail is held\n"), text);
        assertTrue(text.contains("\n\nann@here.test: more than 3 messages in an hour.\n"), text);
        assertTrue(text.contains("\nAuto-Submitted: auto-generated\n"), text);
        now = now.plus(Duration.ofHours(1));
        for (int i = 0; i < 8; i++) {
            send("ann@here.test");
        }
        assertEquals(2, notices.size());
    }

    @Test
    void keepsANoticeThatTheQueueDoesNotTakeForTheNextTime() {
        for (int i = 0; i < 3; i++) {
            send("ann@here.test");
        }
        answer = FULL;
        assertEquals(FULL, limits.accept(mail(client("ann@here.test", "192.0.2.7"), 1), Body.of(new byte[1])));
        assertEquals(0, notices.size());
        answer = OK;
        send("bob@here.test");
        assertEquals(1, notices.size());
    }

    @Test
    void stopsAnAccountOfWhichTooManyRecipientsFail() {
        Client ann = client("ann@here.test", "192.0.2.7");
        send("ann@here.test");
        limits.failed(ann, 4);
        assertTrue(send("ann@here.test"));
        limits.failed(ann, 1);
        assertEquals(1, limits.stopped());
        assertEquals(Freedom.STOPPED, sender("ann@here.test").freedom());
        assertTrue(texts.getLast().contains("Subject: ann@here.test: stopped for sending\n"), texts.getLast());
        now = now.plus(Duration.ofDays(3));
        assertFalse(send("ann@here.test"), "until somebody lets it");
        assertEquals(
                "more than 4 recipients that failed in an hour", taken.getLast().heldFor());
        assertEquals(1, notices.size());
    }

    @Test
    void stopsAnAccountThatIsUsedFromManyNetworksAtOnce() throws IOException {
        say("* networks 5");
        for (int i = 0; i < 5; i++) {
            assertTrue(send("ann@here.test", "198.51." + i + ".7", 1));
            assertTrue(send("ann@here.test", "198.51." + i + ".200", 1), "the same network");
        }
        assertFalse(send("ann@here.test", "2001:db8::1", 1));
        assertEquals(
                "more than 5 networks that it sent from in an hour",
                taken.getLast().heldFor());
        for (int i = 0; i < 30; i++) {
            assertTrue(send("bob@here.test", "198.51." + i + ".7", 1));
            now = now.plus(Duration.ofMinutes(14));
        }
        assertTrue(send("bob@here.test", "no address", 1));
    }

    @Test
    void aStopStaysOverARestartAndCountsBeginAnew() throws IOException {
        limits.failed(client("ann@here.test", "192.0.2.7"), 5);
        send("bob@here.test", "192.0.2.7", 10);
        assertFalse(send("bob@here.test"));
        restart();
        assertFalse(send("ann@here.test"));
        assertTrue(send("bob@here.test"));
        assertEquals(
                "more than 4 recipients that failed in an hour",
                sender("ann@here.test").why());
    }

    @Test
    void letsAUserSendAgainWithCountsThatBeginAnew() throws IOException {
        limits.failed(client("ann@here.test", "192.0.2.7"), 5);
        assertFalse(send("ann@here.test"));
        assertTrue(limits.letSend("ANN@here.test"));
        assertTrue(send("ann@here.test"));
        assertFalse(limits.letSend("nobody@here.test"));
        restart();
        assertEquals(0, limits.stopped());
        assertTrue(log.toString(StandardCharsets.UTF_8).contains("sendlimits: ann@here.test may send again"));
    }

    @Test
    void takesNoMoreFromAnAccountThatWouldFillTheQueue() throws IOException {
        limits.failed(client("ann@here.test", "192.0.2.7"), 5);
        for (int i = 0; i < SendLimits.HELD_MESSAGES_MAX; i++) {
            assertFalse(send("ann@here.test"));
        }
        Envelope more = mail(client("ann@here.test", "192.0.2.7"), 1);
        Verdict no = limits.accept(more, Body.of(new byte[1]));
        assertInstanceOf(Verdict.Later.class, no);
        assertTrue(no.text().endsWith("(#4.7.1)"), no.text());
        assertEquals(Freedom.REFUSED, sender("ann@here.test").freedom());
        assertEquals(2, notices.size(), "stopped, and refused");
        restart();
        assertInstanceOf(Verdict.Later.class, limits.accept(more, Body.of(new byte[1])));
        limits.letSend("ann@here.test");
        assertTrue(send("ann@here.test"));
    }

    @Test
    void takesNoMoreWhenWhatIsHeldIsLarge() {
        byte[] large = new byte[30 << 20];
        Envelope many = mail(client("ann@here.test", "192.0.2.7"), 11);
        for (int i = 0; i < 4; i++) {
            assertEquals(OK, limits.accept(many, Body.of(large)));
        }
        assertInstanceOf(Verdict.Later.class, limits.accept(many, Body.of(large)));
    }

    @Test
    void aFileThatMakesNoSenseChangesNothingAndIsSaidOnce() throws IOException {
        assertTrue(send("ann@here.test"));
        say("* messages many");
        assertTrue(send("ann@here.test"));
        assertTrue(send("ann@here.test"));
        assertFalse(send("ann@here.test"));
        String said = log.toString(StandardCharsets.UTF_8);
        assertEquals(1, said.split("alert: control/sendlimits", -1).length - 1, said);
        say("* off");
        assertTrue(send("ann@here.test"));
    }

    @Test
    void holdsAStopInMemoryWhileItCannotBeWrittenAndWritesItLater() throws IOException {
        Path queue = folder.resolve("queue");
        Files.delete(queue);
        limits.failed(client("ann@here.test", "192.0.2.7"), 5);
        assertFalse(send("ann@here.test"));
        assertThrows(IOException.class, () -> limits.letSend("ann@here.test"));
        assertFalse(send("ann@here.test"), "it stays stopped when that cannot be undone durably");
        Files.createDirectories(queue);
        send("bob@here.test");
        restart();
        assertEquals(1, limits.stopped());
    }

    @Test
    void passesOverDamagedLinesOfThoseWhoAreStopped() throws IOException {
        Files.writeString(
                folder.resolve("queue/stopped"),
                "nonsense\nann@here.test\t1767225600000\theld\tmany\tbounces\n\t1\theld\tx\nbob@here.test\tx\theld\ty\n");
        restart();
        assertEquals(1, limits.stopped());
        assertEquals("many\tbounces", sender("ann@here.test").why());
        assertTrue(log.toString(StandardCharsets.UTF_8).contains("who are stopped: nonsense\n"));
    }

    @Test
    void takesMailAlsoWhenItCannotReadWhoIsStopped() throws IOException {
        Files.createDirectories(folder.resolve("queue/stopped"));
        restart();
        assertTrue(send("ann@here.test"));
        assertTrue(log.toString(StandardCharsets.UTF_8).contains("alert: sendlimits: unable to read who is stopped"));
    }

    @Test
    void namesThoseWhoComeToHalfOfALimitAndTheStoppedFirst() {
        send("far@here.test");
        send("near@here.test");
        send("near@here.test");
        limits.failed(client("zoe@here.test", "192.0.2.7"), 5);
        assertEquals(
                List.of("zoe@here.test", "near@here.test"),
                limits.senders().stream().map(Sender::login).toList());
    }

    @Test
    void forgetsWhoSentNothingForLongest() {
        SendLimits off = SendLimits.off(this::queue);
        for (int i = 0; i < SendLimits.USERS_MAX + 10; i++) {
            send("u" + i + "@here.test", "192.0.2.7", 6);
        }
        assertEquals(1000, limits.senders().size());
        assertTrue(limits.senders().stream().noneMatch(one -> one.login().equals("u0@here.test")));
        assertEquals(OK, off.accept(mail(client("ann@here.test", "192.0.2.7"), 5000), Body.of(new byte[1])));
        assertFalse(taken.getLast().held());
    }

    @Test
    void whatAFilterHeldStaysItsOwn() {
        Envelope held = mail(client("ann@here.test", "192.0.2.7"), 50).toHold("a filter: virus");
        assertEquals(OK, limits.accept(held, Body.of(new byte[1])));
        assertEquals("a filter: virus", taken.getLast().heldFor());
        assertEquals(List.of(), limits.senders());
    }
}
