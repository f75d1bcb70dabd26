package qrate.admin;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Slice;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Matches;
import qrate.directory.Principal;
import qrate.directory.Shapes;

/// One field for all that has an address: an administrator looks into every domain, a postmaster into one, and whoever
/// owns a mailbox finds nothing, since all of it is on the account page.
final class SearchPages {
    static final String PAGE = "/search";

    /// Most of a kind; whoever finds more types more.
    static final int MOST = 20;

    private static final Matches NONE = new Matches(none(), none(), none(), none());

    private final Domains domains;
    private final ListViews lists;
    private final Sessions sessions;

    SearchPages(Domains domains, ListViews lists, Sessions sessions) {
        this.domains = domains;
        this.lists = lists;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", PAGE, Access.SIGNED_IN, this::page);
        router.add("GET", "/api/v1/search", Access.SIGNED_IN, Takes.query(Paging.QUERY), this::data);
    }

    private static <T> Slice.Part<T> none() {
        return new Slice.Part<>(List.of(), false, false, 0);
    }

    private Matches found(Request request) throws IOException {
        String text = Paging.query(request);
        if (text.isEmpty()) {
            return NONE;
        }
        Matches found = switch (request.principal()) {
            case Principal.Administrator _ -> domains.search(text, Optional.empty(), MOST);
            case Principal.Postmaster p -> domains.search(text, Optional.of(p.domain()), MOST);
            case Principal.Owner _ -> NONE;
        };
        return new Matches(found.domains(), found.mailboxes(), found.aliases(), whole(found.lists()));
    }

    /// Those that have a folder: the directory knows of a list what an alias could be, too.
    private Slice.Part<String> whole(Slice.Part<String> found) {
        List<String> there = found.rows().stream()
                .filter(address -> lists.look(address).isPresent())
                .toList();
        return new Slice.Part<>(
                there, false, found.later(), found.all() - (found.rows().size() - there.size()));
    }

    /// The page of what is called just so, if whoever asks may see it.
    private Optional<String> exactly(Request request, String text) throws IOException {
        Optional<Principal> who = Optional.of(request.principal());
        if (text.indexOf('@') >= 0) {
            return domains.mailbox(text)
                    .map(EditableDirectory.Mailbox::address)
                    .filter(address -> Access.MAILBOX.allows(who, Map.of("address", address)))
                    .map(address -> Pages.pathOf("mailboxes", address));
        }
        return domains.domain(text)
                .map(EditableDirectory.Domain::name)
                .filter(name -> Access.DOMAIN.allows(who, Map.of("domain", name)))
                .map(name -> Pages.pathOf("domains", name));
    }

    private Reply page(Request request) throws IOException {
        Optional<String> there = exactly(request, Paging.query(request));
        if (there.isPresent()) {
            return new Reply.Redirect(there.get());
        }
        PageLayout frame = PageLayout.of(Said.of("search"), request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(
                200,
                frame,
                Reply.PAGES.found(
                        frame, found(request), request.form(Paging.QUERY).strip()));
    }

    /// Where a line of an alias is shown.
    static String link(EditableDirectory.Alias alias) {
        String address = alias.address();
        return Pages.pathOf("domains", address.substring(address.lastIndexOf('@') + 1)) + "/aliases?"
                + Paging.query(Map.of(Paging.QUERY, alias.local()));
    }

    /// Where it is told what became of mail for what was looked for.
    static String trace(PageLayout frame, String query) {
        String path = frame.admin() ? "/trace" : Pages.pathOf("domains", frame.domain()) + "/trace";
        return path + "?" + Paging.query(Map.of(Paging.QUERY, query));
    }

    private Reply data(Request request) throws IOException {
        Matches found = found(request);
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("domains", part(found.domains(), name -> name));
        shape.put("mailboxes", part(found.mailboxes(), Shapes::of));
        shape.put("aliases", part(found.aliases(), Shapes::of));
        shape.put("lists", part(found.lists(), address -> address));
        return new Reply.Data(200, shape);
    }

    private static <T> Map<String, Object> part(Slice.Part<T> part, Function<T, Object> shape) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("all", part.all());
        said.put("first", part.rows().stream().map(shape).toList());
        return said;
    }
}
