package qrate.admin;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import qrate.core.Slice;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Quota;
import qrate.snapshots.Names;

/// Pages about domains: the list of them, and of one its aliases and settings.
final class DomainPages {
    private static final String DOMAIN = "/domains/{domain}";
    private static final String ALIASES = DOMAIN + "/aliases";

    /// Most addresses that an alias gets at once.
    private static final int TARGETS_MAX = 50;

    private static final String SETTINGS = "settings";
    private static final List<String> COLUMNS = List.of("domain", "mailboxes");

    private final Domains domains;
    private final Sessions sessions;

    DomainPages(Domains domains, Sessions sessions) {
        this.domains = domains;
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("GET", "/domains", Access.ADMIN, r -> list(r, 200, Said.NOTHING));
        router.add("POST", "/domains", Access.ADMIN, this::add);
        router.add("GET", ALIASES, Access.DOMAIN, r -> aliases(r, 200, Said.NOTHING, alias(r)));
        router.add("POST", ALIASES, Access.DOMAIN, this::addAlias);
        router.add("GET", DOMAIN + "/settings", Access.DOMAIN, r -> settings(r, 200, Said.NOTHING));
        router.add("POST", DOMAIN + "/alias-domains", Access.ADMIN, this::addAliasDomain);
        router.add("POST", DOMAIN + "/catch-all", Access.DOMAIN, this::catchAll);
        router.add("POST", DOMAIN + "/limits", Access.ADMIN, this::limits);
    }

    private PageLayout frame(Request request, Said title, Said problem) {
        return PageLayout.of(title, request, sessions.csrf(request.session()), problem);
    }

    private Reply list(Request request, int status, Said problem) throws IOException {
        PageLayout frame = frame(request, Said.of("domains"), problem);
        Sorting sorting = Sorting.of(request, "/domains", COLUMNS);
        Slice slice = Paging.of(request);
        Slice.Part<EditableDirectory.Domain> part = domains.domains(slice);
        boolean tooMany = !sorting.plain() && part.all() > Sorting.ROWS_MAX;
        if (tooMany) {
            sorting = sorting.unsorted();
        } else if (!sorting.plain()) {
            part = Sorting.part(sorted(slice.query(), sorting), slice, EditableDirectory.Domain::name);
        }
        Paging.Around around = Paging.around("/domains", sorting.fixed(), part, EditableDirectory.Domain::name);
        return new Reply.Page(status, frame, Reply.PAGES.domains(frame, part.rows(), around, sorting, tooMany));
    }

    private List<EditableDirectory.Domain> sorted(String query, Sorting sorting) throws IOException {
        Comparator<EditableDirectory.Domain> order = sorting.column().equals("mailboxes")
                ? Comparator.comparingInt(EditableDirectory.Domain::mailboxes)
                : Comparator.comparing(EditableDirectory.Domain::name);
        order = order.thenComparing(EditableDirectory.Domain::name);
        return domains.domains().stream()
                .filter(domain -> domain.name().contains(query))
                .sorted(sorting.down() ? order.reversed() : order)
                .toList();
    }

    private Reply add(Request request) throws IOException {
        Change change = domains.apply(
                new Edit.AddDomain(request.form("name"), new Password.Clear(request.form("password"))),
                request.actor());
        return Pages.after(change, "/domains?done=added", (s, p) -> list(request, s, p));
    }

    /// The domain in a path, by whichever of its names.
    private Optional<EditableDirectory.Domain> domain(Request request) throws IOException {
        return domains.domain(domains.real(request.path("domain")));
    }

    /// After a change, on to one of the domain's pages.
    private Reply after(Request request, Change change, String next, Pages.Again again) throws IOException {
        return Pages.after(change, Pages.pathOf("domains", domains.real(request.path("domain"))) + "/" + next, again);
    }

