package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Slice;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.directory.Principal;
import qrate.directory.Shapes;

/// What there are many of, by the REST API: all of them where nothing else is asked for, as it was from the beginning,
/// or a part at a time, whose neighbours the field `Link` names.
final class CollectionApi {
    private static final String DOMAIN = "/api/v1/domains/{domain}";
    private static final List<String> PARAMETERS = List.of(Paging.QUERY, Paging.AFTER, Paging.BEFORE, Paging.LIMIT);

    private final Domains domains;

    CollectionApi(Domains domains) {
        this.domains = domains;
    }

    void register(Router router) {
        Takes parts = Takes.query(PARAMETERS.toArray(String[]::new));
        router.add("GET", "/api/v1/domains", Access.SIGNED_IN, parts, this::domains);
        router.add("GET", DOMAIN + "/mailboxes", Access.DOMAIN, parts, this::mailboxes);
        router.add("GET", DOMAIN + "/aliases", Access.DOMAIN, parts, this::aliases);
    }

    private static boolean asksForAPart(Request request) {
        return PARAMETERS.stream().anyMatch(request.form()::containsKey);
    }

    private static <T> Reply all(List<T> rows, Function<T, Map<String, Object>> shape) {
        return new Reply.Data(200, rows.stream().map(shape).toList());
    }

    /// How a row is shown, and by what it is in order.
    private record Look<T>(Function<T, Map<String, Object>> shape, Function<T, String> key) {}

    private static <T> Reply part(Request request, String path, Slice.Part<T> part, Look<T> look) {
        return new Reply.Data(
                200,
                part.rows().stream().map(look.shape).toList(),
                Paging.links(path, Paging.fixed(request, Paging.QUERY, Paging.LIMIT), part, look.key));
    }

    private Reply domains(Request request) throws IOException {
        if (!asksForAPart(request)) {
            return all(Api.visible(domains, request.principal()), Shapes::of);
        }
        Slice slice = Paging.ofProgram(request);
        if (request.principal() instanceof Principal.Administrator) {
            return part(
                    request,
                    "/api/v1/domains",
                    domains.domains(slice),
                    new Look<>(Shapes::of, EditableDirectory.Domain::name));
        }
        List<EditableDirectory.Domain> one = Api.visible(domains, request.principal());
        List<String> names = slice.of(
                        one.stream().map(EditableDirectory.Domain::name).iterator())
                .rows();
        return all(one.stream().filter(domain -> names.contains(domain.name())).toList(), Shapes::of);
    }

    private Reply mailboxes(Request request) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(request.path("domain"));
        if (domain.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        String name = domain.get().real();
        return asksForAPart(request)
                ? part(
                        request,
                        "/api/v1" + Pages.pathOf("domains", name) + "/mailboxes",
                        domains.mailboxes(name, Paging.ofProgram(request)),
                        new Look<>(Shapes::of, EditableDirectory.Mailbox::local))
                : all(domains.mailboxes(name), Shapes::of);
    }

    private Reply aliases(Request request) throws IOException {
        Optional<EditableDirectory.Domain> domain = domains.domain(request.path("domain"));
        if (domain.isEmpty()) {
            return new Reply.Data(404, Api.MISSING);
        }
        String name = domain.get().real();
        return asksForAPart(request)
                ? part(
                        request,
                        "/api/v1" + Pages.pathOf("domains", name) + "/aliases",
                        domains.aliases(name, Paging.ofProgram(request)),
                        new Look<>(Shapes::of, Domains::key))
                : all(domains.aliases(name), Shapes::of);
    }
}
