package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Address;
import qrate.vpopmail.Change;
import qrate.vpopmail.Domains;
import qrate.vpopmail.Json;
import qrate.vpopmail.Principal;
import qrate.vpopmail.Shapes;
import qrate.vpopmail.Vpopmail;

/// The REST API below `/api/v1`; `openapi.json` describes it.
final class Api {
    private static final String DOMAIN = "/api/v1/domains/{domain}";
    private static final String MAILBOX = "/api/v1/mailboxes/{address}";

    private final Domains domains;

    Api(Domains domains) {
        this.domains = domains;
    }

    void register(Router router) {
        router.add("GET", "/api/v1/openapi.json", Access.OPEN, _ -> openApi());
        router.add("GET", "/api/v1/domains", Access.SIGNED_IN, this::list);
        router.add("POST", "/api/v1/domains", Access.ADMIN, this::add);
        router.add("GET", DOMAIN, Access.DOMAIN, r -> found(domain(r).map(Shapes::of)));
        router.add("DELETE", DOMAIN, Access.ADMIN, r -> reply(as(r).deleteDomain(r.path("domain"))));
        router.add("PUT", DOMAIN, Access.DOMAIN, r -> reply(as(r).setCatchAll(r.path("domain"), text(r, "catchAll"))));
        router.add("PUT", DOMAIN + "/limits", Access.ADMIN, this::limits);
        router.add("GET", DOMAIN + "/mailboxes", Access.DOMAIN, this::mailboxes);
        router.add("POST", DOMAIN + "/mailboxes", Access.DOMAIN, this::addMailbox);
        router.add("GET", DOMAIN + "/aliases", Access.DOMAIN, this::aliases);
        router.add("POST", DOMAIN + "/aliases", Access.DOMAIN, this::addAlias);
        router.add("DELETE", DOMAIN + "/aliases", Access.DOMAIN, this::deleteAlias);
        router.add("GET", MAILBOX, Access.MAILBOX, r -> found(mailbox(r).map(Shapes::of)));
        router.add("PUT", MAILBOX, Access.DOMAIN, this::modify);
        router.add("PUT", MAILBOX + "/password", Access.MAILBOX, this::password);
        router.add("DELETE", MAILBOX, Access.DOMAIN, r -> reply(as(r).deleteMailbox(r.path("address"))));
    }

