package qrate.milter;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import qrate.core.Reasons;
import qrate.core.Spool;
import qrate.message.Field;

/// One milter in one SMTP session: what it was told, and what it said.
///
/// When it is away, hangs or talks nonsense it is left alone for the rest of the message, and asked anew, by
/// another connection, at the next MAIL.
final class AskedMilter {
    private static final MilterVerdict PASS = new MilterVerdict.Pass();

    private sealed interface State {
        /// Nobody has spoken to it.
        record Fresh() implements State {}

        /// @param known what both ends can do
        record Talking(MilterLink link, MilterOptions known) implements State {}

        /// It has said all that it wants to say in this session.
        record Over(MilterVerdict answer) implements State {}

        record Away() implements State {}
    }

    private final MilterSetting setting;
    private final ScheduledExecutorService clock;
    private final MilterPresence presence;
    private final Map<MilterStage, MilterCommand.Event> greeting = new LinkedHashMap<>();

    private State state = new State.Fresh();
    /// Whether MAIL was said and no end of that message.
    private boolean open;
    /// Whether it wants to hear no more of this message.
    private boolean satisfied;
    private Optional<MilterStage> skipped = Optional.empty();
    /// When it must have answered at the latest, on the clock of {@link System#nanoTime}.
    private long deadline;

    AskedMilter(MilterSetting setting, ScheduledExecutorService clock, MilterPresence presence) {
        this.setting = setting;
        this.clock = clock;
        this.presence = presence;
    }

    /// Tells it of a step.
    ///
    /// @param macros all that are known
    MilterVerdict tell(MilterCommand.Event event, Map<String, String> macros) {
        MilterStage stage = event.stage();
        deadline = System.nanoTime() + setting.waits().total().toNanos();
        if (stage == MilterStage.CONNECT || stage == MilterStage.HELO) {
            greeting.put(stage, event);
            abort();
        }
        if (stage == MilterStage.MAIL) {
            abort();
            satisfied = false;
            skipped = Optional.empty();
            if (state instanceof State.Away && !greeting.isEmpty()) {
                MilterVerdict greeted = greetAnew(macros);
                if (!greeted.equals(PASS)) {
                    return greeted;
                }
            }
        }
        return attempt(() -> told(event, macros));
    }

    private MilterVerdict greetAnew(Map<String, String> macros) {
        state = new State.Fresh();
        for (MilterCommand.Event event : List.copyOf(greeting.values())) {
            MilterVerdict verdict = attempt(() -> told(event, macros));
            if (!verdict.equals(PASS)) {
                return verdict;
            }
        }
        return PASS;
    }

    /// Tells it of a recipient that was refused already, if it wants to hear of such; what it says changes
    /// nothing.
    void tellRefused(MilterCommand.Rcpt rcpt, Map<String, String> macros) {
        if (state instanceof State.Talking talking && talking.known.has(MilterOptions.REFUSED_RECIPIENTS)) {
            tell(rcpt, macros);
        }
    }

    @FunctionalInterface
    private interface Exchange {
        MilterVerdict run() throws IOException;
    }

    private MilterVerdict attempt(Exchange exchange) {
        try {
            return exchange.run();
        } catch (IOException e) {
            return away(Reasons.of(e));
        }
    }

    private MilterVerdict away(String why) {
        presence.gone(setting, why, state instanceof State.Talking);
        hangUp();
        state = new State.Away();
        open = false;
        return verdictOfAway();
    }

    private MilterVerdict verdictOfAway() {
        return setting.accept() ? PASS : MilterVerdict.Refuse.of(451, "4.7.1 Service unavailable, try again later");
    }

    private MilterVerdict told(MilterCommand.Event event, Map<String, String> macros) throws IOException {
        if (state instanceof State.Fresh) {
            state = negotiated();
        }
        return switch (state) {
            case State.Fresh _ -> throw new IllegalStateException("negotiated");
            case State.Over(MilterVerdict answer) -> answer;
            case State.Away _ -> verdictOfAway();
            case State.Talking talking -> say(talking, event, macros);
        };
    }

