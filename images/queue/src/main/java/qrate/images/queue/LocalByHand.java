package qrate.images.queue;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import qrate.core.Program;
import qrate.local.QmailLocal;
import qrate.queue.QmailQueue;

/// The commands on lspawn's side of the queue.
final class LocalByHand {
    private LocalByHand() {}

    static Map<String, Program> commands() {
        InstantSource clock = InstantSource.system();
        Map<String, Program> commands = new TreeMap<>();
        commands.put(
                "qmail-local",
                new QmailLocal(
                        environment -> QmailQueue.received(ByHand.queue(environment), "by local delivery", clock),
                        clock));
        return commands;
    }
}
