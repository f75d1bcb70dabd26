package qrate.smtpd;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Connection;
import qrate.core.ControlFile;
import qrate.core.Recipient;
import qrate.smtp.Command;
import qrate.smtp.CommandParser;

/// One SMTP session: asks {@link SmtpOrder} what a command means, does it, answers.
final class Session {
    /// Most commands answered with 5xx.
    static final int WRONG_COMMANDS_MAX = 20;

    /// Most senders and recipients refused; more is someone guessing names.
    static final int REFUSED_ADDRESSES_MAX = 100;

    /// Most wrong passwords.
    static final int WRONG_PASSWORDS_MAX = 3;

    private static final String CLOSING = "421";
    private static final String TOO_BIG = "552 5.3.4 message too big";
    private static final String TOO_MANY = "421 4.7.0 too many errors, good bye";

    private final Smtpd.Parts parts;
    private final Kind kind;
    private final Connection connection;
    private final Policy policy;
    private final Handover handover;
    private final Filtering filtering;
    private final Map<String, String> environment;
    private final String remote;
    private Duration patience = Connection.STRANGER_MAX;

    /// Longest time from DATA or the first BDAT to the end of the message; a client that drips would otherwise keep its
    /// connection for ever.
    private Duration messageMax = Connection.STRANGER_MAX;

    private ClientStream wire;
    private SessionState state = new SessionState.Fresh(SessionState.Client.STRANGER);
    private String me = "";
    private long bytesMax;
    private long held;
    private int wrongCommands;
    private int refusedAddresses;
    private int wrongPasswords;

    Session(Smtpd.Parts parts, Kind kind, Connection connection) {
        this.parts = parts;
        this.kind = kind;
        this.connection = connection;
        this.environment = connection.environment();
        this.remote = environment.getOrDefault("TCPREMOTEIP", "unknown");
        this.policy = new Policy(parts.control(), parts.addresses(), environment);
        this.handover = new Handover(parts, kind, connection, policy);
        this.filtering = new Filtering(parts, kind, connection, policy);
        this.wire = newWire();
    }

    private ClientStream newWire() {
        return new ClientStream(connection.in(), connection.out(), patience, parts.clock());
    }

    void run() throws IOException {
        try {
            if (open()) {
                for (boolean goesOn = true; goesOn; ) {
                    goesOn = command();
                }
            }
        } catch (SocketTimeoutException _) {
            wire.reply("421 4.4.2 timeout");
        } finally {
            filtering.close();
            drop();
        }
        wire.flush();
    }

    private boolean open() throws IOException {
        String greeting;
        try {
            greeting = parts.control().lineOrMe("smtpgreeting");
            me = parts.control().lineOrMe("me");
            bytesMax = policy.bytesMax();
            patience = parts.control().seconds(ControlFile.TIMEOUTSMTPD);
            messageMax = parts.control().seconds(ControlFile.TIMEOUTDATA);
        } catch (IOException e) {
            log("unable to read controls: " + e.getMessage());
            wire.reply("421 4.3.0 unable to read controls");
            return false;
        }
        wire.patience(patience);
        connection.readTimeout(patience);
        wire.reply("220 " + Replies.oneLine(greeting) + " ESMTP");
        return true;
    }

    private void log(String what) {
        parts.log().line("qmail-smtpd: " + what);
    }

    /// Reads and does one command.
    ///
    /// @return whether the session goes on
    private boolean command() throws IOException {
        if (connection.stopping() && !(state instanceof SessionState.Chunking)) {
            return close("421 4.3.2 going down");
        }
        return switch (wire.line()) {
            case ClientStream.Line.End _ -> {
                if (connection.stopping()) {
                    wire.reply("421 4.3.2 going down");
                }
                yield false;
            }
            case ClientStream.Line.Broken(String reply) -> {
                log("broken remote=" + remote + " " + reply);
                yield close(reply);
            }
            case ClientStream.Line.Text(int from, int end) -> attempt(CommandParser.parse(wire.buffer(), from, end));
        };
    }

    private boolean attempt(Command command) throws IOException {
        try {
            return perform(SmtpOrder.next(state, command, terms()));
        } catch (RuntimeException | InternalError e) {
            log("bug remote=" + remote + " " + e + " at " + e.getStackTrace()[0]);
            return close("421 4.3.0 sorry, something is wrong here"); // where it stands now nobody knows
        }
    }

    private SmtpOrder.Terms terms() {
        return new SmtpOrder.Terms(connection.secured(), connection.canStartTls(), kind.loginRequired());
    }

