package qrate.qcontrol;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import qrate.core.JsonWriter;
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
            QueueControl.Stat stat = control.stat();
            // a message is accepted and preprocessed in one step here
            if (QmailQread.json(arguments)) {
                Map<String, Object> shape = new LinkedHashMap<>(stat.json());
                shape.put("notPreprocessed", 0);
                JsonWriter.print(shape, stdio.out());
                return 0;
            }
            stdio.out().println("messages in queue: " + stat.messages());
            stdio.out().println("messages in queue but not yet preprocessed: 0");
            return 0;
        } catch (IOException e) {
            stdio.err().println("qmail-qstat: fatal: " + Reasons.of(e));
            return 111;
        }
    }
}
