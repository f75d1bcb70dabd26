package qrate.ledger;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.RealDisk;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControlClient;
import qrate.refusals.Advice;
import qrate.refusals.RefusalWords;

/// `trace [--json] ID|address|message-id`: prints the whole way of each message that fits, from the connection to its
/// end, and of the bounces and reports that came of it.
///
/// Exits with 0 when there is one, 1 when there is none, 100 for a wrong call, 111 when the ledger cannot be read.
public final class TraceCommand implements Program {
    static final String USAGE = "usage: trace [--json] QUEUE-ID | ADDRESS | MESSAGE-ID\n";

    private static final Getopt KNOWN = Getopt.anywhere("", "json");
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
            Map<Long, List<LedgerLine.Stamped>> ways = new TreeMap<>();
            finder.found().forEach(id -> ways.put(id, new ArrayList<>()));
            if (ways.isEmpty()) {
                stdio.err().println("trace: nothing in the ledger fits " + Log.escape(given.operand(0)));
                return NOT_THERE;
            }
            Finder again = new Finder("");
            new LedgerReader(disk)
                    .read(stamped -> again.look(stamped.line()).map(ways::get).ifPresent(way -> way.add(stamped)));
            QueueControlClient control = new QueueControlClient(state.run().resolve("send.sock"));
            if (given.has("json")) {
                JsonWriter.Items items = new JsonWriter.Items(stdio.out());
                ways.forEach((id, way) -> items.add(shape(id, way, control)));
                items.end();
            } else {
                ways.forEach((id, way) -> print(id, way, control, stdio.out()));
            }
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

    private static void print(long id, List<LedgerLine.Stamped> way, QueueControlClient control, PrintStream out) {
        out.println("message " + id);
        String sender = sender(way);
        for (LedgerLine.Stamped line : way) {
            out.println("  " + line.at() + " " + Log.escape(line.text()));
            advice(line, sender).ifPresent(advice -> {
                out.println("      " + advice.meaningLine());
                out.println("      " + advice.actionLine());
            });
        }
        try {
            inQueue(id, control)
                    .ifPresent(item ->
                            out.println("  in the queue: " + (item.held() ? "held" : "next attempt " + item.next())));
        } catch (IOException _) {
            out.println("  (qmail-send does not run, so that nothing is known of the queue)");
        }
    }

    private static Map<String, Object> shape(long id, List<LedgerLine.Stamped> way, QueueControlClient control) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", id);
        String sender = sender(way);
        shape.put(
                "events",
                way.stream()
                        .map(line -> {
                            Map<String, Object> event = new LinkedHashMap<>();
                            event.put("at", line.at().toString());
                            event.put("line", line.text());
                            advice(line, sender).ifPresent(advice -> event.putAll(advice.json()));
                            return event;
                        })
                        .toList());
        try {
            Optional<Item> item = inQueue(id, control);
            shape.put("queued", item.isPresent());
            item.ifPresent(there -> {
                shape.put("held", there.held());
                shape.put("next", there.next().toString());
            });
        } catch (IOException _) {
            // qmail-send does not run: nothing is said of the queue, since nothing is known
        }
        return shape;
    }

    /// What it means that a delivery did not succeed.
    private static Optional<Advice> advice(LedgerLine.Stamped line, String sender) {
        return line.line() instanceof LedgerLine.Result(long _, LedgerLine.Outcome outcome)
                        && outcome != LedgerLine.Outcome.SUCCESS
                ? RefusalWords.explain(line.text()).map(advice -> advice.forSender(sender))
                : Optional.empty();
    }

    private static String sender(List<LedgerLine.Stamped> way) {
        return way.stream()
                .map(LedgerLine.Stamped::line)
                .filter(LedgerLine.Known.class::isInstance)
                .map(line -> ((LedgerLine.Known) line).sender())
                .findFirst()
                .orElse("");
    }

    private static Optional<Item> inQueue(long id, QueueControlClient control) throws IOException {
        return control.list(1, id - 1).stream().filter(item -> item.id() == id).findFirst();
    }
}
