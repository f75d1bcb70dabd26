package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.core.Slice;
import qrate.directory.Change;
import qrate.directory.Refusal;
import qrate.qcontrol.QueueControl;

/// The queue, below `/api/v1/queue`: what its pages do.
final class QueueApi {
    private static final String QUEUE = "/api/v1/queue";
    private static final String MESSAGES = QUEUE + "/messages";
    private static final String MESSAGE = MESSAGES + "/{id}";
    private static final String SENDERS = QUEUE + "/senders";
    private static final String AFTER = "after";

    private final QueueActs acts;

    QueueApi(QueueActs acts) {
        this.acts = acts;
    }

    void register(Router router) {
        router.add("GET", QUEUE, Access.ADMIN, _ -> stat());
        router.add("POST", QUEUE + "/retry", Access.ADMIN, r -> {
            acts.retryAll(r);
            return new Reply.Nothing();
        });
        router.add("GET", MESSAGES, Access.ADMIN, Takes.query(AFTER), this::messages);
        router.add("GET", MESSAGE, Access.ADMIN, this::one);
        router.add("POST", MESSAGE + "/retry", Access.ADMIN, r -> act(r, QueueActs.Act.RETRY));
        router.add("POST", MESSAGE + "/hold", Access.ADMIN, r -> act(r, QueueActs.Act.HOLD));
        router.add("POST", MESSAGE + "/release", Access.ADMIN, r -> act(r, QueueActs.Act.RELEASE));
        router.add("POST", MESSAGE + "/bounce", Access.ADMIN, r -> act(r, QueueActs.Act.BOUNCE));
        router.add("GET", SENDERS, Access.ADMIN, _ -> senders());
        router.add("POST", SENDERS + "/{login}/release", Access.ADMIN, this::letSend);
        router.add("DELETE", MESSAGE, Access.ADMIN, r -> act(r, QueueActs.Act.DELETE));
    }

    private Reply stat() throws IOException {
        return new Reply.Data(200, acts.queue().stat().json());
    }

    private Reply messages(Request request) throws IOException {
        Optional<Long> after = Paging.number(request, AFTER);
        if (after.isEmpty()) {
            return Api.reply(Change.refuse(Refusal.Key.REST_MESSAGE_NUMBER, AFTER));
        }
        List<QueueControl.Item> items = acts.queue().list(QueuePages.PAGE_MESSAGES, after.get());
        // whether there are others only the next look says
        Slice.Part<QueueControl.Item> part =
                new Slice.Part<>(items, false, items.size() >= QueuePages.PAGE_MESSAGES, items.size());
        return CollectionApi.part(
                request,
                MESSAGES,
                part,
                new CollectionApi.Look<>(QueueControl.Item::json, item -> Long.toString(item.id())));
    }

    private Reply senders() throws IOException {
        return new Reply.Data(
                200,
                acts.queue().senders().stream().map(QueueControl.Sender::json).toList());
    }

    private Reply letSend(Request request) throws IOException {
        return acts.letSend(request, request.path("login"))
                ? new Reply.Nothing()
                : Api.reply(Change.refuse(Refusal.Key.SENDER_MISSING));
    }

    private static Reply missing() {
        return Api.reply(Change.refuse(Refusal.Key.MESSAGE_MISSING));
    }

    private Reply one(Request request) throws IOException {
        Optional<QueueControl.Item> item = acts.item(request);
        return item.isEmpty() ? missing() : new Reply.Data(200, item.get().json());
    }

    private Reply act(Request request, QueueActs.Act act) throws IOException {
        Optional<QueueControl.Item> item = acts.item(request);
        return item.isPresent() && acts.run(request, act, item.get()) ? new Reply.Nothing() : missing();
    }
}
