package qrate.admin;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.qcontrol.QueueControl;

/// The queue: look, try again, let go, give up, delete; users who are held back, and letting them send again.
final class QueuePages {
    /// Messages on a page.
    static final int PAGE_MESSAGES = 50;

    /// Recipients named where somebody is asked.
    private static final int NAMED_MAX = 50;

    private static final String PAGE = "/queue";

    private final QueueActs acts;
    private final Sessions sessions;
    private final InstantSource clock;
    private final Removal removal;

    QueuePages(QueueActs acts, Sessions sessions, InstantSource clock) {
        this.acts = acts;
        this.sessions = sessions;
        this.clock = clock;
        this.removal = new Removal(sessions);
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, r -> list(r, 200, Said.NOTHING));
        router.add("POST", PAGE + "/retry", Access.ADMIN, r -> {
            acts.retryAll(r);
            return new Reply.Redirect(PAGE + "?done=tried-all");
        });
        router.add("POST", PAGE + "/ticked", Access.ADMIN, this::ticked);
        router.add("POST", PAGE + "/{id}/retry", Access.ADMIN, r -> atOnce(r, QueueActs.Act.RETRY));
        router.add("POST", PAGE + "/{id}/hold", Access.ADMIN, r -> atOnce(r, QueueActs.Act.HOLD));
        router.add("POST", PAGE + "/{id}/release", Access.ADMIN, r -> atOnce(r, QueueActs.Act.RELEASE));
        router.add(
                "POST",
                "/senders/{login}/release",
                Access.ADMIN,
                r -> acts.letSend(r, r.path("login"))
                        ? new Reply.Redirect(PAGE + "?done=sends")
                        : Errors.page(r, sessions, 404));
        router.add("GET", PAGE + "/{id}/bounce", Access.ADMIN, r -> asked(r, QueueActs.Act.BOUNCE, false));
        router.add("POST", PAGE + "/{id}/bounce", Access.ADMIN, r -> asked(r, QueueActs.Act.BOUNCE, true));
        router.add("GET", PAGE + "/{id}/drop", Access.ADMIN, r -> asked(r, QueueActs.Act.DELETE, false));
        router.add("POST", PAGE + "/{id}/drop", Access.ADMIN, r -> asked(r, QueueActs.Act.DELETE, true));
    }

    private Reply list(Request request, int status, Said problem) throws IOException {
        QueueTable.Shown shown = new QueueTable(acts.queue()).of(request, PAGE);
        PageLayout frame = PageLayout.of(Said.of("queue"), request, sessions.csrf(request.session()), problem);
        List<QueueControl.Sender> senders = acts.queue().senders().stream()
                .filter(sender -> sender.freedom() != QueueControl.Freedom.FREE)
                .toList();
        return new Reply.Page(
                status, frame, Reply.PAGES.queue(frame, acts.queue().stat(), senders, shown, clock.instant()));
    }

    private Reply atOnce(Request request, QueueActs.Act act) throws IOException {
        Optional<QueueControl.Item> item = acts.item(request);
        return item.isEmpty() ? Errors.page(request, sessions, 404) : run(request, act, item.get());
    }

    private Reply run(Request request, QueueActs.Act act, QueueControl.Item item) throws IOException {
        return acts.run(request, act, item)
                ? new Reply.Redirect(PAGE + "?done=" + done(act))
                : Errors.page(request, sessions, 404);
    }

    private static String done(QueueActs.Act act) {
        return switch (act) {
            case RETRY -> "tried";
            case HOLD -> "held";
            case RELEASE -> "released";
            case BOUNCE -> "given-up";
            case DELETE -> "deleted";
        };
    }

    private Reply asked(Request request, QueueActs.Act act, boolean agreed) throws IOException {
        Optional<QueueControl.Item> item = acts.item(request);
        if (item.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        Removal.Plan plan = plan(act, item.get());
        return agreed ? removal.run(request, plan, r -> run(r, act, item.get())) : removal.ask(request, plan);
    }

    /// Several at once; the queue does one after the other, and what is gone meanwhile is said.
    private Reply ticked(Request request) throws IOException {
        Optional<QueueActs.Act> act = Stream.of(
                        QueueActs.Act.RETRY, QueueActs.Act.HOLD, QueueActs.Act.RELEASE, QueueActs.Act.BOUNCE)
                .filter(one -> one.word().equals(request.form(Ticks.DO)))
                .findFirst();
        List<String> ids = Ticks.of(request);
        if (act.isEmpty() || ids.isEmpty()) {
            return list(request, 400, Said.of("ticked-none"));
        }
        List<QueueControl.Item> items = new ArrayList<>();
        for (String id : ids) {
            acts.item(id).ifPresent(items::add);
        }
        if (items.size() < ids.size()) {
            return list(request, 409, Said.of("ticked-missing", ids.size() - items.size()));
        }
        return removal.askOrRun(request, plan(act.get(), items), agreed -> {
            Said left = Ticks.each(items, item -> acts.run(agreed, act.get(), item));
            return left.equals(Said.NOTHING)
                    ? new Reply.Redirect(PAGE + "?done=" + done(act.get()))
                    : list(agreed, 409, left);
        });
    }

    private static Removal.Plan plan(QueueActs.Act act, List<QueueControl.Item> items) {
        return new Removal.Plan(
                Said.of("ticked-title-" + act.word(), items.size()),
                Said.of("ticked-about-" + act.word()),
                items.stream().map(QueuePages::message).toList(),
                List.of(),
                new Removal.Way(
                        PAGE + "/ticked",
                        Ticks.fields(
                                items.stream()
                                        .map(item -> Long.toString(item.id()))
                                        .toList(),
                                act.word()),
                        PAGE,
                        Said.of("queue-do-" + act.word()),
                        ""));
    }

    private static Said message(QueueControl.Item item) {
        Said sender = item.sender().isEmpty() ? Said.of("queue-null-sender") : Said.as(item.sender());
        return Said.of(
                "queue-message",
                Long.toString(item.id()),
                sender,
                (Said) language -> language.size(item.size()),
                item.birth());
    }

    /// What goes with a message: those who have not got it are part of what is agreed to.
    private static Removal.Plan plan(QueueActs.Act act, QueueControl.Item item) {
        List<String> owed = QueueActs.owed(item);
        List<Said> losses = new ArrayList<>(owed.stream()
                .limit(NAMED_MAX)
                .map(address -> Said.of("queue-delivery", address))
                .toList());
        if (owed.size() > NAMED_MAX) {
            losses.add(Said.of("queue-deliveries-more", owed.size() - NAMED_MAX));
        }
        String number = Long.toString(item.id());
        boolean bounce = act == QueueActs.Act.BOUNCE;
        Said heard = !bounce
                ? Said.of("queue-nobody-told")
                : item.sender().isEmpty() ? Said.of("queue-postmaster-told") : Said.of("queue-sender-told");
        return new Removal.Plan(
                bounce ? Said.of("queue-bounce-what", number) : Said.of("queue-delete-what", number),
                List.of(message(item), heard),
                losses,
                new Removal.Way(
                        PAGE + "/" + item.id() + (bounce ? "/bounce" : "/drop"),
                        PAGE,
                        bounce ? Said.of("queue-do-bounce") : Said.of("queue-delete")));
    }
}
