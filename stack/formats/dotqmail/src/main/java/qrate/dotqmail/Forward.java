package qrate.dotqmail;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Body;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Program;
import qrate.core.Recipient;
import qrate.core.Spool;
import qrate.core.Verdict;

/// `forward address…` and `condredirect newaddress program [arg…]` (forward(1), condredirect(1)).
public final class Forward {
    static final int STOP = 99;
    static final int HARD = 100;
    static final int SOFT = 111;

    private final Function<Map<String, String>, Intake> queues;

    /// @param queues from the environment to what takes what is sent on
    public Forward(Function<Map<String, String>, Intake> queues) {
        this.queues = queues;
    }

    /// `forward address…`: exit 0 once the queue has it, 100 or 111 as the queue says, 100 for a wrong call.
    public Program forward() {
        return (arguments, stdio) -> {
            if (arguments.isEmpty()) {
                stdio.err().println("forward: usage: forward address ...");
                return HARD;
            }
            try (Spool.Held message = Spool.temporary().all(stdio.in())) {
                String sender = stdio.environment().containsKey("NEWSENDER") ? "NEWSENDER" : "SENDER";
                return send(new Sending("forward", sender, 0), message, arguments, stdio);
            }
        };
    }

    /// `condredirect newaddress program…`: sends on and exits 99 if the program exits 0, exits 111 if it exits 111,
    /// else 0.
    public Program condredirect() {
        return (arguments, stdio) -> {
            if (arguments.size() < 2) {
                stdio.err().println("condredirect: usage: condredirect newaddress program [ arg ... ]");
                return HARD;
            }
            try (Spool.Held message = Spool.temporary().all(stdio.in())) {
                Optional<Integer> code =
                        Run.program(arguments.subList(1, arguments.size()), stdio.environment(), message, stdio.out());
                return switch (code.orElse(1)) {
                    case 0 ->
                        send(new Sending("condredirect", "SENDER", STOP), message, arguments.subList(0, 1), stdio);
                    case SOFT -> SOFT;
                    default -> 0;
                };
            }
        };
    }

    /// Who sends a message on.
    ///
    /// @param variable the envelope sender
    /// @param success exit code once the queue has it
    private record Sending(String name, String variable, int success) {}

    /// Sends a message on as qmail-local would, under its DTLINE.
    private int send(Sending sending, Body message, List<String> to, Program.Stdio stdio) throws IOException {
        String name = sending.name;
        Map<String, String> environment = stdio.environment();
        String line = environment.getOrDefault("DTLINE", "");
        String sender = environment.get(sending.variable);
        if (line.isEmpty() || sender == null) {
            stdio.err().println(name + ": fatal: " + (sender == null ? sending.variable : "DTLINE") + " is not set");
            return HARD;
        }
        Envelope envelope;
        try {
            envelope = new Envelope(sender, "", to.stream().map(Recipient::of).toList());
        } catch (IllegalArgumentException e) {
            stdio.err().println(name + ": fatal: an address is " + e.getMessage());
            return HARD;
        }
        Body body = message.prefixed(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String domain = environment.getOrDefault("HOST", "");
        return switch (queues.apply(environment).sentOn(envelope, body, domain)) {
            case Verdict.Delivered(String ok) -> {
                stdio.out().println(name + ": " + ok);
                yield sending.success;
            }
            case Verdict.Later(String why) -> {
                stdio.err().println(name + ": fatal: unable to forward message: " + why);
                yield SOFT;
            }
            case Verdict.Never(String why) -> {
                stdio.err().println(name + ": fatal: unable to forward message: " + why);
                yield HARD;
            }
        };
    }
}
