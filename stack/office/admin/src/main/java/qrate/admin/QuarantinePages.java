package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.Quarantine.Kept;

/// What filters had put aside: a domain's for its postmaster, one's own for an owner. Look why, let out, delete.
final class QuarantinePages {
    private static final String DOMAIN = "/domains/{domain}/quarantine";
    private static final String MAILBOX = "/mailboxes/{address}/quarantine";

    private static final String LET_OUT = "let-out";
    private static final List<String> ACTS = List.of(LET_OUT, "delete");

    private final QuarantineViews views;
    private final Sessions sessions;
    private final Removal removal;

    QuarantinePages(QuarantineViews views, Sessions sessions) {
        this.views = views;
        this.sessions = sessions;
        this.removal = new Removal(sessions);
    }

    void register(Router router) {
        register(router, DOMAIN, Access.DOMAIN);
        register(router, MAILBOX, Access.MAILBOX);
    }

    private void register(Router router, String path, Access access) {
        router.add("GET", path, access, r -> list(r, 200, Said.NOTHING));
        router.add("POST", path + "/ticked", access, this::ticked);
        router.add("GET", path + "/{id}", access, r -> kept(r, this::look));
        router.add("POST", path + "/{id}", access, r -> kept(r, this::letOut));
        router.add(
                "GET",
                path + "/{id}/delete",
                access,
                r -> kept(r, (_, place, kept) -> removal.ask(r, plan(place, kept))));
        router.add("POST", path + "/{id}/delete", access, r -> kept(r, this::delete));
    }

    private Reply kept(Request request, QuarantineViews.Action action) throws IOException {
        return views.kept(request, action).orElseGet(() -> missing(request));
    }

    private Reply missing(Request request) {
        return Errors.page(request, sessions, 404);
    }

    private PageLayout frame(Request request, Said title) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), Said.NOTHING);
    }

    private Reply list(Request request, int status, Said problem) throws IOException {
        Optional<MailPlace> place = views.place(request);
        if (place.isEmpty()) {
            return missing(request);
        }
        long number = Paging.number(request, Paging.BEFORE).orElse(0L);
        Quarantine.Part part = views.list(place.get(), Paging.ROWS, number);
        PageLayout frame = PageLayout.of(
                Said.of("quarantine-title", place.get().name()), request, sessions.csrf(request.session()), problem);
        String older = part.next() == 0 ? "" : place.get().path() + "?" + Paging.BEFORE + "=" + part.next();
        return new Reply.Page(status, frame, Reply.PAGES.quarantine(frame, place.get(), part.messages(), older));
    }

    private Reply look(Request request, MailPlace place, Kept kept) throws IOException {
        PageLayout frame = frame(
                request,
                kept.about().subject().isEmpty()
                        ? Said.of("no-subject")
                        : Said.as(kept.about().subject()));
        List<String> found = views.found(kept, request.language());
        return new Reply.Page(200, frame, Reply.PAGES.quarantined(frame, place, kept, found));
    }

    private Reply letOut(Request request, MailPlace place, Kept kept) throws IOException {
        return views.letOut(request, place, kept)
                ? new Reply.Redirect(place.path() + "?done=let-out")
                : missing(request);
    }

    /// Several at once; the queue does one after the other, and what is gone meanwhile is said.
    private Reply ticked(Request request) throws IOException {
        Optional<MailPlace> place = views.place(request);
        if (place.isEmpty()) {
            return missing(request);
        }
        String act = request.form(Ticks.DO);
        List<String> ids = Ticks.of(request);
        if (ids.isEmpty() || !ACTS.contains(act)) {
            return list(request, 400, Said.of("ticked-none"));
        }
        List<Kept> all = new ArrayList<>();
        for (String id : ids) {
            views.one(place.get(), id).ifPresent(all::add);
        }
        if (all.size() < ids.size()) {
            return list(request, 409, Said.of("ticked-missing", ids.size() - all.size()));
        }
        boolean out = act.equals(LET_OUT);
        return removal.askOrRun(request, plan(place.get(), all, act), agreed -> {
            Said left = Ticks.each(
                    all,
                    kept -> out ? views.letOut(agreed, place.get(), kept) : views.delete(agreed, place.get(), kept));
            return left.equals(Said.NOTHING)
                    ? new Reply.Redirect(place.get().path() + "?done=" + (out ? "let-out" : "deleted"))
                    : list(agreed, 409, left);
        });
    }

    private static Removal.Plan plan(MailPlace place, List<Kept> all, String act) {
        return new Removal.Plan(
                Said.of("ticked-title-" + act, all.size()),
                act.equals(LET_OUT) ? Said.of("quarantine-careful") : Said.of("removal-goes"),
                all.stream().map(QuarantinePages::message).toList(),
                List.of(),
                new Removal.Way(
                        place.path() + "/ticked",
                        Ticks.fields(
                                all.stream()
                                        .map(kept -> Long.toString(kept.id()))
                                        .toList(),
                                act),
                        place.path(),
                        Said.of("ticked-do-" + act),
                        ""));
    }

    private static Said message(Kept kept) {
        return Said.of(
                "quarantine-goes",
                kept.about().from().isEmpty() ? kept.sender() : kept.about().from(),
                kept.about().subject(),
                kept.since());
    }

    private static Removal.Plan plan(MailPlace place, Kept kept) {
        return new Removal.Plan(
                Said.of("quarantine-delete"),
                List.of(message(kept), Said.of("queue-nobody-told")),
                kept.recipients().stream()
                        .limit(Paging.ROWS)
                        .map(address -> Said.of("queue-delivery", address))
                        .toList(),
                new Removal.Way(
                        place.path() + "/" + kept.id() + "/delete",
                        place.path() + "/" + kept.id(),
                        Said.of("quarantine-delete")));
    }

    private Reply delete(Request request, MailPlace place, Kept kept) throws IOException {
        return removal.run(
                request,
                plan(place, kept),
                r -> views.delete(r, place, kept) ? new Reply.Redirect(place.path() + "?done=deleted") : missing(r));
    }
}
