package qrate.qcontrol;

import java.io.IOException;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControl.Freedom;
import qrate.qcontrol.QueueControl.Sender;
import qrate.qcontrol.QueueControl.Use;

/// `sendlimits`: who comes near the limits of `control/sendlimits`, who is stopped and why; `--release` lets a user
/// send
/// again.
///
/// Exits with 0, with 1 when nothing is known of the user, 100 for a wrong call, and 111 when qmail-send does not
/// answer.
public final class SendLimitsCommand implements Program {
    private static final String USAGE = """
            usage: sendlimits [--json]         users near their limits, and those who are stopped
                   sendlimits --release USER   lets a user send again; counts begin anew
            """;

    private static final int NOT_THERE = 1;
    private static final int USAGE_ERROR = 100;
    private static final int TEMPORARY = 111;

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        Getopt.Given given;
        try {
            given = Getopt.anywhere("", "json", "help", "release:").read(arguments);
        } catch (Getopt.Misuse e) {
            return wrong(e.option() + (e.isUnknown() ? " is none of the options" : " needs a value"), stdio);
        }
        if (!given.operands().isEmpty()) {
            return wrong(given.operands().getFirst() + " is none of the options", stdio);
        }
        if (given.has("help")) {
            stdio.out().print(USAGE);
            return 0;
        }
        QueueControl control =
                new QueueControlClient(State.of(stdio.environment()).run().resolve("send.sock"));
        try {
            for (Getopt.Option option : given.options()) {
                if (option.name().equals("release")) {
                    return release(option.value(), control, stdio);
                }
            }
            list(control.senders(), given.has("json"), stdio.out());
            return 0;
        } catch (IOException e) {
            stdio.err().println("sendlimits: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private static int wrong(String why, Stdio stdio) {
        stdio.err().println("sendlimits: " + Log.escape(why) + ": sendlimits --help says how");
        return USAGE_ERROR;
    }

    private static int release(String login, QueueControl control, Stdio stdio) throws IOException {
        String name = Log.escape(login);
        if (!control.letSend(login)) {
            stdio.err().println("sendlimits: nothing is known of " + name + " in the last hour");
            return NOT_THERE;
        }
        stdio.out()
                .println(name + " may send again. What is held stays so: queue list --held --login " + name
                        + " shows it, queue release or queue delete with the same words ends that.");
        return 0;
    }

    private static void list(List<Sender> senders, boolean json, PrintStream out) {
        if (json) {
            JsonWriter.Items items = new JsonWriter.Items(out);
            senders.forEach(sender -> items.add(sender.json()));
            items.end();
            return;
        }
        if (senders.isEmpty()) {
            out.println("nobody is near a limit");
        }
        for (Sender sender : senders) {
            String uses = sender.uses().stream().map(SendLimitsCommand::use).collect(Collectors.joining(", "));
            out.println(Log.escape(sender.login()) + "  " + sender.freedom().word() + "  " + uses
                    + (sender.held() > 0 ? ", " + sender.held() + " held" : ""));
            if (sender.freedom() != Freedom.FREE) {
                String since = sender.stopped() ? sender.since().truncatedTo(ChronoUnit.SECONDS) + "  " : "";
                out.println("    " + since + Log.escape(sender.why()));
            }
        }
    }

    private static String use(Use use) {
        return use.count() + (use.most() > 0 ? " of " + use.most() : "") + " " + use.measure();
    }
}