    private boolean perform(Step step) throws IOException {
        return switch (step) {
            case Step.Say(SessionState next, String reply) -> say(next, reply);
            case Step.Follow(SessionState next, String reply) -> answer(next, reply);
            case Step.Close(String reply) -> close(reply);
            case Step.Greet(SessionState.Client client) -> greet(client);
            case Step.JudgeSender judge -> judge(judge);
            case Step.JudgeRecipient judge -> judge(judge);
            case Step.TakeData(SessionState.Filled filled) -> data(filled);
            case Step.TakeFirstChunk(SessionState.Filled filled, Command.Bdat chunk) -> firstChunk(filled, chunk);
            case Step.TakeChunk(SessionState.Chunking chunking, Command.Bdat chunk) -> chunk(chunking, chunk);
            case Step.SkipChunk(long bytes, Step answer) -> wire.skip(bytes) ? perform(answer) : close(TOO_BIG);
            case Step.Secure _ -> secure();
            case Step.Authenticate(SessionState.Client client, Command.Auth auth) -> authenticate(client, auth);
        };
    }

    /// Enters a state; what a state that is left behind holds is let go.
    private void enter(SessionState next) throws IOException {
        if (held > 0 && (next instanceof SessionState.Fresh || next instanceof SessionState.Greeted)) {
            connection.memory().give(held);
            held = 0;
        }
        if (next instanceof SessionState.Fresh || next instanceof SessionState.Greeted) {
            filtering.abort();
        }
        if (state instanceof SessionState.Chunking old
                && !(next instanceof SessionState.Chunking same && same.incoming() == old.incoming())) {
            old.incoming().close();
        }
        state = next;
    }

    /// Whether one more recipient may be held for this client, here and once more on the way to the queue. It counts
    /// until the transaction ends, also where a milter refuses it.
    private boolean room(Recipient recipient) {
        long cost = 2 * (Budget.cost(recipient.address()) + Budget.cost(recipient.parameters()));
        boolean taken = connection.memory().take(cost);
        held += taken ? cost : 0;
        return taken;
    }

    private void drop() throws IOException {
        enter(new SessionState.Greeted(state.client()));
    }

    private boolean say(SessionState next, String reply) throws IOException {
        enter(next);
        if (reply.charAt(0) == '5' && ++wrongCommands > WRONG_COMMANDS_MAX) {
            log("too many errors remote=" + remote);
            return close(TOO_MANY);
        }
        wire.reply(reply);
        return true;
    }

    /// Enters a state and answers; no error of the client's.
    private boolean answer(SessionState next, String reply) throws IOException {
        enter(next);
        wire.reply(reply);
        return true;
    }

    /// Answers that an address is refused.
    private boolean refuse(SessionState next, String reply) throws IOException {
        if (reply.startsWith(CLOSING)) { // of a milter
            return close(reply);
        }
        return (reply.charAt(0) == '5' && ++refusedAddresses > REFUSED_ADDRESSES_MAX)
                ? close(TOO_MANY)
                : answer(next, reply);
    }

    private boolean close(String reply) throws IOException {
        if (!reply.isEmpty()) {
            wire.reply(reply);
        }
        return false;
    }

    private boolean greet(SessionState.Client client) throws IOException {
        enter(new SessionState.Greeted(client));
        List<String> lines = client.extended() ? Replies.hello(me, bytesMax, connection) : List.of(me);
        for (int i = 0; i < lines.size(); i++) {
            wire.reply((i + 1 < lines.size() ? "250-" : "250 ") + lines.get(i));
        }
        return true;
    }

    /// Where a session stands behind a transaction that was refused while more of it may be on the way.
    private static SessionState behind(SessionState.Client client) {
        return new SessionState.Greeted(client, SmtpOrder.FOLLOWERS_MAX);
    }

    private boolean judge(Step.JudgeSender judge) throws IOException {
        Optional<String> refusal;
        try {
            refusal = policy.sender(judge.client(), judge.mail(), bytesMax);
            if (refusal.isEmpty()) {
                refusal = filtering.sender(judge.client(), judge.mail(), me);
            }
        } catch (IOException e) {
            return later(behind(judge.client()), "sender", e);
        }
        if (refusal.isPresent()) {
            log("refused from=<" + Replies.field(judge.mail().from().address()) + "> remote=" + remote + " "
                    + Replies.logged(refusal.get()));
            return refuse(behind(judge.client()), refusal.get());
        }
        return say(new SessionState.Opened(judge.client(), judge.mail()), "250 2.1.0 ok");
    }

    private boolean judge(Step.JudgeRecipient judge) throws IOException {
        SessionState.Transaction now = judge.state();
        Policy.Judgement judgement;
        try {
            judgement = policy.recipient(now, judge.rcpt());
        } catch (IOException e) {
            return later(SmtpOrder.refused(now), "recipient", e);
        }
        return switch (judgement) {
            case Policy.Judgement.Taken(Recipient recipient)
            when !room(recipient) -> refuse(now, "452 4.3.1 sorry, that is more than I can hold for one client now");
            case Policy.Judgement.Taken(Recipient recipient) -> {
                Optional<String> refusal = filtering.recipient(recipient);
                if (refusal.isPresent()) {
                    yield refuse(judge, refusal.get());
                }
                connection.step(Connection.Worth.WORK);
                List<Recipient> all = new ArrayList<>(now.recipients());
                all.add(recipient);
                yield say(new SessionState.Filled(now.client(), now.mail(), all), "250 2.1.5 ok");
            }
            case Policy.Judgement.Refused(String reply) -> refuse(judge, reply);
        };
    }

