package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Verdict;
import qrate.lists.Decisions;
import qrate.lists.ListLook;
import qrate.message.MessageText;

/// Posts of a mailing list: those that wait for a moderator, and those in its archive. All of them are strangers'
/// texts, and shown as text.
final class ListPostPages {
    private static final String WAITING = "/lists/{address}/waiting";
    private static final String ARCHIVE = "/lists/{address}/archive";
    private static final String REASON = "reason";

    private final ListViews views;
    private final Sessions sessions;

    ListPostPages(ListViews views, Sessions sessions) {
        this.views = views;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", WAITING, Access.DOMAIN, r -> seen(r, this::waiting));
        router.add(
                "GET",
                WAITING + "/{id}",
                Access.DOMAIN,
                r -> seen(r, (request, address, look) -> {
                    return post(request, new At(address, look), 200, Said.NOTHING);
                }));
        router.add("POST", WAITING + "/{id}", Access.DOMAIN, r -> seen(r, this::decide));
        router.add("GET", ARCHIVE, Access.DOMAIN, r -> seen(r, this::archive));
        router.add("GET", ARCHIVE + "/{number}", Access.DOMAIN, r -> seen(r, this::archived));
    }

    /// A list that is there.
    private record At(String address, ListLook look) {}

    /// A page of a list that is there.
    @FunctionalInterface
    private interface Seen {
        Reply of(Request request, String address, ListLook look) throws IOException;
    }

    private Reply seen(Request request, Seen seen) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        return look.isEmpty() ? Errors.page(request, sessions, 404) : seen.of(request, address, look.get());
    }

    private PageLayout frame(Request request, String address, Said problem) {
        return PageLayout.of(Said.as(address), request, sessions.csrf(request.session()), problem);
    }

    /// A post that waits, as a row.
    ///
    /// @param decision what was decided of late, or empty
    record Row(ListLook.Waiting post, Optional<Decisions.Decision> decision) {}

    private Reply waiting(Request request, String address, ListLook look) throws IOException {
        List<Row> rows = look.waiting().stream()
                .map(post -> new Row(post, views.underWay(address, post.id())))
                .toList();
        PageLayout frame = frame(request, address, Said.NOTHING);
        ListHead head = ListHead.of(address, look, ListHead.WAITING);
        return new Reply.Page(200, frame, Reply.PAGES.listwaiting(frame, head, rows));
    }

    private Reply post(Request request, At at, int status, Said problem) throws IOException {
        Optional<ListLook.Waiting> post = at.look.waiting(request.path("id"));
        Optional<MessageText> reading = at.look.waitingText(request.path("id"));
        if (post.isEmpty() || reading.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = frame(request, at.address, problem);
        ListHead head = ListHead.of(at.address, at.look, ListHead.WAITING);
        Row row = new Row(post.get(), views.underWay(at.address, post.get().id()));
        return new Reply.Page(
                status, frame, Reply.PAGES.listpost(frame, head, row, reading.get(), request.form(REASON)));
    }

    private Reply decide(Request request, String address, ListLook look) throws IOException {
        Optional<ListLook.Waiting> post = look.waiting(request.path("id"));
        Decisions.Decision decision =
                request.form().containsKey("accept") ? Decisions.Decision.ACCEPT : Decisions.Decision.REJECT;
        String reason = request.form(REASON);
        At at = new At(address, look);
        if (post.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        if (reason.length() > Decisions.REASON_CHARS_MAX) {
            return post(request, at, 400, Said.of("post-reason-long", Decisions.REASON_CHARS_MAX));
        }
        return switch (views.decide(request, look, post.get(), new ListViews.Choice(address, decision, reason))) {
            case Verdict.Delivered _ -> new Reply.Redirect(Pages.pathOf("lists", address) + "/waiting?done=told");
            case Verdict.Later(String why) -> post(request, at, 503, Said.of("post-not-told", why));
            case Verdict.Never(String why) -> post(request, at, 503, Said.of("post-not-told", why));
        };
    }

    private Reply archive(Request request, String address, ListLook look) throws IOException {
        String before = request.form(Paging.BEFORE);
        long number = before.matches("[0-9]{1,15}") ? Long.parseLong(before) : 0;
        ListLook.ArchivePart part = look.archive(number, Paging.query(request), Paging.ROWS);
        PageLayout frame = frame(request, address, Said.NOTHING);
        ListHead head = ListHead.of(address, look, ListHead.ARCHIVE);
        Map<String, String> next = Paging.fixed(request, Paging.QUERY);
        next.put(Paging.BEFORE, Long.toString(part.next()));
        String later = part.next() == 0 ? "" : head.link(ListHead.ARCHIVE) + "?" + Paging.query(next);
        return new Reply.Page(
                200, frame, Reply.PAGES.listarchive(frame, head, part.posts(), request.form(Paging.QUERY), later));
    }

    private Reply archived(Request request, String address, ListLook look) throws IOException {
        String number = request.path("number");
        Optional<MessageText> reading =
                number.matches("[0-9]{1,15}") ? look.archivedText(Long.parseLong(number)) : Optional.empty();
        if (reading.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = frame(request, address, Said.NOTHING);
        ListHead head = ListHead.of(address, look, ListHead.ARCHIVE);
        return new Reply.Page(200, frame, Reply.PAGES.listarchived(frame, head, reading.get()));
    }
}