    private Reply aliases(Request request, int status, Said problem, EditableDirectory.Alias typed) throws IOException {
        Optional<EditableDirectory.Domain> domain = domain(request);
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        String name = domain.get().name();
        PageLayout frame = frame(request, Said.as(name), problem);
        Slice.Part<EditableDirectory.Alias> part = domains.aliases(name, Paging.of(request));
        Paging.Around around = Paging.around(
                DomainTabs.link(name, "aliases"), Paging.fixed(request, Paging.QUERY), part, Domains::key);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.aliases(frame, domain.get(), part.rows(), around, request.form(Paging.QUERY), typed));
    }

    private static EditableDirectory.Alias alias(Request request) {
        return new EditableDirectory.Alias(
                request.form("local").strip() + "@" + request.path("domain"),
                request.form("target").strip());
    }

    /// A line of the alias for each address. One that cannot be ends it: those before it are there then, and it and
    /// those
    /// behind it stay in the form.
    private Reply addAlias(Request request) throws IOException {
        EditableDirectory.Alias typed = alias(request);
        List<String> targets = typed.target()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (targets.size() > TARGETS_MAX) {
            return aliases(request, 400, Said.of("alias-many", TARGETS_MAX).at("target"), typed);
        }
        Change change = domains.apply(
                new Edit.AddAlias(line(typed, targets.isEmpty() ? "" : targets.getFirst())), request.actor());
        int done = 1;
        while (change instanceof Change.Done && done < targets.size()) {
            change = domains.apply(new Edit.AddAlias(line(typed, targets.get(done++))), request.actor());
        }
        String left = String.join("\n", targets.subList(Math.min(done - 1, targets.size()), targets.size()));
        return after(
                request,
                change,
                "aliases?done=added",
                (s, p) -> aliases(
                        request,
                        s,
                        p.field().equals(FieldNames.ADDRESS) ? p.at(unfit(request)) : p,
                        line(typed, left)));
    }

    /// Which of the addresses of an alias is none.
    private static String unfit(Request request) {
        return Names.alias(request.form("local").strip()).isPresent() ? "target" : "local";
    }

    private static EditableDirectory.Alias line(EditableDirectory.Alias alias, String target) {
        return new EditableDirectory.Alias(alias.address(), target);
    }

    private Reply settings(Request request, int status, Said problem) throws IOException {
        Optional<EditableDirectory.Domain> domain = domain(request);
        if (domain.isEmpty()) {
            return Errors.page(request, sessions, 404);
        }
        PageLayout frame = frame(request, Said.as(domain.get().name()), problem);
        return new Reply.Page(
                status,
                frame,
                Reply.PAGES.domainsettings(
                        frame, domain.get(), domains.otherNames(domain.get().name())));
    }

    private Reply addAliasDomain(Request request) throws IOException {
        Change change =
                domains.apply(new Edit.AddAliasDomain(request.path("domain"), request.form("alias")), request.actor());
        return after(request, change, SETTINGS + "?done=added", (s, p) -> settings(request, s, p.at("alias")));
    }

    private Reply catchAll(Request request) throws IOException {
        String target = request.form("target").strip();
        String how = request.form("how");
        if (how.equals("to") && target.isEmpty()) {
            return settings(request, 400, Said.of("catch-all-empty").at("target"));
        }
        Change change = domains.apply(
                new Edit.SetCatchAll(
                        request.path("domain"),
                        switch (how) {
                            case "refuse" -> "";
                            case "drop" -> EditableDirectory.Domain.DROPS;
                            default -> target;
                        }),
                request.actor());
        return after(request, change, SETTINGS + "?done=saved", (s, p) -> settings(request, s, p.at("target")));
    }

    private Reply limits(Request request) throws IOException {
        String quota = request.form("quota").strip();
        Optional<Quota> read = quota.isEmpty() ? Optional.of(Quota.NONE) : Quota.typed(quota);
        String mailboxes = request.form("mailboxes").strip();
        String aliases = request.form("aliases").strip();
        if (read.isEmpty() || !mailboxes.matches("[0-9]{0,9}") || !aliases.matches("[0-9]{0,9}")) {
            return settings(
                    request,
                    400,
                    Said.of("limits-wrong")
                            .at(read.isEmpty() ? "quota" : mailboxes.matches("[0-9]{0,9}") ? "aliases" : "mailboxes"));
        }
        EditableDirectory.Limits limits = new EditableDirectory.Limits(
                number(mailboxes), number(aliases), read.get().bytes());
        Change change =
                domains.apply(new Edit.SetLimits(domains.real(request.path("domain")), limits), request.actor());
        return after(request, change, SETTINGS + "?done=saved", (s, p) -> settings(request, s, p));
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
