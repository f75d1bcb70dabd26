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
import qrate.directory.Principal;
import qrate.directory.Shapes;

/// What there are many of, by the REST API: a part at a time, whose neighbours the field `Link` names.
final class CollectionApi {
    private static final String DOMAIN = "/api/v1/domains/{domain}";

    /// Parameters that say which part is meant.
    static final Takes PARTS = Takes.query(Paging.QUERY, Paging.AFTER, Paging.BEFORE, Paging.LIMIT);

    private final Domains domains;

    CollectionApi(Domains domains) {
        this.domains = domains;
    }

    void register(Router router) {
        router.add("GET", "/api/v1/domains", Access.SIGNED_IN, PARTS, this::domains);
        router.add("GET", DOMAIN + "/mailboxes", Access.DOMAIN, PARTS, this::mailboxes);
        router.add("GET", DOMAIN + "/aliases", Access.DOMAIN, PARTS, this::aliases);
    }

    /// How a row is shown, and by what it is in order.
    record Look<T>(Function<T, Map<String, Object>> shape, Function<T, String> key) {}

    /// A part of what is known whole, by keys that are another for each.
    static <T> Reply part(Request request, String path, List<T> all, Look<T> look) throws Api.BadBody {
        Map<String, T> rows = new LinkedHashMap<>();
        all.forEach(row -> rows.put(look.key.apply(row), row));
        Slice.Part<String> keys = Paging.ofProgram(request).of(rows.keySet().iterator());
        List<T> some = keys.rows().stream().map(rows::get).toList();
        return part(request, path, new Slice.Part<>(some, keys.earlier(), keys.later(), keys.all()), look);
    }

    static <T> Reply part(Request request, String path, Slice.Part<T> part, Look<T> look) {
        return new Reply.Data(
                200,
                part.rows().stream().map(look.shape).toList(),
                Paging.links(path, Paging.fixed(request, Paging.QUERY, Paging.LIMIT), part, look.key));
    }

    private Reply domains(Request request) throws IOException {
        String path = "/api/v1/domains";
        return request.principal() instanceof Principal.Administrator
                ? part(
                        request,
                        path,
                        domains.domains(Paging.ofProgram(request)),
                        new Look<>(Shapes::of, EditableDirectory.Domain::name))
                : part(
                        request,
                        path,
                        Api.visible(domains, request.principal()),
                        new Look<>(Shapes::of, EditableDirectory.Domain::name));
    }

    private Reply mailboxes(Request request) throws IOException {
        Optional<String> name = name(request);
        return name.isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : part(
                        request,
                        "/api/v1" + Pages.pathOf("domains", name.get()) + "/mailboxes",
                        domains.mailboxes(name.get(), Paging.ofProgram(request)),
                        new Look<>(Shapes::of, EditableDirectory.Mailbox::local));
    }

    private Reply aliases(Request request) throws IOException {
        Optional<String> name = name(request);
        return name.isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : part(
                        request,
                        "/api/v1" + Pages.pathOf("domains", name.get()) + "/aliases",
                        domains.aliases(name.get(), Paging.ofProgram(request)),
                        new Look<>(Shapes::of, Domains::key));
    }

    /// The name of the domain in a path that is no alias.
    private Optional<String> name(Request request) throws IOException {
        return domains.domain(request.path("domain")).map(EditableDirectory.Domain::real);
    }
}