    private static Reply openApi() throws IOException {
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IOException("openapi.json is missing");
            }
            return new Reply.Text(200, "application/json", new String(in.readAllBytes(), UTF_8));
        }
    }

    private Vpopmail as(Request request) {
        return domains.as(request.name());
    }

    /// A body that is not what it should be.
    static final class BadBody extends IOException {
        private static final long serialVersionUID = 1L;

        BadBody(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(Map<String, Object> body) throws IOException;
    }

    private static <T> T body(Request request, Reader<T> reader) throws BadBody {
        try {
            return reader.read(Json.object(request.body().getBytes(UTF_8)));
        } catch (IOException e) {
            throw new BadBody(e);
        }
    }

    private static String text(Request request, String name) throws BadBody {
        return body(request, b -> Json.text(b, name));
    }

    private static Reply reply(Change change) {
        return switch (change) {
            case Change.Done _ -> new Reply.Nothing();
            case Change.Refused refused -> new Reply.Data(status(refused.reason()), Shapes.of(refused));
        };
    }

    static int status(Change.Reason reason) {
        return switch (reason) {
            case INVALID -> 400;
            case LIMIT -> 403;
            case MISSING -> 404;
            case EXISTS -> 409;
        };
    }

    private static Reply found(Optional<Map<String, Object>> shape) {
        return shape.<Reply>map(s -> new Reply.Data(200, s)).orElseGet(Api::missing);
    }

    private static Reply missing() {
        return new Reply.Data(404, Map.of("error", Change.Reason.MISSING.name(), "why", "Not there"));
    }

    private Optional<Vpopmail.Domain> domain(Request request) throws IOException {
        return domains.domain(request.path("domain"));
    }

    private Optional<Vpopmail.Mailbox> mailbox(Request request) throws IOException {
        return domains.mailbox(request.path("address"));
    }

    /// The domains that somebody may see: all, one, or none.
    static List<Vpopmail.Domain> visible(Domains domains, Principal who) throws IOException {
        return switch (who) {
            case Principal.Administrator _ -> domains.domains();
            case Principal.Postmaster p -> domains.domain(p.domain()).stream().toList();
            case Principal.Owner _ -> List.of();
        };
    }

    private Reply list(Request request) throws IOException {
        return new Reply.Data(
                200,
                visible(domains, request.principal()).stream().map(Shapes::of).toList());
    }

    private Reply add(Request request) throws IOException {
        String name = text(request, "name");
        String aliasOf = body(request, b -> Json.text(b, "aliasOf", ""));
        return reply(
                aliasOf.isEmpty()
                        ? as(request).addDomain(name, body(request, Shapes::password))
                        : as(request).addAliasDomain(new Vpopmail.AliasDomain(aliasOf, name)));
    }

    private Reply limits(Request request) throws IOException {
        Optional<Vpopmail.Domain> domain = domain(request);
        if (domain.isEmpty()) {
            return missing();
        }
        Vpopmail.Limits limits =
                body(request, b -> Shapes.limits(b, domain.get().limits()));
        return reply(as(request).setLimits(domain.get().name(), limits));
    }

    private Reply mailboxes(Request request) throws IOException {
        return domain(request).isEmpty()
                ? missing()
                : new Reply.Data(
                        200,
                        domains.mailboxes(request.path("domain")).stream()
                                .map(Shapes::of)
                                .toList());
    }

    private Reply aliases(Request request) throws IOException {
        return domain(request).isEmpty()
                ? missing()
                : new Reply.Data(
                        200,
                        domains.aliases(request.path("domain")).stream()
                                .map(Shapes::of)
                                .toList());
    }

    /// An address below the domain that the path, and so the permission, speaks of.
    private static Optional<Reply> elsewhere(Request request, String address) {
        boolean here = Access.sameDomain(request.path("domain"), Address.of(address));
        return here
                ? Optional.empty()
                : Optional.of(reply(Change.refuse(Change.Reason.INVALID, "The address is not in this domain")));
    }

    private Reply addMailbox(Request request) throws IOException {
        String address = text(request, "address");
        Optional<Reply> elsewhere = elsewhere(request, address);
        return elsewhere.isPresent()
                ? elsewhere.get()
                : reply(as(request).addMailbox(address, body(request, Shapes::password)));
    }

    private Reply addAlias(Request request) throws IOException {
        Vpopmail.Alias alias = body(request, Shapes::alias);
        Optional<Reply> elsewhere = elsewhere(request, alias.address());
        return elsewhere.isPresent() ? elsewhere.get() : reply(as(request).addAlias(alias));
    }

    private Reply deleteAlias(Request request) throws IOException {
        Vpopmail.Alias alias = new Vpopmail.Alias(request.form("address"), request.form("target"));
        Optional<Reply> elsewhere = elsewhere(request, alias.address());
        return elsewhere.isPresent() ? elsewhere.get() : reply(as(request).deleteAlias(alias));
    }

    private Reply modify(Request request) throws IOException {
        Optional<Vpopmail.Mailbox> mailbox = mailbox(request);
        if (mailbox.isEmpty()) {
            return reply(Change.refuse(Change.Reason.MISSING, "User does not exist"));
        }
        return reply(as(request).modify(body(request, b -> Shapes.mailbox(b, mailbox.get()))));
    }

    private Reply password(Request request) throws IOException {
        return reply(as(request).setPassword(request.path("address"), body(request, Shapes::password)));
    }
}
