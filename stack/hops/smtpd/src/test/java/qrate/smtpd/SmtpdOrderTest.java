package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.smtp.Command;
import qrate.smtp.MailParameters;
import qrate.smtp.MailPath;
import qrate.smtp.RcptParameters;
import qrate.testkit.Seeds;

class SmtpdOrderTest {
    private static final Command.Mail MAIL = new Command.Mail(MailPath.EMPTY, MailParameters.NONE);
    private static final Command.Rcpt RCPT =
            new Command.Rcpt(new MailPath("ann", "example.test", false), RcptParameters.NONE);
    private static final SmtpOrder.Terms OPEN = new SmtpOrder.Terms(false, true, false);

    private static final List<Command> COMMANDS = List.of(
            new Command.Ehlo("a"),
            new Command.Helo("b"),
            MAIL,
            RCPT,
            new Command.Data(),
            new Command.Bdat(3, false),
            new Command.Bdat(0, true),
            new Command.Rset(),
            new Command.Noop(),
            new Command.Vrfy(),
            new Command.Help(),
            new Command.StartTls(),
            new Command.Auth("PLAIN", ""),
            new Command.Wrong("500 5.5.2 no"));

    @Test
    void refusesRcptBeforeMail() {
        SessionState greeted = new SessionState.Greeted(new SessionState.Client("a", true, ""));
        assertEquals(new Step.Say(greeted, "503 5.5.1 MAIL first"), SmtpOrder.next(greeted, RCPT, OPEN));
    }

    @Test
    void refusesMailBeforeEhlo() {
        SessionState fresh = new SessionState.Fresh(SessionState.Client.STRANGER);
        assertEquals(new Step.Say(fresh, "503 5.5.1 EHLO first"), SmtpOrder.next(fresh, MAIL, OPEN));
    }

    @Test
    void asksForTlsAndThenForALoginWhereOnlyUsersMaySend() {
        SessionState greeted = new SessionState.Greeted(new SessionState.Client("a", true, ""));
        SessionState refused =
                new SessionState.Greeted(new SessionState.Client("a", true, ""), SmtpOrder.FOLLOWERS_MAX);
        assertEquals(
                new Step.Say(refused, "530 5.7.0 STARTTLS first"),
                SmtpOrder.next(greeted, MAIL, new SmtpOrder.Terms(false, true, true)));
        assertEquals(
                new Step.Say(refused, "530 5.7.0 AUTH first"),
                SmtpOrder.next(greeted, MAIL, new SmtpOrder.Terms(true, false, true)));
        SessionState known = new SessionState.Greeted(new SessionState.Client("a", true, "ann@example.test"));
        assertInstanceOf(Step.JudgeSender.class, SmtpOrder.next(known, MAIL, new SmtpOrder.Terms(true, false, true)));
        assertEquals(
                new Step.Say(greeted, "538 5.7.11 STARTTLS first"),
                SmtpOrder.next(greeted, new Command.Auth("PLAIN", ""), OPEN));
    }

    /// RFC 2920 §3.1: what a client sends before it can know of a refusal is no error of its own.
    @Test
    void countsNothingThatFollowsFromARefusal() {
        SessionState.Client client = new SessionState.Client("a", true, "");
        SessionState refused = new SessionState.Greeted(client, SmtpOrder.FOLLOWERS_MAX);
        for (int i = 0; i < Policy.RECIPIENTS_MAX; i++) {
            refused = assertInstanceOf(Step.Follow.class, SmtpOrder.next(refused, RCPT, OPEN))
                    .next();
        }
        refused = assertInstanceOf(Step.Follow.class, SmtpOrder.next(refused, new Command.Data(), OPEN))
                .next();
        assertInstanceOf(Step.Say.class, SmtpOrder.next(refused, new Command.Data(), OPEN));

        SessionState none = new SessionState.Opened(client, MAIL, SmtpOrder.FOLLOWERS_MAX);
        SessionState over = assertInstanceOf(Step.Follow.class, SmtpOrder.next(none, new Command.Data(), OPEN))
                .next();
        assertEquals(new SessionState.Greeted(client), over);
        Step.SkipChunk chunk =
                assertInstanceOf(Step.SkipChunk.class, SmtpOrder.next(none, new Command.Bdat(3, true), OPEN));
        assertInstanceOf(Step.Follow.class, chunk.answer());
    }

    @Test
    void countsWhatGoesOnForEver() {
        SessionState.Client client = new SessionState.Client("a", true, "");
        SessionState state = new SessionState.Opened(client, MAIL, SmtpOrder.FOLLOWERS_MAX);
        int followed = 0;
        for (int i = 0; i < 2 * SmtpOrder.FOLLOWERS_MAX; i++) {
            Step.SkipChunk chunk = (Step.SkipChunk) SmtpOrder.next(state, new Command.Bdat(0, false), OPEN);
            if (chunk.answer() instanceof Step.Follow(SessionState next, String _)) {
                state = next;
                followed++;
            }
        }
        assertEquals(SmtpOrder.FOLLOWERS_MAX, followed);
    }