    private boolean refuse(Step.JudgeRecipient judge, String reply) throws IOException {
        parts.refused(judge.rcpt().to().address(), reply);
        log("refused from=<" + Replies.field(judge.state().mail().from().address()) + "> rcpt=<"
                + Replies.field(judge.rcpt().to().address()) + "> remote=" + remote + " " + Replies.logged(reply));
        return refuse(SmtpOrder.refused(judge.state()), reply);
    }

    private boolean later(SessionState next, String what, IOException e) throws IOException {
        log("unable to check " + what + ": " + e.getMessage());
        return answer(next, Replies.LATER);
    }

    private Incoming incoming(SessionState.Filled filled, boolean data) {
        Incoming.Time time =
                new Incoming.Time(parts.clock(), parts.clock().instant().plus(messageMax));
        Incoming.Manner manner = new Incoming.Manner(data, filled.client().isKnown());
        return new Incoming(parts.spool().hold(connection.memory()), bytesMax, manner, parts.log(), time);
    }

    private boolean data(SessionState.Filled filled) throws IOException {
        Optional<String> refusal = filtering.data();
        if (refusal.isPresent()) {
            return refuse(behind(filled.client()), refusal.get());
        }
        wire.reply("354 go ahead");
        connection.step(Connection.Worth.MESSAGE);
        try (Incoming message = incoming(filled, true)) {
            while (!message.ended()) {
                if (!wire.isPending() && !wire.fill()) {
                    return false; // no lone dot, no message
                }
                wire.readUpTo(message.feed(wire.buffer(), wire.at(), wire.limit()));
                if (message.fatal().isPresent()) {
                    return cutOff(message.fatal().get());
                }
            }
            return deliver(filled, message);
        }
    }

    private boolean cutOff(String reply) throws IOException {
        log("cut off remote=" + remote + " " + reply);
        return close(reply);
    }

    private boolean firstChunk(SessionState.Filled filled, Command.Bdat chunk) throws IOException {
        Optional<String> refusal = filtering.data();
        if (refusal.isEmpty()) {
            return chunk(new SessionState.Chunking(filled, incoming(filled, false)), chunk);
        }
        return wire.skip(chunk.bytes()) ? refuse(behind(filled.client()), refusal.get()) : close(TOO_BIG);
    }

    private boolean chunk(SessionState.Chunking chunking, Command.Bdat chunk) throws IOException {
        enter(chunking);
        connection.step(Connection.Worth.MESSAGE);
        Incoming message = chunking.incoming();
        long left = chunk.bytes();
        while (left > 0) {
            if (!wire.isPending() && !wire.fill()) {
                return false;
            }
            int take = (int) Math.min(left, wire.limit() - wire.at());
            message.feed(wire.buffer(), wire.at(), wire.at() + take);
            wire.readUpTo(wire.at() + take);
            left -= take;
            if (message.fatal().isPresent()) {
                return cutOff(message.fatal().get());
            }
        }
        if (chunk.last()) {
            message.finish();
            return message.fatal().isPresent() ? cutOff(message.fatal().get()) : deliver(chunking.filled(), message);
        }
        Optional<String> refusal = message.refusal();
        return refusal.isPresent()
                ? answer(behind(chunking.client()), refusal.get())
                : say(chunking, "250 2.0.0 " + chunk.bytes() + " bytes");
    }

    private boolean deliver(SessionState.Filled filled, Incoming message) throws IOException {
        String reply = handover.take(filled, message, filtering, me);
        enter(new SessionState.Greeted(filled.client()));
        connection.step(filled.client().isKnown() ? Connection.Worth.WORK : Connection.Worth.NOTHING);
        wire.reply(reply);
        return !reply.startsWith(CLOSING);
    }

    private boolean secure() throws IOException {
        if (wire.isPending()) {
            return cutOff("554 5.7.0 nothing may follow STARTTLS before the handshake"); // CVE-2011-0411
        }
        wire.reply("220 2.0.0 ready to start TLS");
        wire.flush();
        connection.startTls();
        wire = newWire();
        filtering.secured();
        enter(new SessionState.Fresh(SessionState.Client.STRANGER)); // RFC 3207 §4.2: all knowledge is discarded
        return true;
    }

    private boolean authenticate(SessionState.Client client, Command.Auth auth) throws IOException {
        return switch (new Login(wire, parts.checker(), parts.log(), remote).run(auth)) {
            case Login.Outcome.Known(String address) -> {
                filtering.loggedIn(auth.mechanism());
                yield say(
                        new SessionState.Greeted(new SessionState.Client(client.hello(), client.extended(), address)),
                        "235 2.7.0 ok, go ahead");
            }
            case Login.Outcome.Wrong(String reply) ->
                ++wrongPasswords >= WRONG_PASSWORDS_MAX
                        ? close("421 4.7.0 too many wrong passwords")
                        : say(state, reply);
            case Login.Outcome.Failed(String reply) -> say(state, reply);
            case Login.Outcome.Over(String reply) -> close(reply);
        };
    }
}
