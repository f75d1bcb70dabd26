package qrate.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import qrate.directory.Audit;
import qrate.directory.Domains;

/// The audit log. What is looked for is a name first, whose lines an index finds among a million; else words, for which
/// so many lines are gone through at once.
record AuditPages(Domains domains, Sessions sessions) {
    private static final String PAGE = "/audit";
    private static final String WORDS = "words";

    void register(Router router) {
        router.add("GET", PAGE, Access.ADMIN, this::page);
    }

    /// How the lines are looked at.
    ///
    /// @param query what is looked for
    /// @param older where the next lines are, or empty
    /// @param words where it is looked for in every line, while only those of a name are shown; else empty
    /// @param further whether there are older lines that were not gone through
    record Look(String query, String older, String words, boolean further) {}

    private Reply page(Request request) throws IOException {
        long number = Paging.number(request, Paging.BEFORE).orElse(0L);
        String query = Paging.query(request);
        Audit audit = domains.audit();
        boolean name = request.form(WORDS).isEmpty() && audit.isName(query);
        Audit.Part part = name ? audit.of(query, number, Paging.ROWS) : audit.older(number, query, Paging.ROWS);
        Map<String, String> next = Paging.fixed(request, Paging.QUERY, WORDS);
        next.put(Paging.BEFORE, Long.toString(part.next()));
        Map<String, String> words = new LinkedHashMap<>(Map.of(Paging.QUERY, query));
        words.put(WORDS, "1");
        Look look = new Look(
                request.form(Paging.QUERY),
                part.next() == 0 ? "" : PAGE + "?" + Paging.query(next),
                name ? PAGE + "?" + Paging.query(words) : "",
                part.next() > 0 && part.lines().size() < Paging.ROWS);
        PageLayout frame =
                PageLayout.of(Said.of("audit-title"), request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(200, frame, Reply.PAGES.audit(frame, part.lines(), look));
    }
}
