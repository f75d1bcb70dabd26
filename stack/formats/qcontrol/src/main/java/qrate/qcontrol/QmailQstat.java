package qrate.qcontrol;

import java.io.IOException;
import java.util.List;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.core.State;

/// qmail-qstat: how many messages are in the queue (qmail-qstat(8)).
public final class QmailQstat implements Program {
    @Override
    public int run(List<String> arguments, Stdio stdio) {
        try {
            QueueControl control =
                    new QueueControlClient(State.of(stdio.environment()).run().resolve("send.sock"));
            stdio.out().println("messages in queue: " + control.stat().messages());
            // a message is accepted and preprocessed in one step here
            stdio.out().println("messages in queue but not yet preprocessed: 0");
            return 0;
        } catch (IOException e) {
            stdio.err().println("qmail-qstat: fatal: " + Reasons.of(e));
            return 111;
        }
    }
}
