package qrate.qcontrol;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.message.Dates;
import qrate.qcontrol.QueueControl.Item;
import qrate.qcontrol.QueueControl.Line;
import qrate.qcontrol.QueueControl.Progress;

/// qmail-qread: the messages in the queue, and who is still owed (qmail-qread(8)).
public final class QmailQread implements Program {
    private static final int PAGE = 100;

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            if (json(arguments)) {
                list(stdio);
            } else {
                each(stdio, item -> print(item, stdio.out()));
            }
            return 0;
        } catch (IOException e) {
            stdio.err().println("qmail-qread: fatal: " + Reasons.of(e));
            return 111;
        }
    }

    /// Whether `--json` was asked for. Other words are passed over, as qmail's do: monitors call `mailq -Ac`.
    static boolean json(List<String> arguments) {
        return arguments.contains("--json");
    }

    /// The whole queue as JSON.
    static void list(Stdio stdio) throws IOException {
        JsonWriter.Items items = new JsonWriter.Items(stdio.out());
        each(stdio, item -> items.add(item.json()));
        items.end();
    }

    /// Goes through the queue.
    static void each(Stdio stdio, Consumer<Item> show) throws IOException {
        QueueControl control =
                new QueueControlClient(State.of(stdio.environment()).run().resolve("send.sock"));
        List<Item> page = control.list(PAGE, 0);
        while (!page.isEmpty()) {
            page.forEach(show);
            page = control.list(PAGE, page.getLast().id());
        }
    }

    static void print(Item item, PrintStream out) {
        boolean bouncing = item.recipients().stream().anyMatch(line -> line.progress() == Progress.REFUSED);
        out.print(Dates.gmt(item.birth()) + "  #" + item.id() + "  " + item.size() + "  <" + Log.escape(item.sender())
                + "> " + (bouncing ? " bouncing" : "") + "\n");
        for (Line line : item.recipients()) {
            out.print((line.progress() == Progress.PENDING ? "" : "  done") + "\t"
                    + line.channel().word() + "\t" + Log.escape(line.address()) + "\n");
        }
    }
}
