package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                "POST", path + "/{id}/release", access, r -> kept(r, (_, at, kept) -> done(views.letOut(r, at, kept))));
        router.add("DELETE", path + "/{id}", access, r -> kept(r, (_, at, kept) -> done(views.delete(r, at, kept))));
    }

    private Reply kept(Request request, QuarantineViews.Action action) throws IOException {
        return views.kept(request, action).orElseGet(QuarantineApi::missing);
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
        Optional<Long> before = Paging.number(request, Paging.BEFORE);
        if (before.isEmpty()) {
            return Api.reply(Change.refuse(Refusal.Key.REST_MESSAGE_NUMBER, Paging.BEFORE));
        }
        Optional<MailPlace> place = views.place(request);
        if (place.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        int limit = Math.min(Paging.ofProgram(request).most(), Quarantine.LIST_MESSAGES_MAX);
        Quarantine.Part part = views.list(place.get(), limit, before.get());
        List<Map<String, Object>> shapes = new ArrayList<>();
        for (Kept kept : part.messages()) {
            shapes.add(shape(kept));
        }
        return new Reply.Data(
                200,
                shapes,
                Paging.older("/api/v1" + place.get().path(), Paging.fixed(request, Paging.LIMIT), part.next()));
    }
}
