package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Address;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Json;
import qrate.directory.Loss;
import qrate.directory.Password;
import qrate.directory.Principal;
import qrate.directory.Property;
import qrate.directory.Refusal;
import qrate.directory.Shapes;
import qrate.directory.Words;

/// The REST API below `/api/v1`; `openapi.json` describes it.
final class Api {
    private static final String DOMAIN = "/api/v1/domains/{domain}";
    private static final String MAILBOX = "/api/v1/mailboxes/{address}";

    /// Body of an answer that says that something is not there.
    static final Map<String, Object> MISSING = Map.of("error", Change.Reason.MISSING.name(), "why", "Not there");

    private static final String FORCE = "force";
    private static final String DOMAINS = "domains";

    private final Domains domains;
    private final OwnPassword own;

    Api(Domains domains, OwnPassword own) {
        this.domains = domains;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", "/api/v1/openapi.json", Access.OPEN, _ -> openApi());
        Takes force = Takes.query(FORCE);
        router.add(
                "POST", "/api/v1/domains", Access.ADMIN, Takes.body("name", "aliasOf", "password", "hash"), this::add);
        router.add("GET", DOMAIN, Access.DOMAIN, r -> found(domain(r).map(Shapes::of)));
        for (String method : List.of("PUT", "PATCH")) { // what is not said stays, by both (RFC 7396)
            router.add(method, DOMAIN, Access.DOMAIN, Takes.body("catchAll"), this::catchAll);
            router.add(
                    method,
                    MAILBOX,
                    Access.DOMAIN,
                    Takes.body(Property.members("address", OwnPassword.MEMBER)),
                    this::modify);
        }
        router.add(
                "GET",
                DOMAIN + "/losses",
                Access.DOMAIN,
                r -> losses(r, r.path("domain"), domain(r).isPresent()));
        router.add("DELETE", DOMAIN, Access.ADMIN, force, r -> removal(r, new Edit.DeleteDomain(r.path("domain"))));
        router.add(
                "PUT",
                DOMAIN + "/limits",
                Access.ADMIN,
                Takes.body("mailboxes", "aliases", "quotaBytes"),
                this::limits);
        router.add(
                "POST",
                DOMAIN + "/mailboxes",
                Access.DOMAIN,
                Takes.body("address", "password", "hash"),
                this::addMailbox);
        router.add("POST", "/api/v1/mailboxes", Access.ADMIN, Takes.body("mailboxes"), this::addMailboxes);
        Takes alias = Takes.body("address", "target");
        router.add("POST", DOMAIN + "/aliases", Access.DOMAIN, alias, this::addAlias);
        Takes line = Takes.query("address", "target", FORCE);
        router.add("DELETE", DOMAIN + "/aliases", Access.DOMAIN, line, this::deleteAlias);
        router.add("GET", MAILBOX, Access.MAILBOX, r -> found(mailbox(r).map(Shapes::of)));
        router.add("GET", MAILBOX + "/losses", Access.DOMAIN, r -> {
            String address = r.path("address");
            return losses(r, address, mailbox(r).isPresent() || domains.hasAlias(address));
        });
        router.add(
                "PUT",
                MAILBOX + "/password",
                Access.MAILBOX,
                Takes.body("password", "hash", "keepTokens", OwnPassword.MEMBER),
                this::password);
        router.add("DELETE", MAILBOX, Access.DOMAIN, force, r -> removal(r, new Edit.DeleteMailbox(r.path("address"))));
    }

    /// What goes with something, as whoever removes it is asked.
    private Reply losses(Request request, String name, boolean there) throws IOException {
        return there ? new Reply.Data(200, Shapes.of(domains.losses(name), request.words())) : missing();
    }

    /// Removes what the path names; what would go beside it is named in a refusal first, until `force=true` says that
    /// it
    /// may.
    private Reply removal(Request request, Edit edit) throws IOException {
        String force = request.form(FORCE);
        if (!force.isEmpty() && !force.equals("true") && !force.equals("false")) {
            return reply(Change.refuse(Refusal.Key.REST_TRUE_OR_FALSE, FORCE));
        }
        List<Loss> losses = force.equals("true") ? List.of() : domains.losses(edit);
        return losses.isEmpty()
                ? reply(Tags.seen(request, domains).apply(edit, request.actor()))
                : asks(request, losses);
    }

    /// What would go, for whoever has to agree first.
    static Reply asks(Request request, List<Loss> losses) {
        Words words = request.words();
        return new Reply.Refused(
                new Change.Refused(Refusal.of(Refusal.Key.MORE_BY_REST, String.join("; ", words.all(losses)))),
                Shapes.of(losses, words));
    }

