package qrate.admin;

import java.io.IOException;
import java.util.Optional;
import qrate.directory.Change;
import qrate.directory.Refusal;
import qrate.qcontrol.Trace;

/// What became of messages and what would become of one, by the REST API: what its pages do.
final class TraceApi {
    private static final String API = "/api/v1";
    private static final String TRACE = "/trace";
    private static final String EXPLAIN = "/explain";
    private static final String DOMAIN = "/domains/{domain}";

    private final TraceViews views;

    TraceApi(TraceViews views) {
        this.views = views;
    }

    void register(Router router) {
        Takes look = Takes.query(Paging.QUERY, TraceViews.DAYS, Paging.BEFORE, Paging.LIMIT);
        router.add("GET", API + TRACE, Access.ADMIN, look, this::list);
        router.add("GET", API + DOMAIN + TRACE, Access.DOMAIN, look, this::list);
        router.add("GET", API + "/mailboxes/{address}" + TRACE, Access.MAILBOX, look, this::list);
        Takes who = Takes.query(TraceViews.ADDRESS);
        router.add("GET", API + EXPLAIN, Access.ADMIN, who, this::explain);
        router.add("GET", API + DOMAIN + EXPLAIN, Access.DOMAIN, who, this::explain);
    }

    private Reply list(Request request) throws IOException {
        Optional<Long> before = Paging.number(request, Paging.BEFORE);
        if (before.isEmpty()) {
            return Api.reply(Change.refuse(Refusal.Key.REST_MESSAGE_NUMBER, Paging.BEFORE));
        }
        Optional<Integer> days = TraceViews.days(request);
        if (days.isEmpty()) {
            throw new Api.BadBody(new IOException(TraceViews.DAYS + ": must be 1 to " + TraceViews.DAYS_MAX));
        }
        int limit = Paging.ofProgram(request).most();
        Optional<MailPlace> place = views.place(request);
        if (place.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        Trace.Part part = views.find(request, place.get(), days.get(), before.get(), limit);
        return new Reply.Data(
                200,
                part.ways().stream().map(Trace.Way::json).toList(),
                Paging.older(
                        API + place.get().path(),
                        Paging.fixed(request, Paging.QUERY, TraceViews.DAYS, Paging.LIMIT),
                        part.next()));
    }

    private Reply explain(Request request) throws IOException {
        String address = request.form(TraceViews.ADDRESS);
        Optional<MailPlace> place = views.place(request);
        if (place.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        if (address.length() > Trace.WORD_CHARS_MAX || address.indexOf('@') < 0) {
            throw new Api.BadBody(new IOException(TraceViews.ADDRESS + ": an address is needed"));
        }
        if (!TraceViews.explains(place.get(), address)) {
            throw new Api.BadBody(new IOException(
                    TraceViews.ADDRESS + ": must be in " + place.get().name()));
        }
        return new Reply.Data(200, views.whatIf().of(address).json(address));
    }
}
