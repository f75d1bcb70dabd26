package qrate.send;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import qrate.address.Routing;
import qrate.core.Client;
import qrate.core.Envelope;
import qrate.qcontrol.QueueControl;
import qrate.queue.Queue;
import qrate.queue.Queue.Message;
import qrate.queue.Queue.State;

/// Reads messages for those who look at the queue.
final class Desk {
    private final Queue queue;
    private final Ways ways;
    private final LastReasons reasons;

    Desk(Queue queue, Ways ways, LastReasons reasons) {
        this.queue = queue;
        this.ways = ways;
        this.reasons = reasons;
    }

    /// A message and when it is due.
    record Waiting(long id, long due, boolean held) {
        /// Whether no attempt of it was ever made.
        boolean untried() {
            return due < 0;
        }
    }

    /// A message that ended meanwhile, or cannot be read now, is left out.
    List<QueueControl.Item> list(List<Waiting> waiting) {
        List<QueueControl.Item> items = new ArrayList<>();
        for (Waiting one : waiting) {
            try {
                items.add(item(queue.read(one.id), one.due, one.held));
            } catch (IOException | RuntimeException _) {
                // the scheduler says so in the log when it comes to it
            }
        }
        return items;
    }

    private QueueControl.Item item(Message message, long due, boolean held) {
        Envelope envelope = message.envelope();
        Routing routing = ways.current();
        List<QueueControl.Line> lines = new ArrayList<>();
        for (int i = 0; i < message.states().size(); i++) {
            Routing.Route route = routing.route(envelope.recipients().get(i).address());
            QueueControl.Progress progress = switch (message.states().get(i)) {
                case State.Pending _ -> QueueControl.Progress.PENDING;
                case State.Delivered _ -> QueueControl.Progress.DELIVERED;
                case State.Refused _ -> QueueControl.Progress.REFUSED;
            };
            String why = switch (message.states().get(i)) {
                case State.Pending _ -> reasons.of(message.id(), i);
                case State.Delivered _ -> "";
                case State.Refused(var text) -> text;
            };
            lines.add(new QueueControl.Line(route.address(), route.channel(), progress, why));
        }
        Instant next = Instant.ofEpochMilli(
                due <= 0 || due == Backlog.NEVER ? message.birth().toEpochMilli() : due);
        return new QueueControl.Item(
                message.id(),
                message.birth(),
                envelope.sender(),
                message.body().size(),
                next,
                held,
                login(envelope.client()),
                held ? envelope.heldFor() : "",
                lines);
    }

    /// Of whoever logged in; a program's user is no login.
    private static String login(Client client) {
        return client.door().equals(Client.BY_HAND) ? "" : client.login();
    }
}
