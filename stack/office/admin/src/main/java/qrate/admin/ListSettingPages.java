package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.Slice;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Loss;
import qrate.lists.ListLook;
import qrate.lists.ListSet;
import qrate.lists.ListSettings;

/// A domain's mailing lists: making one, what is set for it, removing it with all that goes.
final class ListSettingPages {
    private static final String DOMAIN = "/domains/{domain}/lists";
    private static final String LIST = "/lists/{address}";
    private static final String NAME = "name";
    private static final String OWNER = "owner";
    private static final String PREFIX = "prefix";
    private static final String ONE_CLICK = "one_click";
    private static final String REWRITE = "rewrite_from";

    private final ListViews views;
    private final Sessions sessions;
    private final Removal removal;

    ListSettingPages(ListViews views, Sessions sessions) {
        this.views = views;
        this.sessions = sessions;
        this.removal = new Removal(sessions);
    }

    void register(Router router) {
        router.add("GET", DOMAIN, Access.DOMAIN, r -> lists(r, r.path("domain"), 200, Said.NOTHING));
        router.add("POST", LIST + "/open", Access.DOMAIN, this::open);
        router.add("GET", DOMAIN + "/add", Access.DOMAIN, r -> fresh(r, 200, Said.NOTHING));
        router.add("POST", DOMAIN + "/add", Access.DOMAIN, this::make);
        router.add("GET", LIST + "/settings", Access.DOMAIN, r -> settings(r, 200, Said.NOTHING));
        router.add("POST", LIST + "/settings", Access.DOMAIN, this::set);
        router.add("GET", LIST + "/delete", Access.DOMAIN, r -> remove(r, false));
        router.add("POST", LIST + "/delete", Access.DOMAIN, r -> remove(r, true));
    }

    /// A list of a domain, as a row.
    ///
    /// @param closed whether no mail reaches it
    record Row(String address, String path, int waiting, boolean closed) {}

    private Reply lists(Request request, String name, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> domain = views.domains().domain(name);
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String real = domain.get().real();
        Slice.Part<String> part = views.lists(real, Paging.of(request));
        Set<String> reached = views.reached(real);
        List<Row> rows = new ArrayList<>();
        for (String address : part.rows()) {
            Optional<ListLook> look = views.look(address);
            int waiting = look.isEmpty() ? 0 : look.get().waitingCount();
            rows.add(new Row(address, Pages.pathOf("lists", address), waiting, !reached.contains(address)));
        }
        PageLayout frame = PageLayout.of(Said.as(real), request, sessions.csrf(request.session()), problem);
        String path = Pages.pathOf("domains", real) + "/lists";
        Paging.Around around = Paging.around(path, Paging.fixed(request, Paging.QUERY), part, address -> address);
        return new Reply.Page(
                status, frame, Reply.PAGES.lists(frame, domain.get(), rows, around, request.form(Paging.QUERY)));
    }

    private Reply open(Request request) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        if (look.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String domain = address.substring(address.lastIndexOf('@') + 1);
        return Pages.after(
                views.open(request, address, look.get()),
                DomainTabs.link(domain, "lists") + "?done=saved",
                (status, problem) -> lists(request, domain, status, problem));
    }

    private Reply fresh(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> domain = views.domains().domain(request.path("domain"));
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String real = domain.get().real();
        PageLayout frame = PageLayout.of(Said.of("list-add"), request, sessions.csrf(request.session()), problem);
        ListSettings shown = status == 200
                ? ListSettings.ofNew(EditableDirectory.POSTMASTER + "@" + real)
                : read(request, EditableDirectory.POSTMASTER + "@" + real);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.listadd(frame, real, request.form(NAME).strip(), shown));
    }

    /// What a form says.
    ///
    /// @param before the owner where it says none
    private static ListSettings read(Request request, String before) {
        String owner = request.form(OWNER).strip();
        Set<Character> flags = new TreeSet<>();
        ListSettings.FLAGS.forEach((name, flag) -> {
            if (request.form().containsKey(name) == flag.on()) {
                flags.add(flag.letter());
            }
        });
        return new ListSettings(
                owner.isEmpty() ? before : owner,
                flags,
                request.form(PREFIX).strip(),
                request.form().containsKey(ONE_CLICK),
                ListSettings.Rewrite.of(request.form(REWRITE)).orElse(ListSettings.Rewrite.AUTO));
    }

    private Reply make(Request request) throws IOException {
        String real = views.domains().real(request.path("domain"));
        String address = request.form(NAME).strip() + "@" + real;
        if (views.look(address).isPresent()) {
            return fresh(request, 409, Said.of("list-exists", address).at("name"));
        }
        Change change = views.domains()
                .apply(
                        new Edit.SetList(address, read(request, EditableDirectory.POSTMASTER + "@" + real)),
                        request.actor());
        return switch (change) {
            case Change.Done _ ->
                new Reply.Redirect(Pages.pathOf("lists", address.toLowerCase(Locale.ROOT)) + "?done=added");
            case Change.Refused refused -> fresh(request, Api.status(refused.reason()), Said.of(refused));
        };
    }

    private Reply settings(Request request, int status, Said problem) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        if (look.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = PageLayout.of(Said.as(address), request, sessions.csrf(request.session()), problem);
        ListSettings before = look.get().settings();
        ListSettings shown = status == 200 ? before : read(request, before.owner());
        ListHead head = ListHead.of(address, look.get(), ListHead.SETTINGS);
        return new Reply.Page(status, frame, Reply.PAGES.listsettings(frame, head, shown));
    }

    private Reply set(Request request) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        if (look.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        ListSettings before = look.get().settings();
        ListSettings said = read(request, before.owner());
        ListSettings after = before.equals(before.denying()) ? said.denying() : said;
        return switch (views.domains().apply(new Edit.SetList(address, after), request.actor())) {
            case Change.Done _ -> new Reply.Redirect(Pages.pathOf("lists", address) + "/settings?done=saved");
            case Change.Refused refused -> settings(request, Api.status(refused.reason()), Said.of(refused));
        };
    }

    private Reply remove(Request request, boolean agreed) throws IOException {
        String address = views.address(request);
        Optional<ListLook> look = views.look(address);
        if (look.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String path = Pages.pathOf("lists", address);
        Removal.Plan plan = new Removal.Plan(
                Said.of("remove-what", address),
                List.of(
                        Said.of(Loss.of(Loss.Key.LIST, address)),
                        Said.of("list-subscribers", look.get().count(ListSet.SUBSCRIBERS)),
                        Said.of("list-waiting", look.get().waitingCount()),
                        Said.of("list-posts", look.get().posts())),
                List.of(),
                new Removal.Way(path + "/delete", Map.of(), path, Said.of("remove-what", address), ""));
        if (!agreed) {
            return removal.ask(request, plan);
        }
        return removal.run(request, plan, r -> switch (views.domains().apply(new Edit.RemoveList(address), r.actor())) {
            case Change.Done _ ->
                new Reply.Redirect(Pages.pathOf("domains", address.substring(address.lastIndexOf('@') + 1))
                        + "/lists?done=removed");
            case Change.Refused refused -> removal.refused(r, plan, Api.status(refused.reason()), Said.of(refused));
        });
    }
}
