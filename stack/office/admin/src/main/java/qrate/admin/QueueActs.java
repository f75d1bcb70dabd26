package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import qrate.core.Log;
import qrate.directory.Domains;
import qrate.qcontrol.QueueControl;

/// What somebody may do to the queue, by whichever door; each stands in the audit log.
record QueueActs(QueueControl queue, Domains domains, Log log) {
    /// Recipients named in a line of the audit log.
    private static final int NAMED_MAX = 10;

    /// What can be done with a message.
    enum Act {
        RETRY("try", "now"),
        HOLD("hold", "until it is let go"),
        RELEASE("let go of", "that was held"),
        BOUNCE("give up", "and bounce"),
        DELETE("delete", "without a bounce");

        private final String verb;
        private final String how;

        Act(String verb, String how) {
            this.verb = verb;
            this.how = how;
        }

        /// As forms spell it.
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The message in a request's path.
    Optional<QueueControl.Item> item(Request request) throws IOException {
        return item(request.path("id"));
    }

    /// The message of a number.
    Optional<QueueControl.Item> item(String id) throws IOException {
        if (!id.matches("[1-9][0-9]{0,17}")) {
            return Optional.empty();
        }
        return QueueTable.one(queue, Long.parseLong(id));
    }

    void retryAll(Request request) throws IOException {
        queue.retryAll();
        note(request, "queue: try all messages now");
    }

    /// Lets a user send again.
    ///
    /// @return false when nothing is known of that user
    boolean letSend(Request request, String login) throws IOException {
        boolean known = queue.letSend(login);
        if (known) {
            note(request, "queue: let " + login + " send again");
        }
        return known;
    }

    /// What a user who is stopped is stopped for; nothing for all others.
    Optional<QueueControl.Sender> stopped(String login) throws IOException {
        return queue.senders().stream()
                .filter(sender -> sender.stopped() && sender.login().equalsIgnoreCase(login))
                .findFirst();
    }

    /// Does it.
    ///
    /// @return false when the message is gone meanwhile
    boolean run(Request request, Act act, QueueControl.Item item) throws IOException {
        boolean known = switch (act) {
            case RETRY -> queue.retry(item.id());
            case HOLD -> queue.hold(item.id(), true);
            case RELEASE -> queue.hold(item.id(), false);
            case BOUNCE -> queue.bounce(item.id());
            case DELETE -> queue.drop(item.id());
        };
        if (known) {
            note(
                    request,
                    "queue: " + act.verb + " message " + item.id() + " " + act.how + ", from " + sender(item) + " to "
                            + named(owed(item)));
        }
        return known;
    }

    /// The queue has been asked already: a line that cannot be written stands in the log at least.
    private void note(Request request, String what) {
        log.line("admin: " + request.name() + " from " + request.remote() + ": " + what);
        try {
            domains.audit().done(request.actor(), what);
        } catch (IOException e) {
            log.line("admin: not in the audit log: " + what + ": " + e.getMessage());
        }
    }

    /// Some of the recipients, and how many more there are.
    static String named(List<String> recipients) {
        String more = recipients.size() > NAMED_MAX ? " and " + (recipients.size() - NAMED_MAX) + " more" : "";
        return recipients.stream().limit(NAMED_MAX).collect(Collectors.joining(", ")) + more;
    }

    static String sender(QueueControl.Item item) {
        return item.sender().isEmpty() ? "<> (a bounce)" : item.sender();
    }

    /// Whoever is still to get the message.
    static List<String> owed(QueueControl.Item item) {
        return item.recipients().stream()
                .filter(line -> line.progress() == QueueControl.Progress.PENDING)
                .map(QueueControl.Line::address)
                .toList();
    }
}