    private static Reply openApi() throws IOException {
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IOException("openapi.json is missing");
            }
            return new Reply.Text(200, "application/json", new String(in.readAllBytes(), UTF_8));
        }
    }

    /// A body that is not what it should be.
    static final class BadBody extends IOException {
        private static final long serialVersionUID = 1L;

        BadBody(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    @FunctionalInterface
    interface Reader<T> {
        T read(Map<String, Object> body) throws IOException;
    }

    static <T> T body(Request request, Reader<T> reader) throws BadBody {
        try {
            return reader.read(Json.object(request.body().getBytes(UTF_8)));
        } catch (IOException e) {
            throw new BadBody(e);
        }
    }

    static String text(Request request, String name) throws BadBody {
        return body(request, b -> Json.text(b, name));
    }

    static Reply reply(Change change) {
        return switch (change) {
            case Change.Done _ -> new Reply.Nothing();
            case Change.Refused refused -> new Reply.Refused(refused, Map.of());
        };
    }

    /// How what was made is shown, once it is there.
    @FunctionalInterface
    interface Thing {
        Optional<Map<String, Object>> shape() throws IOException;
    }

    /// What was made, and where it is (RFC 9110 §15.3.2).
    ///
    /// @param path of it below the API's
    static Reply made(Change change, String path, Thing thing) throws IOException {
        return switch (change) {
            case Change.Done _ -> {
                Optional<Map<String, Object>> shape = thing.shape(); // nothing where it is gone again
                yield shape.isEmpty()
                        ? new Reply.Nothing()
                        : new Reply.Data(201, shape.get(), Map.of("Location", "/api/v1" + path));
            }
            case Change.Refused refused -> new Reply.Refused(refused, Map.of());
        };
    }

    static int status(Change.Reason reason) {
        return switch (reason) {
            case INVALID -> 400;
            case LIMIT -> 403;
            case MISSING -> 404;
            case EXISTS, MORE -> 409;
            case CHANGED -> 412;
        };
    }

    private static Reply found(Optional<Map<String, Object>> shape) {
        return shape.<Reply>map(s -> new Reply.Data(200, s, Map.of("ETag", Tags.of(s))))
                .orElseGet(Api::missing);
    }

    private static Reply missing() {
        return new Reply.Data(404, MISSING);
    }

    private Optional<EditableDirectory.Domain> domain(Request request) throws IOException {
        return domains.domain(request.path("domain"));
    }

    private Optional<EditableDirectory.Mailbox> mailbox(Request request) throws IOException {
        return domains.mailbox(request.path("address"));
    }

    /// The domains that somebody may see: all, one, or none.
    static List<EditableDirectory.Domain> visible(Domains domains, Principal who) throws IOException {
        return switch (who) {
            case Principal.Administrator _ -> domains.domains();
            case Principal.Postmaster p -> domains.domain(p.domain()).stream().toList();
            case Principal.Owner _ -> List.of();
        };
    }

    private Reply add(Request request) throws IOException {
        String name = text(request, "name");
        String aliasOf = body(request, b -> Json.text(b, "aliasOf", ""));
        if (aliasOf.isEmpty()) {
            return made(
                    domains.apply(new Edit.AddDomain(name, body(request, Shapes::password)), request.actor()), name);
        }
        body(request, b -> {
            Json.onlyKnown(b, List.of("name", "aliasOf")); // an alias domain has no postmaster of its own
            return b;
        });
        return made(domains.apply(new Edit.AddAliasDomain(aliasOf, name), request.actor()), name);
    }

    private Reply made(Change change, String domain) throws IOException {
        return made(
                change,
                Pages.pathOf(DOMAINS, domain),
                () -> domains.domain(domain).map(Shapes::of));
    }

    private Reply catchAll(Request request) throws IOException {
        Edit edit = new Edit.SetCatchAll(request.path("domain"), text(request, "catchAll"));
        return reply(Tags.seen(request, domains).apply(edit, request.actor()));
    }

    private Reply limits(Request request) throws IOException {
        Optional<EditableDirectory.Domain> domain = domain(request);
        if (domain.isEmpty()) {
            return missing();
        }
        EditableDirectory.Limits limits =
                body(request, b -> Shapes.limits(b, domain.get().limits()));
        return reply(domains.apply(new Edit.SetLimits(domain.get().name(), limits), request.actor()));
    }

    /// An address below the domain that the path, and so the permission, speaks of, by whichever of its names.
    private Optional<Reply> elsewhere(Request request, String text) throws IOException {
        Address address = Address.of(text);
        boolean here = address.domain().isEmpty()
                || Access.sameDomain(
                        domains.real(request.path("domain")),
                        new Address(address.local(), domains.real(address.domain())));
        return here
                ? Optional.empty()
                : Optional.of(reply(Change.refuse(Refusal.Key.REST_OTHER_DOMAIN, text, request.path("domain"))));
    }

    private Reply addMailbox(Request request) throws IOException {
        String address = text(request, "address");
        Optional<Reply> elsewhere = elsewhere(request, address);
        return elsewhere.isPresent()
                ? elsewhere.get()
                : made(
                        domains.apply(new Edit.AddMailbox(address, body(request, Shapes::password)), request.actor()),
                        Pages.pathOf("mailboxes", address),
                        () -> domains.mailbox(address).map(Shapes::of));
    }

    /// What came of each, in their order: an object without members for one that is made.
    private Reply addMailboxes(Request request) throws IOException {
        List<Edit.AddMailbox> wanted = body(request, b -> {
            List<Edit.AddMailbox> all = new ArrayList<>();
            for (Map<String, Object> one : Json.objects(b, "mailboxes")) {
                Json.onlyKnown(one, List.of("address", "password", "hash"));
                all.add(Shapes.addMailbox(one));
            }
            return all;
        });
        List<Map<String, Object>> outcomes = new ArrayList<>();
        Words words = request.words();
        for (Change change : domains.as(request.actor()).addMailboxes(wanted)) {
            outcomes.add(change instanceof Change.Refused refused ? Shapes.of(refused, words) : Map.of());
        }
        return new Reply.Data(200, Map.of("outcomes", outcomes));
    }

    private Reply addAlias(Request request) throws IOException {
        EditableDirectory.Alias alias = body(request, Shapes::alias);
        Optional<Reply> elsewhere = elsewhere(request, alias.address());
        return elsewhere.isPresent()
                ? elsewhere.get()
                : made(
                        domains.apply(new Edit.AddAlias(alias), request.actor()),
                        Pages.pathOf(DOMAINS, request.path("domain")) + "/aliases?"
                                + Paging.query(Map.of(Paging.QUERY, alias.address())),
                        () -> Optional.of(Shapes.of(alias)));
    }

    private Reply deleteAlias(Request request) throws IOException {
        EditableDirectory.Alias alias = new EditableDirectory.Alias(request.form("address"), request.form("target"));
        Optional<Reply> elsewhere = elsewhere(request, alias.address());
        if (elsewhere.isPresent()) {
            return elsewhere.get();
        }
        return removal(request, new Edit.DeleteAlias(alias));
    }

    private Reply modify(Request request) throws IOException {
        Optional<EditableDirectory.Mailbox> mailbox = mailbox(request);
        if (mailbox.isEmpty()) {
            return reply(Change.refuse(Refusal.Key.MAILBOX_MISSING, request.path("address")));
        }
        String named = body(request, b -> Json.text(b, "address", mailbox.get().address()));
        if (!named.equalsIgnoreCase(mailbox.get().address()) && !named.equalsIgnoreCase(request.path("address"))) {
            return reply(Change.refuse(Refusal.Key.REST_OTHER_ADDRESS));
        }
        Edit.Modify edit = body(request, b -> Shapes.modify(b, mailbox.get()));
        boolean recovery = mailbox.get().address().equals(request.name())
                && mailbox.get().changes(mailbox.get().with(edit.values())).containsKey(Property.RECOVERY);
        String old = body(request, b -> Json.text(b, OwnPassword.MEMBER, ""));
        Optional<Reply> refusal = recovery ? own.refusal(request, old) : Optional.empty();
        if (refusal.isPresent()) {
            return refusal.get(); // by it a token that was found would become a password
        }
        return reply(Tags.seen(request, domains).apply(edit, request.actor()));
    }

    /// One's own password is set by who knows the old one, whatever the role; a hash only by who administers others.
    private Reply password(Request request) throws IOException {
        String address =
                mailbox(request).map(EditableDirectory.Mailbox::address).orElse(request.path("address"));
        Password password = body(request, Shapes::password);
        boolean keep = body(request, b -> Json.truth(b, "keepTokens", false));
        String old = body(request, b -> Json.text(b, OwnPassword.MEMBER, ""));
        if (address.equals(request.name())) {
            Optional<Reply> refusal = own.refusal(request, old);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            if (password instanceof Password.Hashed) {
                return reply(Change.refuse(Refusal.Key.REST_OWN_HASH));
            }
        }
        return reply(domains.apply(new Edit.SetPassword(address, password, keep), request.actor()));
    }
}
