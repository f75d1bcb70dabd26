package qrate.ledger;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.RealDisk;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControlClient;

/// `trace ID|address|message-id`: prints the whole way of each message that fits, from the connection to its end, and
/// of
/// the bounces and reports that came of it.
///
/// Exits with 0 when there is one, 1 when there is none, 100 for a wrong call, 111 when the ledger cannot be read.
public final class TraceCommand implements Program {
    static final String USAGE = "usage: trace QUEUE-ID | ADDRESS | MESSAGE-ID\n";

    private static final Getopt KNOWN = Getopt.anywhere("");
    private static final int NOT_THERE = 1;
    private static final int USAGE_ERROR = 100;
    private static final int TEMPORARY = 111;

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        if (arguments.equals(List.of("--help"))) {
            stdio.out().print(USAGE);
            return 0;
        }
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return misuse(stdio);
        }
        if (given.operands().size() != 1 || given.operand(0).isEmpty()) {
            return misuse(stdio);
        }
        State state = State.of(stdio.environment());
        RealDisk disk = new RealDisk(state.queue());
        try {
            Finder finder = new Finder(given.operand(0));
            new LedgerReader(disk).read(stamped -> finder.look(stamped.line()));
            Map<Long, StringBuilder> ways = new TreeMap<>();
            finder.found().forEach(id -> ways.put(id, new StringBuilder()));
            if (ways.isEmpty()) {
                stdio.err().println("trace: nothing in the ledger fits " + Log.escape(given.operand(0)));
                return NOT_THERE;
            }
            Finder again = new Finder("");
            new LedgerReader(disk)
                    .read(stamped -> again.look(stamped.line())
                            .map(ways::get)
                            .ifPresent(way -> way.append("  ")
                                    .append(stamped.at())
                                    .append(' ')
                                    .append(Log.escape(stamped.text()))
                                    .append('\n')));
            QueueControlClient control = new QueueControlClient(state.run().resolve("send.sock"));
            ways.forEach((id, way) -> print(id, way, control, stdio.out()));
            return 0;
        } catch (IOException e) {
            stdio.err().println("trace: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private static int misuse(Stdio stdio) {
        stdio.err().print(USAGE);
        return USAGE_ERROR;
    }

    private static void print(long id, StringBuilder way, QueueControlClient control, PrintStream out) {
        out.println("message " + id);
        out.print(way);
        try {
            for (Item item : control.list(1, id - 1)) {
                if (item.id() == id) {
                    out.println("  in the queue: " + (item.held() ? "held" : "next attempt " + item.next()));
                }
            }
        } catch (IOException _) {
            out.println("  (qmail-send does not run, so that nothing is known of the queue)");
        }
    }
}
