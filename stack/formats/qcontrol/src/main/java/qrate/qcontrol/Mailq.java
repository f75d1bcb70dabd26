package qrate.qcontrol;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;

/// mailq: qmail-qread's list with a last line that monitors read, in the words of Postfix: `Mail queue is empty`, or
/// `-- 12 Kbytes in 3 Requests.`
public final class Mailq implements Program {
    private static final long KBYTE = 1024;

    private static final class Sums {
        private long messages;
        private long bytes;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        PrintStream out = stdio.out();
        Sums sums = new Sums();
        try {
            if (QmailQread.json(arguments)) {
                QmailQread.list(stdio);
                return 0;
            }
            QmailQread.each(stdio, item -> {
                QmailQread.print(item, out);
                sums.messages++;
                sums.bytes += item.size();
            });
        } catch (IOException e) {
            stdio.err().println("mailq: fatal: " + Reasons.of(e));
            return 111;
        }
        out.print(
                sums.messages == 0
                        ? "Mail queue is empty\n"
                        : "-- " + (sums.bytes + KBYTE - 1) / KBYTE + " Kbytes in " + sums.messages
                                + (sums.messages == 1 ? " Request.\n" : " Requests.\n"));
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
