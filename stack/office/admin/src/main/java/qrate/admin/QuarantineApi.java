package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.admin.QuarantineViews.Place;
import qrate.directory.Change;
import qrate.directory.Refusal;
import qrate.language.Language;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.Quarantine.Kept;

/// What filters had put aside, by the REST API: what its pages do.
final class QuarantineApi {
    private static final String DOMAIN = "/api/v1/domains/{domain}/quarantine";
    private static final String MAILBOX = "/api/v1/mailboxes/{address}/quarantine";

    private final QuarantineViews views;

    QuarantineApi(QuarantineViews views) {
        this.views = views;
    }

    void register(Router router) {
        register(router, DOMAIN, Access.DOMAIN);
        register(router, MAILBOX, Access.MAILBOX);
    }

    private void register(Router router, String path, Access access) {
        router.add("GET", path, access, Takes.query(Paging.BEFORE, Paging.LIMIT), this::list);
        router.add("GET", path + "/{id}", access, r -> kept(r, (_, _, kept) -> new Reply.Data(200, shape(kept))));
        router.add(
                "POST",
                path + "/{id}/release",
                access,
                r -> kept(r, (request, place, kept) -> {
                    return done(views.letOut(request, place, kept));
                }));
        router.add(
                "DELETE",
                path + "/{id}",
                access,
                r -> kept(r, (request, place, kept) -> {
                    return done(views.delete(request, place, kept));
                }));
    }

    /// What is answered about a message that is there.
    @FunctionalInterface
    private interface Action {
        Reply of(Request request, Place place, Kept kept) throws IOException;
    }

    private Reply kept(Request request, Action action) throws IOException {
        Optional<Place> place = views.place(request);
        Optional<Kept> kept = place.isEmpty() ? Optional.empty() : views.one(request, place.get());
        return kept.isEmpty() ? missing() : action.of(request, place.get(), kept.get());
    }

    private static Reply missing() {
        return Api.reply(Change.refuse(Refusal.Key.MESSAGE_MISSING));
    }

    private static Reply done(boolean done) {
        return done ? new Reply.Nothing() : missing();
    }

    private Map<String, Object> shape(Kept kept) throws IOException {
        Map<String, Object> shape = new LinkedHashMap<>(kept.json());
        shape.put("found", views.found(kept, Language.ENGLISH));
        return shape;
    }

    private Reply list(Request request) throws IOException {
        String before = request.form(Paging.BEFORE);
        if (!before.matches("[0-9]{0,18}")) {
            return Api.reply(Change.refuse(Refusal.Key.REST_MESSAGE_NUMBER, Paging.BEFORE));
        }
        Optional<Place> place = views.place(request);
        if (place.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        int limit = Math.min(Paging.ofProgram(request).most(), Quarantine.LIST_MESSAGES_MAX);
        Quarantine.Part part = views.list(place.get(), limit, before.isEmpty() ? 0 : Long.parseLong(before));
        Map<String, String> next = new LinkedHashMap<>(Paging.fixed(request, Paging.LIMIT));
        next.put(Paging.BEFORE, Long.toString(part.next()));
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (Kept kept : part.messages()) {
            shapes.add(shape(kept));
        }
        return new Reply.Data(
                200,
                shapes,
                part.next() == 0
                        ? Map.of()
                        : Map.of(
                                "Link",
                                "</api/v1" + place.get().path() + "?" + Paging.query(next) + ">; rel=\"next\""));
    }
}
