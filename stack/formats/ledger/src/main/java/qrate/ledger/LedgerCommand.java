package qrate.ledger;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import qrate.core.Getopt;
import qrate.core.JsonWriter;
import qrate.core.Program;
import qrate.core.RealDisk;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControlClient;

/// `ledger check`: proves from the ledger and the queue that every message accepted ended in exactly one way.
///
/// Exits with 0 when that is so, 1 when it names messages for which it is not, 100 for a wrong call, and 111 when the
/// ledger cannot be read or qmail-send does not answer.
public final class LedgerCommand implements Program {
    static final String USAGE = "usage: ledger check [--json]\n";

    private static final Getopt KNOWN = Getopt.anywhere("", "json");

    /// What is wrong at this many looks in a row is wrong; what is on its way at one look is elsewhere at the next.
    private static final int LOOKS = 4;

    private static final long BETWEEN_LOOKS_MILLIS = 1500;
    private static final int PROBLEM = 1;
    private static final int USAGE_ERROR = 100;
    private static final int TEMPORARY = 111;

    @Override
    public int run(List<String> arguments, Stdio stdio) throws InterruptedException {
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
        if (!given.operands().equals(List.of("check"))) {
            return misuse(stdio);
        }
        State state = State.of(stdio.environment());
        try {
            return check(
                    new LedgerReader(new RealDisk(state.queue())),
                    new QueueControlClient(state.run().resolve("send.sock")),
                    given.has("json"),
                    stdio);
        } catch (IOException e) {
            stdio.err().println("ledger: fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    private static int misuse(Stdio stdio) {
        stdio.err().print(USAGE);
        return USAGE_ERROR;
    }

    private static int check(LedgerReader reader, QueueControl control, boolean json, Stdio stdio)
            throws IOException, InterruptedException {
        LedgerCheck check = new LedgerCheck();
        Set<LedgerCheck.Problem> problems = Set.of();
        Map<Long, Item> queue = Map.of();
        for (int look = 0; look < LOOKS; look++) {
            if (look > 0) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
            }
            reader.read(stamped -> check.take(stamped.line()));
            queue = queue(control);
            reader.read(stamped -> check.take(stamped.line()));
            Set<LedgerCheck.Problem> now = check.problems(queue);
            if (look > 0) {
                now.retainAll(problems);
            }
            problems = now;
            if (problems.isEmpty()) {
                break;
            }
        }
        if (json) {
            JsonWriter.print(shape(problems, check.sums(queue)), stdio.out());
            return problems.isEmpty() ? 0 : PROBLEM;
        }
        problems.forEach(problem -> stdio.out().println("msg " + problem.id() + ": " + problem.what()));
        LedgerCheck.Sums sums = check.sums(queue);
        stdio.out()
                .println("ledger: " + sums.messages() + " messages accepted; recipients: " + sums.delivered()
                        + " delivered, " + sums.bounced() + " bounced, " + sums.deleted() + " deleted, "
                        + sums.queued() + " still queued; "
                        + (problems.isEmpty() ? "every one accounted for" : problems.size() + " problems"));
        return problems.isEmpty() ? 0 : PROBLEM;
    }

    private static Map<String, Object> shape(Set<LedgerCheck.Problem> problems, LedgerCheck.Sums sums) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("messages", sums.messages());
        shape.put("delivered", sums.delivered());
        shape.put("bounced", sums.bounced());
        shape.put("deleted", sums.deleted());
        shape.put("queued", sums.queued());
        shape.put(
                "problems",
                problems.stream()
                        .map(problem -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("id", problem.id());
                            one.put("what", problem.what());
                            return one;
                        })
                        .toList());
        return shape;
    }

    private static Map<Long, Item> queue(QueueControl control) throws IOException {
        Map<Long, Item> queue = new HashMap<>();
        List<Item> page = control.list(QueueControl.LIST_MESSAGES_MAX, 0);
        while (!page.isEmpty()) {
            page.forEach(item -> queue.put(item.id(), item));
            page = control.list(QueueControl.LIST_MESSAGES_MAX, page.getLast().id());
        }
        return queue;
    }
}
