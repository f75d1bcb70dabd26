package qrate.milter;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.core.Reasons;

/// One connection to a milter of ours: keeps the order of steps, the macros and the limits, so that a handler
/// sees nothing but an SMTP session as it should be.
final class MilterDialogue implements MilterHandler.Context, AutoCloseable {
    private final MilterServer.Work work;
    private final MilterServer.Limits limits;
    private final Budget.Share memory;
    private final OutputStream out;
    private final Log log;
    private final Map<MilterStage, Map<String, String>> macros = new EnumMap<>(MilterStage.class);
    private final Map<MilterStage, Integer> macroBytes = new EnumMap<>(MilterStage.class);

    private Optional<MilterOptions> agreed = Optional.empty();
    private MilterHandler handler;
    /// The step that was taken last; none before the first of a session.
    private Optional<MilterStage> last = Optional.empty();
    /// What is said at the next step that is answered, and to all behind it in this message.
    private Optional<MilterReply.Decision> owed = Optional.empty();
    private int headerBytes;
    /// Whether a message is under way; looked at by whoever closes the server.
    private volatile boolean busy;

    MilterDialogue(MilterServer.Work work, MilterServer.Limits limits, Budget.Share memory, OutputStream out, Log log) {
        this.work = work;
        this.limits = limits;
        this.memory = memory;
        this.out = out;
        this.log = log;
        this.handler = work.handlers().get();
    }

    boolean busy() {
        return busy;
    }

    /// Takes one command.
    ///
    /// @return false when there are no more
    /// @throws IOException when the connection must be closed: it is broken, or what came makes no sense
    boolean next(InputStream in) throws IOException {
        int[] held = new int[1];
        Optional<Packets.Packet> packet = Packets.read(in, length -> {
            hold(length);
            held[0] = length;
        });
        try {
            if (packet.isEmpty()) {
                return false;
            }
            return taken(Packets.command(packet.get()), held[0]);
        } finally {
            memory.give(held[0]);
        }
    }

    private void hold(int bytes) throws IOException {
        if (memory.held() + bytes > limits.sessionBytes() || !memory.take(bytes)) {
            throw new IOException("no room for " + bytes + " bytes");
        }
    }

    private boolean taken(MilterCommand command, int bytes) throws IOException {
        if (agreed.isEmpty() && !(command instanceof MilterCommand.Negotiate)) {
            throw new ProtocolException("it does not negotiate");
        }
        switch (command) {
            case MilterCommand.Negotiate(var offer) -> negotiate(offer);
            case MilterCommand.Macros(var stage, var values) -> define(stage, values, bytes);
            case MilterCommand.Abort() -> giveUp();
            case MilterCommand.Quit() -> {
                return false;
            }
            case MilterCommand.QuitForNext() -> {
                giveUp();
                handler.close();
                forget(MilterStage.CONNECT);
                last = Optional.empty();
                handler = work.handlers().get();
            }
            case MilterCommand.BodyDone(byte[] rest) -> {
                if (rest.length > 0) {
                    event(new MilterCommand.BodyChunk(rest), false);
                }
                event(new MilterCommand.BodyDone(new byte[0]), true);
            }
            case MilterCommand.Event event -> event(event, true);
        }
        return true;
    }

    private void negotiate(MilterOptions offer) throws IOException {
        if (agreed.isPresent()) {
            throw new ProtocolException("it negotiates twice");
        }
        MilterOptions answer = work.wish().answer(offer);
        agreed = Optional.of(answer);
        say(new MilterReply.Agreed(answer));
    }

    private void define(MilterStage stage, Map<String, String> values, int bytes) throws IOException {
        forget(stage);
        hold(bytes);
        macroBytes.put(stage, bytes);
        macros.put(stage, new LinkedHashMap<>(values));
    }

    /// Macros of a step and of those behind it are gone when it comes again, as libmilter has it.
    private void forget(MilterStage from) {
        for (MilterStage stage : MilterStage.values()) {
            if (stage.compareTo(from) >= 0) {
                macros.remove(stage);
                Integer bytes = macroBytes.remove(stage);
                memory.give(bytes == null ? 0 : bytes);
            }
        }
    }

    private void giveUp() {
        if (busy) {
            busy = false;
            if (owed.isEmpty()) {
                handler.abort();
            }
            owed = Optional.empty();
        }
        last = last.map(_ -> MilterStage.HELO);
    }

