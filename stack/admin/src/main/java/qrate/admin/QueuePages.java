package qrate.admin;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import qrate.qcontrol.QueueControl;

/// The queue: look, try again, give up, delete.
final class QueuePages {
    /// Messages on a page.
    static final int PAGE_MESSAGES = 50;

    private final QueueControl queue;
    private final Sessions sessions;
    private final InstantSource clock;

    QueuePages(QueueControl queue, Sessions sessions, InstantSource clock) {
        this.queue = queue;
        this.sessions = sessions;
        this.clock = clock;
    }

    void register(Router router) {
        router.add("GET", "/queue", Access.ADMIN, this::list);
        router.add("POST", "/queue/retry", Access.ADMIN, this::retryAll);
        router.add("POST", "/queue/{id}/retry", Access.ADMIN, r -> one(r, queue::retry));
        router.add("POST", "/queue/{id}/bounce", Access.ADMIN, r -> one(r, queue::bounce));
        router.add("POST", "/queue/{id}/drop", Access.ADMIN, r -> one(r, queue::drop));
        router.add("GET", "/api/v1/queue", Access.ADMIN, this::stat);
    }

    /// A page of the queue after a message.
    private static long after(Request request) {
        String text = request.form("after");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    private Reply list(Request request) throws IOException {
        var items = queue.list(PAGE_MESSAGES, after(request));
        return new Reply.Page(
                200,
                "queue.jte",
                Map.of(
                        "frame", Frame.of("Queue", request, sessions.csrf(request.session()), ""),
                        "stat", queue.stat(),
                        "items", items,
                        "more", items.size() == PAGE_MESSAGES ? items.getLast().id() : 0L,
                        "now", clock.instant()));
    }

    private Reply retryAll(Request request) throws IOException {
        queue.retryAll();
        return new Reply.Redirect("/queue?done=asked");
    }

    @FunctionalInterface
    private interface Order {
        boolean give(long id) throws IOException;
    }

    private Reply one(Request request, Order order) throws IOException {
        String id = request.path("id");
        boolean known = id.matches("[0-9]{1,18}") && order.give(Long.parseLong(id));
        return known ? new Reply.Redirect("/queue?done=asked") : Errors.page(request, sessions, 404);
    }

    private Reply stat(Request request) throws IOException {
        QueueControl.Stat stat = queue.stat();
        return new Reply.Data(
                200,
                Map.of(
                        "messages", stat.messages(),
                        "local", stat.local(),
                        "localMax", stat.localMax(),
                        "remote", stat.remote(),
                        "remoteMax", stat.remoteMax()));
    }
}
