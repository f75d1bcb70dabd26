package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Json;
import qrate.directory.Principal;
import qrate.directory.Refusal;
import qrate.directory.Shapes;
import qrate.directory.SignIns;
import qrate.directory.Tokens;

/// Tokens and sessions, below `/api/v1`: everybody's for an administrator, else one's own.
final class AccessApi {
    private static final String TOKENS = "/api/v1/tokens";
    private static final String SESSIONS = "/api/v1/sessions";
    private static final String HOLDER = "holder";
    private static final String DAYS = "days";
    private static final String SCOPE = "scope";

    private final Domains domains;
    private final OwnPassword own;

    AccessApi(Domains domains, OwnPassword own) {
        this.domains = domains;
        this.own = own;
    }

    void register(Router router) {
        router.add("GET", TOKENS, Access.SIGNED_IN, CollectionApi.PARTS, this::tokens);
        router.add(
                "POST",
                TOKENS,
                Access.SIGNED_IN,
                Takes.body("label", SCOPE, DAYS, OwnPassword.MEMBER, OwnPassword.CODE),
                this::addToken);
        router.add("GET", TOKENS + "/{id}", Access.SIGNED_IN, this::token);
        router.add(
                "DELETE",
                TOKENS + "/{id}",
                Access.SIGNED_IN,
                r -> Api.reply(domains.apply(new Edit.EndToken(r.path("id"), holder(r)), r.actor())));
        router.add("DELETE", TOKENS, Access.SIGNED_IN, Takes.query(HOLDER), r -> endAll(r, Edit.EndTokens::new));
        router.add("GET", SESSIONS, Access.SIGNED_IN, CollectionApi.PARTS, this::sessions);
        router.add("DELETE", SESSIONS, Access.SIGNED_IN, Takes.query(HOLDER), r -> endAll(r, Edit.EndSessions::new));
        router.add(
                "DELETE",
                SESSIONS + "/{id}",
                Access.SIGNED_IN,
                r -> Api.reply(domains.apply(new Edit.EndSession(r.path("id"), holder(r)), r.actor())));
    }

    /// The only one whose sessions and tokens somebody may end; empty for everybody's.
    private static String holder(Request request) {
        return request.principal() instanceof Principal.Administrator ? "" : request.name();
    }

    private List<Tokens.Token> seen(Request request) throws IOException {
        return request.principal() instanceof Principal.Administrator
                ? domains.tokens().all()
                : domains.tokens().of(request.name());
    }

    private Reply tokens(Request request) throws IOException {
        return CollectionApi.part(
                request,
                TOKENS,
                seen(request),
                new CollectionApi.Look<>(Shapes::of, one -> one.holder() + " " + one.created() + " " + one.id()));
    }

    private Reply token(Request request) throws IOException {
        return seen(request).stream()
                .filter(one -> one.id().equals(request.path("id")))
                .findFirst()
                .<Reply>map(one -> new Reply.Data(200, Shapes.of(one)))
                .orElseGet(() -> Api.reply(Change.refuse(Refusal.Key.TOKEN_MISSING)));
    }

    /// For oneself, and with what signing in takes: a token that was found must not become one that lasts longer.
    private Reply addToken(Request request) throws IOException {
        Tokens.Wish wish = Api.body(request, AccessApi::wish);
        Optional<Reply> refusal = own.unproved(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (domains.accounts().principal(request.name()).isEmpty()) { // a command, whose token ends with the service
            return Errors.data(403);
        }
        Optional<String> made = domains.as(request.actor()).tokens().create(request.principal(), wish);
        if (made.isEmpty()) {
            return Api.reply(Change.refuse(Refusal.Key.TOKENS_FULL, Tokens.TOKENS_MAX));
        }
        String id = Tokens.id(made.get());
        return Api.made(
                new Change.Done(),
                "/tokens/" + id,
                () -> domains.tokens().of(request.name()).stream()
                        .filter(one -> one.id().equals(id))
                        .findFirst()
                        .map(one -> {
                            Map<String, Object> shape = new LinkedHashMap<>(Shapes.of(one));
                            shape.put("token", made.get());
                            return shape;
                        }));
    }

    private static Tokens.Wish wish(Map<String, Object> body) throws IOException {
        Tokens.Scope scope = Tokens.Scope.of(Json.text(body, SCOPE))
                .orElseThrow(() -> new IOException(SCOPE + ": must be read or role"));
        long days = Json.number(body, DAYS, Tokens.LASTS_DEFAULT.toDays());
        if (days < 1 || days > Tokens.LASTS_MAX.toDays()) {
            throw new IOException(DAYS + ": must be 1 to " + Tokens.LASTS_MAX.toDays());
        }
        return new Tokens.Wish(Json.text(body, "label").strip(), scope, Duration.ofDays(days));
    }

    private Reply sessions(Request request) throws IOException {
        List<SignIns.SignIn> sessions = request.principal() instanceof Principal.Administrator
                ? domains.signIns().all()
                : domains.signIns().of(request.name());
        return CollectionApi.part(
                request,
                SESSIONS,
                sessions,
                new CollectionApi.Look<>(Shapes::of, one -> one.holder() + " " + one.opened() + " " + one.id()));
    }

    /// What ends all that somebody has of a kind.
    @FunctionalInterface
    private interface Ending {
        Edit of(String holder);
    }

    /// One's own where nobody is named.
    private Reply endAll(Request request, Ending ending) throws IOException {
        String named = request.form(HOLDER);
        boolean mine = Set.of("", request.name()).contains(named);
        if (!mine && !holder(request).isEmpty()) {
            return Errors.data(403);
        }
        Optional<Principal> known = domains.accounts().principal(mine ? request.name() : named);
        return known.isEmpty()
                ? new Reply.Data(404, Api.MISSING)
                : Api.reply(domains.apply(ending.of(known.get().name()), request.actor()));
    }
}
