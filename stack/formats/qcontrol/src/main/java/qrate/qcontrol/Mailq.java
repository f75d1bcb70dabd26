package qrate.qcontrol;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;
import qrate.qcontrol.QueueControl.Item;

/// mailq: qmail-qread's list with a last line that monitors read, in the words of Postfix: `Mail queue is empty`, or
/// `-- 12 Kbytes in 3 Requests.`
public final class Mailq implements Program {
    private static final int PAGE = 100;
    private static final long KBYTE = 1024;

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        QueueControl control =
                new QueueControlClient(State.of(stdio.environment()).run().resolve("send.sock"));
        PrintStream out = stdio.out();
        long messages = 0;
        long bytes = 0;
        try {
            List<Item> page = control.list(PAGE, 0);
            while (!page.isEmpty()) {
                for (Item item : page) {
                    QmailQread.print(item, out);
                    messages++;
                    bytes += item.size();
                }
                page = control.list(PAGE, page.getLast().id());
            }
        } catch (IOException e) {
            stdio.err().println("mailq: fatal: " + Reasons.of(e));
            return 111;
        }
        out.print(
                messages == 0
                        ? "Mail queue is empty\n"
                        : "-- " + (bytes + KBYTE - 1) / KBYTE + " Kbytes in " + messages
                                + (messages == 1 ? " Request.\n" : " Requests.\n"));
        return 0;
    }

    /// Has every message tried now: `sendmail -q`.
    ///
    /// @return 0, or 111 when qmail-send does not answer
    public static int flush(List<String> arguments, Stdio stdio) {
        try {
            new QueueControlClient(State.of(stdio.environment()).run().resolve("send.sock")).retryAll();
            return 0;
        } catch (IOException e) {
            stdio.err().println("sendmail: fatal: " + Reasons.of(e));
            return 111;
        }
    }
}