    /// What has truly happened, kept apart from the states.
    private static final class Truth {
        boolean mail;
        int recipients;
        boolean chunks;

        void forget() {
            mail = false;
            recipients = 0;
            chunks = false;
        }
    }

    @Test
    void neverTakesAMessageWithoutMailAndRcptHoweverCommandsAreMixed() {
        Seeds.forAll(3000, random -> {
            Truth truth = new Truth();
            SessionState state = new SessionState.Fresh(SessionState.Client.STRANGER);
            for (int i = 0; i < 60; i++) {
                boolean secured = random.nextBoolean();
                boolean loginRequired = random.nextInt(4) == 0;
                SmtpOrder.Terms terms = new SmtpOrder.Terms(secured, !secured, loginRequired);
                Command command = COMMANDS.get(random.nextInt(COMMANDS.size()));
                boolean known = state.client().isKnown();
                Step step = SmtpOrder.next(state, command, terms);
                state = obey(state, step, truth, random.nextBoolean());
                if (step instanceof Step.JudgeSender) {
                    assertTrue(!loginRequired || known);
                }
                if (command instanceof Command.Rset) {
                    truth.forget();
                }
                check(state, truth);
            }
        });
    }

    /// Does what the session would, with the answer of whoever is asked given.
    private static SessionState obey(SessionState state, Step step, Truth truth, boolean yes) {
        return switch (step) {
            case Step.Say(SessionState next, String _) -> next;
            case Step.Follow(SessionState next, String _) -> {
                truth.mail &= next instanceof SessionState.Opened; // DATA without recipients ends the transaction
                yield next;
            }
            case Step.Close _ -> throw new AssertionError("none of these commands closes");
            case Step.Greet(SessionState.Client client) -> {
                truth.forget();
                yield new SessionState.Greeted(client);
            }
            case Step.JudgeSender(SessionState.Client client, Command.Mail mail) -> {
                assertTrue(!truth.mail);
                truth.mail = yes;
                yield yes
                        ? new SessionState.Opened(client, mail)
                        : new SessionState.Greeted(client, SmtpOrder.FOLLOWERS_MAX);
            }
            case Step.JudgeRecipient(SessionState.Transaction now, Command.Rcpt _) -> {
                assertTrue(truth.mail && !truth.chunks);
                truth.recipients += yes ? 1 : 0;
                List<Recipient> all = new ArrayList<>(now.recipients());
                all.add(Recipient.of("ann@example.test"));
                yield yes ? new SessionState.Filled(now.client(), now.mail(), all) : state;
            }
            case Step.TakeData(SessionState.Filled filled) -> {
                assertTrue(truth.mail && truth.recipients > 0 && !truth.chunks);
                truth.forget();
                yield new SessionState.Greeted(filled.client());
            }
            case Step.TakeFirstChunk(SessionState.Filled filled, Command.Bdat chunk) ->
                chunk(
                        new SessionState.Chunking(
                                filled,
                                new Incoming(
                                        new Spool(Path.of("none")).hold(Budget.ENDLESS),
                                        0,
                                        new Incoming.Manner(false, false),
                                        Log.silent(),
                                        new Incoming.Time(java.time.InstantSource.system(), java.time.Instant.MAX))),
                        chunk,
                        truth);
            case Step.TakeChunk(SessionState.Chunking chunking, Command.Bdat chunk) -> {
                assertTrue(truth.chunks);
                yield chunk(chunking, chunk, truth);
            }
            case Step.SkipChunk(long bytes, Step answer) -> {
                assertTrue(bytes >= 0 && truth.recipients == 0);
                yield obey(state, answer, truth, yes);
            }
            case Step.Secure _ -> {
                assertTrue(!truth.mail);
                yield new SessionState.Fresh(SessionState.Client.STRANGER);
            }
            case Step.Authenticate(SessionState.Client client, Command.Auth _) -> {
                assertTrue(!truth.mail && !client.isKnown());
                yield yes
                        ? new SessionState.Greeted(
                                new SessionState.Client(client.hello(), client.extended(), "ann@example.test"))
                        : state;
            }
        };
    }

    private static SessionState chunk(SessionState.Chunking chunking, Command.Bdat chunk, Truth truth) {
        assertTrue(truth.mail && truth.recipients > 0);
        truth.chunks = true;
        if (chunk.last()) {
            truth.forget();
            return new SessionState.Greeted(chunking.client());
        }
        return chunking;
    }

    private static void check(SessionState state, Truth truth) {
        boolean same = switch (state) {
            case SessionState.Fresh _, SessionState.Greeted _ -> !truth.mail && truth.recipients == 0;
            case SessionState.Opened _ -> truth.mail && truth.recipients == 0;
            case SessionState.Filled f ->
                truth.mail && truth.recipients == f.recipients().size() && !truth.chunks;
            case SessionState.Chunking _ -> truth.chunks;
        };
        assertTrue(same, state.getClass() + " is not what has happened");
    }
}