    private State.Talking negotiated() throws IOException {
        MilterLink link = MilterLink.open(setting, clock);
        boolean agreed = false;
        try {
            State.Talking talking = new State.Talking(link, link.negotiate());
            agreed = true;
            return talking;
        } finally {
            if (!agreed) {
                link.close();
            }
        }
    }

    private MilterVerdict say(State.Talking to, MilterCommand.Event event, Map<String, String> macros)
            throws IOException {
        MilterStage stage = event.stage();
        boolean ofMessage = stage != MilterStage.CONNECT && stage != MilterStage.HELO && stage != MilterStage.UNKNOWN;
        if ((ofMessage && satisfied) || stage.version() > to.known.version() || skipped.equals(Optional.of(stage))) {
            return PASS;
        }
        open |= stage == MilterStage.MAIL;
        sayMacros(to, stage, macros);
        if (!to.known.wants(stage)) {
            return PASS;
        }
        to.link.say(event);
        if (to.known.has(stage.unanswered()) && stage.unanswered() != 0) {
            return PASS;
        }
        to.link.flush();
        return meant(to, stage, decision(to, setting.waits().reply(), change -> {
            throw new ProtocolException(nonsense(change));
        }));
    }

    private static void sayMacros(State.Talking to, MilterStage stage, Map<String, String> macros) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (String name : wanted(to.known, stage)) {
            String braced = name.length() > 1 && !name.startsWith("{") ? "{" + name + "}" : name;
            if (macros.containsKey(braced)) {
                values.put(name, macros.get(braced));
            }
        }
        if (!values.isEmpty()) {
            to.link.say(new MilterCommand.Macros(stage, values));
        }
    }

    private static String[] wanted(MilterOptions known, MilterStage stage) {
        Map<MilterStage, String> named = known.symbols();
        return (named.isEmpty() ? stage.usual() : named.getOrDefault(stage, "")).split("[ ,]", -1);
    }

    @FunctionalInterface
    private interface Changes {
        void take(MilterReply.Change change) throws IOException;
    }

    private MilterReply.Decision decision(State.Talking to, Duration wait, Changes changes) throws IOException {
        while (true) {
            switch (to.link.hear(wait, deadline)) {
                case MilterReply.Decision decision -> {
                    return decision;
                }
                case MilterReply.Change change -> changes.take(change);
                case MilterReply.Progress _ -> {
                    // it is at work
                }
                case MilterReply.Agreed other -> throw new ProtocolException(nonsense(other));
                case MilterReply.Symbols other -> throw new ProtocolException(nonsense(other));
            }
        }
    }

    private static String nonsense(MilterReply reply) {
        return "it says " + reply.getClass().getSimpleName() + " where that means nothing";
    }

    private MilterVerdict meant(State.Talking to, MilterStage stage, MilterReply.Decision decision) throws IOException {
        boolean session = stage == MilterStage.CONNECT || stage == MilterStage.HELO;
        return switch (decision) {
            case MilterReply.Continue _ -> PASS;
            case MilterReply.Accept _ -> session ? over(PASS) : done(PASS);
            case MilterReply.Discard _ -> {
                if (session) {
                    throw new ProtocolException("it discards what is no message");
                }
                yield done(new MilterVerdict.Discard());
            }
            case MilterReply.Skip _ -> {
                if (!to.known.has(MilterOptions.SKIP)) {
                    throw new ProtocolException("it skips and has not said that it would");
                }
                skipped = Optional.of(stage);
                yield PASS;
            }
            case MilterReply.Reject _ -> refused(stage, MilterVerdict.Refuse.of(550, "5.7.1 Command rejected"));
            case MilterReply.TempFail _ ->
                refused(stage, MilterVerdict.Refuse.of(451, "4.7.1 Service unavailable, try again later"));
            case MilterReply.Code(int code, List<String> lines) ->
                refused(stage, new MilterVerdict.Refuse(code, lines));
            case MilterReply.ConnectionFails _, MilterReply.Shutdown _ ->
                over(MilterVerdict.Refuse.of(421, "4.7.0 Service closing the connection"));
        };
    }

    private MilterVerdict refused(MilterStage stage, MilterVerdict.Refuse answer) {
        return switch (stage) {
            case CONNECT, HELO -> over(answer);
            case RCPT, UNKNOWN -> answer; // one of several
            case MAIL, DATA, FIELD, HEADER_END, BODY, BODY_END -> done(answer);
        };
    }

    private MilterVerdict over(MilterVerdict answer) {
        presence.here(setting);
        quit();
        state = new State.Over(answer);
        return answer;
    }

    private MilterVerdict done(MilterVerdict answer) {
        presence.here(setting);
        satisfied = true;
        open = false;
        return answer;
    }

    /// Shows it a message.
    ///
    /// @param header as it stands now
    /// @param body is read as far as the milter wants it
    /// @param changes take what it says at the end
    MilterVerdict show(List<Field> header, InputStream body, Map<String, String> macros, MilterChanges changes)
            throws IOException {
        CrLf.Out pieces = new CrLf.Out(body);
        Reading reading = new Reading(pieces);
        deadline = System.nanoTime() + setting.waits().total().toNanos();
        try {
            return shown(header, reading, macros, changes);
        } catch (Spool.Full e) {
            hangUp(); // there is no telling how much more it has to say
            state = new State.Away();
            open = false;
            throw e;
        } catch (IOException e) {
            if (reading.failed.isPresent()) {
                throw reading.failed.get(); // ours, not the milter's
            }
            changes.forget();
            return away(Reasons.of(e));
        }
    }

    /// Tells failures of the message apart from those of the milter.
    private static final class Reading {
        private final CrLf.Out pieces;
        private Optional<IOException> failed = Optional.empty();

        Reading(CrLf.Out pieces) {
            this.pieces = pieces;
        }

        byte[] next() throws IOException {
            try {
                return pieces.next();
            } catch (IOException e) {
                failed = Optional.of(e);
                throw e;
            }
        }
    }

    private MilterVerdict shown(List<Field> header, Reading body, Map<String, String> macros, MilterChanges changes)
            throws IOException {
        if (!(state instanceof State.Talking to) || satisfied) {
            return told(new MilterCommand.HeaderDone(), macros);
        }
        boolean blank = to.known.has(MilterOptions.LEADING_BLANK);
        for (Field field : header) {
            MilterVerdict verdict = say(to, ShownField.shown(field, blank), macros);
            if (!verdict.equals(PASS) || satisfied) {
                return verdict;
            }
            inTime();
        }
        MilterVerdict ended = say(to, new MilterCommand.HeaderDone(), macros);
        boolean more = to.known.wants(MilterStage.BODY);
        while (ended.equals(PASS) && !satisfied && more) {
            byte[] piece = body.next();
            more = piece.length > 0;
            if (more) {
                ended = say(to, new MilterCommand.BodyChunk(piece), macros);
                more = !skipped.equals(Optional.of(MilterStage.BODY));
                inTime();
            }
        }
        return !ended.equals(PASS) || satisfied ? ended : verdict(to, macros, changes);
    }

    private void inTime() throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new ProtocolException("it takes a message too slowly");
        }
    }

    private MilterVerdict verdict(State.Talking to, Map<String, String> macros, MilterChanges changes)
            throws IOException {
        sayMacros(to, MilterStage.BODY_END, macros);
        to.link.say(new MilterCommand.BodyDone(new byte[0]));
        to.link.flush();
        MilterReply.Decision decision =
                decision(to, setting.waits().bodyEnd(), change -> changes.add(change, to.known));
        return done(meant(to, MilterStage.BODY_END, decision));
    }

    /// The message under way is given up.
    void abort() {
        if (open && state instanceof State.Talking talking) {
            open = false;
            attempt(() -> {
                talking.link.say(new MilterCommand.Abort());
                talking.link.flush();
                return PASS;
            });
        }
    }

    /// The session is over.
    void quit() {
        if (state instanceof State.Talking talking) {
            try {
                talking.link.say(new MilterCommand.Quit());
                talking.link.flush();
            } catch (IOException _) {
                // it knows already
            }
        }
        hangUp();
    }

    private void hangUp() {
        if (state instanceof State.Talking talking) {
            talking.link.close();
        }
    }
}
