package qrate.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import qrate.qcontrol.Trace;

/// What became of messages and what would become of one, for people: an administrator sees all, a postmaster those of
/// the domain, an owner those of the mailbox.
final class TracePages {
    private static final String PAGE = "/trace";

    private final TraceViews views;
    private final Sessions sessions;

    TracePages(TraceViews views, Sessions sessions) {
        this.views = views;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, this::look);
        router.add("GET", "/domains/{domain}" + PAGE, Access.DOMAIN, this::look);
        router.add("GET", "/mailboxes/{address}" + PAGE, Access.MAILBOX, this::look);
    }

    /// What is looked for and what is found.
    ///
    /// @param older where those before are; empty where there are none
    /// @param address for whom mail would be; empty where nobody asks
    record Look(
            MailPlace place,
            String query,
            int days,
            Trace.Part part,
            String older,
            String address,
            Optional<WhatIf.Fate> fate) {
        /// Whether it can be asked here what would happen.
        boolean asks() {
            return !place.mailbox();
        }
    }

    private Reply look(Request request) throws IOException {
        Optional<MailPlace> place = views.place(request);
        if (place.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        Optional<Integer> days = TraceViews.days(request);
        long number = Paging.number(request, Paging.BEFORE).orElse(0L);
        Trace.Part part = views.find(request, place.get(), days.orElse(TraceViews.DAYS_MAX), number, Paging.ROWS);
        String address =
                place.get().mailbox() ? "" : request.form(TraceViews.ADDRESS).strip();
        Said problem = Said.NOTHING;
        Optional<WhatIf.Fate> fate = Optional.empty();
        if (!address.isEmpty() && (address.length() > Trace.WORD_CHARS_MAX || address.indexOf('@') < 0)) {
            problem = Said.of("trace-no-address");
        } else if (!address.isEmpty() && !TraceViews.explains(place.get(), address)) {
            problem = Said.of("trace-other-domain", place.get().name());
        } else if (!address.isEmpty()) {
            fate = Optional.of(views.whatIf().of(address));
        }
        Said title = place.get().everybody()
                ? Said.of("trace")
                : Said.of("trace-title", place.get().name());
        PageLayout frame = PageLayout.of(title, request, sessions.csrf(request.session()), problem);
        Look look = new Look(
                place.get(),
                request.form(Paging.QUERY).strip(),
                days.orElse(TraceViews.DAYS_MAX),
                part,
                older(request, place.get(), part),
                address,
                fate);
        return new Reply.Page(Said.NOTHING.equals(problem) ? 200 : 400, frame, Reply.PAGES.trace(frame, look));
    }

    private static String older(Request request, MailPlace place, Trace.Part part) {
        if (part.next() == 0) {
            return "";
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String name : new String[] {Paging.QUERY, TraceViews.DAYS}) {
            if (!request.form(name).isEmpty()) {
                parameters.put(name, request.form(name));
            }
        }
        parameters.put(Paging.BEFORE, Long.toString(part.next()));
        return place.path() + "?" + Paging.query(parameters);
    }
}
