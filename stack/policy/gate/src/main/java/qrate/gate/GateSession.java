package qrate.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Log;
import qrate.dns.Hosts;
import qrate.milter.MilterAnswer;
import qrate.milter.MilterCommand;
import qrate.milter.MilterHandler;
import qrate.milter.MilterReply;
import qrate.milter.Milters;

/// One SMTP session before the gate.
final class GateSession implements MilterHandler {
    private static final String NOBODY = "nobody";

    /// What Sendmail and Postfix write before an address of IPv6.
    private static final String TAG = "IPv6:";

    private final Judge judge;
    private final Greylist greylist;
    private final Budget memory;
    private final Log log;
    /// Nothing for a client that has no address, who is no stranger.
    private Optional<InetAddress> client = Optional.empty();

    private Budget.Share share;
    private String helo = "";
    private GateMessage message;
    /// Whether the message is looked at, or is not to be.
    private boolean begun;

    GateSession(Judge judge, Greylist greylist, Budget memory, Log log) {
        this.judge = judge;
        this.greylist = greylist;
        this.memory = memory;
        this.log = log;
        this.share = memory.share(NOBODY);
        this.message = new GateMessage(judge, share, "");
    }

    @Override
    public MilterAnswer on(MilterCommand.Event event, Context context) throws IOException {
        boolean goesOn = false;
        try {
            MilterAnswer answer = answer(event, context);
            goesOn = answer.decision() instanceof MilterReply.Continue || answer.decision() instanceof MilterReply.Skip;
            return answer;
        } catch (RuntimeException e) {
            goesOn = !(event instanceof MilterCommand.BodyDone);
            log.line("gate: warning: a message goes on unchecked: " + e + " at " + where(e));
            message.giveUp();
            begun = true;
            return event instanceof MilterCommand.BodyDone ? message.answer(Optional.empty()) : MilterAnswer.CONTINUE;
        } finally {
            if (!goesOn || event instanceof MilterCommand.BodyDone) {
                abort();
            }
        }
    }

    private static String where(RuntimeException e) {
        StackTraceElement[] trace = e.getStackTrace();
        return trace.length == 0 ? "nowhere" : trace[0].toString();
    }

    private MilterAnswer answer(MilterCommand.Event event, Context context) throws IOException {
        return switch (event) {
            case MilterCommand.Connect(var _, var _, var _, var address) -> {
                client = Hosts.literal(address.startsWith(TAG) ? address.substring(TAG.length()) : address);
                share.close();
                share = memory.share(address.isEmpty() ? NOBODY : address);
                yield MilterAnswer.CONTINUE;
            }
            case MilterCommand.Helo(var name) -> {
                helo = text(name);
                yield MilterAnswer.CONTINUE;
            }
            case MilterCommand.Mail(var arguments) -> {
                abort();
                message = new GateMessage(judge, share, address(arguments));
                yield MilterAnswer.CONTINUE;
            }
            case MilterCommand.Rcpt(var arguments) -> {
                message.recipient(address(arguments));
                yield MilterAnswer.CONTINUE;
            }
            case MilterCommand.Data _ -> begin(context);
            case MilterCommand.FieldLine(var name, var value) -> {
                MilterAnswer first = begin(context); // who speaks an older version does not tell of DATA
                message.field(name, value);
                yield first;
            }
            case MilterCommand.HeaderDone _ -> {
                MilterAnswer first = begin(context);
                message.headerEnd();
                yield message.isNothingToDo() && first.equals(MilterAnswer.CONTINUE)
                        ? MilterAnswer.of(new MilterReply.Accept())
                        : first;
            }
            case MilterCommand.BodyChunk(byte[] piece) -> {
                message.body(piece);
                yield message.isBodyWanted() ? MilterAnswer.CONTINUE : MilterAnswer.of(new MilterReply.Skip());
            }
            case MilterCommand.BodyDone _ -> ended(message.judgement());
            case MilterCommand.Unknown _ -> MilterAnswer.CONTINUE;
        };
    }

    private MilterAnswer begin(Context context) throws IOException {
        boolean ours = client.isEmpty()
                || context.macro("{auth_authen}")
                        .filter(name -> !name.isEmpty())
                        .isPresent()
                || context.macro(Milters.OURS).filter(mark -> !mark.isEmpty()).isPresent();
        if (begun || ours) {
            return MilterAnswer.CONTINUE;
        }
        begun = true;
        Optional<Ruling.Refused> refusal = message.begin(client.get(), helo, greylist);
        message.troubles().forEach(one -> log.line("gate: warning: " + one));
        refusal.ifPresent(this::tell);
        return refusal.<MilterReply.Decision>map(no -> new MilterReply.Code(no.code(), no.lines()))
                .map(MilterAnswer::of)
                .orElse(MilterAnswer.CONTINUE);
    }

    private MilterAnswer ended(Optional<Judgement> judgement) {
        MilterAnswer answer = message.answer(judgement);
        judgement.ifPresent(one -> client.ifPresent(from -> judge.count(from, one)));
        judgement.map(Judgement::ruling).ifPresent(this::tell);
        return answer;
    }

    private void tell(Ruling ruling) {
        String said = switch (ruling) {
            case Ruling.Passed _ -> "";
            case Ruling.Quarantined(var reason) -> "put aside: " + reason;
            case Ruling.Refused(var code, var lines) -> "refused: " + code + " " + lines.getFirst();
        };
        if (!said.isEmpty()) {
            log.line("gate: " + client.map(Hosts::text).orElse(NOBODY) + ": " + said);
        }
    }

    /// Bytes as characters, as milters have them; what is no UTF-8 in them is replaced (RFC 6531).
    private static String text(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }

    private static String address(List<String> arguments) {
        String argument = arguments.isEmpty() ? "" : arguments.getFirst();
        boolean brackets = argument.startsWith("<") && argument.endsWith(">") && argument.length() > 1;
        return text(brackets ? argument.substring(1, argument.length() - 1) : argument);
    }

    @Override
    public void abort() {
        message.close();
        begun = false;
    }

    @Override
    public void close() {
        abort();
        share.close();
    }
}
