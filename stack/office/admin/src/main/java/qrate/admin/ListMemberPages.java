package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Slice;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.lists.ListLook;
import qrate.lists.ListSet;

/// Who is on a mailing list, moderates it, may post or may not: one page for each of its sets.
final class ListMemberPages {
    private static final String PAGE = "/lists/{address}";
    private static final String SET = "set";
    private static final String ADDRESSES = "addresses";

    private final ListViews views;
    private final Sessions sessions;

    ListMemberPages(ListViews views, Sessions sessions) {
        this.views = views;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.DOMAIN, r -> page(r, 200, Said.NOTHING));
        router.add("POST", PAGE + "/add", Access.DOMAIN, this::add);
        router.add("POST", PAGE + "/take", Access.DOMAIN, this::take);
    }

    private static Optional<ListSet> set(Request request) {
        String word = request.form(SET);
        return ListSet.of(word.isEmpty() ? ListSet.SUBSCRIBERS.word() : word);
    }

    private Reply page(Request request, int status, Said problem) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        Optional<ListSet> set = set(request);
        if (look.isEmpty() || set.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        Slice.Part<ListLook.Person> part = look.get().people(set.get(), Paging.of(request));
        ListHead head = ListHead.of(address, look.get(), set.get().word());
        Paging.Around around =
                Paging.around(head.path(), Paging.fixed(request, SET, Paging.QUERY), part, ListLook.Person::address);
        PageLayout frame = PageLayout.of(Said.as(address), request, sessions.csrf(request.session()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.listmembers(
                        frame, head, part.rows(), around, request.form(Paging.QUERY), request.form(ADDRESSES)));
    }

    /// One address a line; empty lines and comments count for nothing.
    private static List<String> lines(Request request) {
        return request.form(ADDRESSES)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private Reply add(Request request) throws IOException {
        List<String> lines = lines(request);
        Optional<ListSet> set = set(request);
        if (set.isEmpty()) {
            return Errors.page(request, sessions, 400);
        }
        return lines.isEmpty()
                ? page(request, 400, Said.of("member-none").at("addresses"))
                : after(request, new Edit.AddToList(views.address(request), set.get(), lines), "added");
    }

    private Reply take(Request request) throws IOException {
        Optional<ListSet> set = set(request);
        return set.isEmpty()
                ? Errors.page(request, sessions, 400)
                : after(
                        request,
                        new Edit.TakeFromList(views.address(request), set.get(), List.of(request.form("address"))),
                        "removed");
    }

    private Reply after(Request request, Edit edit, String done) throws IOException {
        Change change = views.domains().apply(edit, request.actor());
        Map<String, String> next = Paging.fixed(request, SET, Paging.QUERY);
        next.put("done", done);
        return switch (change) {
            case Change.Done _ ->
                new Reply.Redirect(Pages.pathOf("lists", views.address(request)) + "?" + Paging.query(next));
            case Change.Refused refused -> page(request, Api.status(refused.reason()), Said.of(refused));
        };
    }
}