    private void event(MilterCommand.Event event, boolean answered) throws IOException {
        MilterStage stage = event.stage();
        order(stage);
        if (stage == MilterStage.FIELD) {
            count((MilterCommand.FieldLine) event);
        }
        MilterAnswer answer = owed.isPresent() ? MilterAnswer.of(owed.get()) : asked(event);
        boolean goesOn = answer.decision() instanceof MilterReply.Continue || one(stage, answer.decision());
        MilterOptions options = agreed.orElseThrow();
        boolean silent = !answered || options.has(stage.unanswered());
        if (silent && !goesOn) {
            owed = Optional.of(answer.decision());
        }
        if (!silent) {
            reply(stage, answer, options);
            if (!goesOn || stage == MilterStage.BODY_END) {
                ended();
            }
        }
    }

    /// Whether a decision is about this step alone, and others may follow it.
    private static boolean one(MilterStage stage, MilterReply.Decision decision) {
        return decision instanceof MilterReply.Skip
                || stage == MilterStage.UNKNOWN
                || (stage == MilterStage.RCPT
                        && !(decision instanceof MilterReply.Accept || decision instanceof MilterReply.Discard));
    }

    /// A message is over, whoever ended it.
    private void ended() {
        busy = false;
        owed = Optional.empty();
        last = Optional.of(MilterStage.HELO);
    }

    private void order(MilterStage stage) throws ProtocolException {
        if (stage == MilterStage.UNKNOWN) {
            return;
        }
        boolean begins = stage.compareTo(MilterStage.MAIL) <= 0;
        if (begins) {
            giveUp();
        }
        boolean mailIsTold = agreed.orElseThrow().wants(MilterStage.MAIL);
        boolean again = stage == MilterStage.HELO
                || stage == MilterStage.RCPT
                || stage == MilterStage.FIELD
                || stage == MilterStage.BODY;
        int further = last.map(stage::compareTo).orElse(1);
        boolean inOrder = again ? further >= 0 : further > 0;
        boolean mailWasTold =
                last.map(before -> before.compareTo(MilterStage.MAIL) >= 0).orElse(false);
        if (!inOrder || (!begins && mailIsTold && !mailWasTold)) {
            throw new ProtocolException("the step " + stage + " comes behind "
                    + last.map(MilterStage::toString).orElse("nothing"));
        }
        if (stage.compareTo(MilterStage.MAIL) >= 0 && !busy) {
            busy = true;
            headerBytes = 0;
        }
        last = Optional.of(stage);
    }

    private void count(MilterCommand.FieldLine field) {
        headerBytes += field.name().length() + field.value().length() + 3;
        if (headerBytes > limits.headerBytes() && owed.isEmpty()) {
            owed = Optional.of(MilterReply.Code.of(552, "5.3.4 The header is too long to be looked at"));
            handler.abort();
        }
    }

    private MilterAnswer asked(MilterCommand.Event event) {
        try {
            return handler.on(blank(event), this);
        } catch (IOException | RuntimeException e) {
            log.line("milter: warning: " + event.stage() + " is put off: "
                    + (e instanceof IOException io ? Reasons.of(io) : Log.escape(e.toString())));
            return MilterAnswer.of(new MilterReply.TempFail());
        }
    }

    private MilterCommand.Event blank(MilterCommand.Event event) {
        boolean there = agreed.orElseThrow().has(MilterOptions.LEADING_BLANK);
        return event instanceof MilterCommand.FieldLine(var name, var value) && !there
                ? new MilterCommand.FieldLine(name, " " + value)
                : event;
    }

    private void reply(MilterStage stage, MilterAnswer answer, MilterOptions options) throws IOException {
        for (MilterReply.Change change : answer.changes()) {
            if (stage != MilterStage.BODY_END || !options.may(change.action())) {
                throw new IllegalStateException(change.getClass().getSimpleName() + " was not agreed on at " + stage);
            }
            Packets.write(out, ShownField.sent(change, options.has(MilterOptions.LEADING_BLANK)));
        }
        boolean skips = answer.decision() instanceof MilterReply.Skip && !options.has(MilterOptions.SKIP);
        say(skips ? new MilterReply.Continue() : answer.decision());
    }

    private void say(MilterReply reply) throws IOException {
        Packets.write(out, reply);
        out.flush();
    }

    @Override
    public Optional<String> macro(String name) {
        for (Map<String, String> values : macros.values()) {
            Optional<String> value = Optional.ofNullable(values.get(name));
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    @Override
    public void progress() throws IOException {
        say(new MilterReply.Progress());
    }

    @Override
    public void close() {
        giveUp();
        handler.close();
    }
}
