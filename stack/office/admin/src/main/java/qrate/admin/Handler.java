package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.output.StringOutput;
import java.io.IOException;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import qrate.core.Address;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.directory.Accounts;
import qrate.directory.Actor;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Principal;
import qrate.directory.Shapes;
import qrate.directory.Tokens;
import qrate.directory.Trouble;
import qrate.directory.Words;
import qrate.httpd.Answer;
import qrate.httpd.Asked;
import qrate.httpd.RequestHandler;
import qrate.language.Language;

/// One request to one reply: who asks, whether it may, what goes back.
final class Handler implements RequestHandler {
    /// Name of the cookie, and of the one that only TLS may carry (RFC 6265bis §4.1.3.2).
    static final String COOKIE = "qrate";

    static final String SECURE_COOKIE = "__Host-qrate";

    /// How long a browser keeps the language that was chosen.
    private static final Duration LANGUAGE_LASTS = Duration.ofDays(365);

    private static final String BEARER = "Bearer ";

    /// How callers are known.
    ///
    /// @param keys what they ask again
    record Callers(Domains domains, LocalToken localToken, IdempotencyKeys keys) {}

    /// Where requests and failures are noted.
    record Notes(Metrics metrics, Log log) {}

    private final Router router;
    private final Sessions sessions;
    private final Callers callers;
    private final Metrics metrics;
    private final Log log;

    Handler(Router router, Sessions sessions, Callers callers, Notes notes) {
        this.router = router;
        this.sessions = sessions;
        this.callers = callers;
        this.metrics = notes.metrics;
        this.log = notes.log;
    }

    /// A reply, and the session whose cookie the browser needs for the forms in it; none where it keeps what it has.
    private record Made(Reply reply, Optional<Sessions.Session> session) {
        Made(Reply reply, Request request) {
            this(reply, Optional.of(request.session()));
        }
    }

    @Override
    public Answer answer(Asked asked) throws IOException {
        String method = asked.method().equals("HEAD") ? "GET" : asked.method();
        Optional<Router.Match> match = router.find(method, asked.path());
        if (match.isEmpty()) {
            return elsewhere(asked);
        }
        Router.Route route = match.get().route();
        return guarded(asked, () -> {
            Request request = read(asked, match.get().path());
            IdempotencyKeys.Work work = () -> render(asked, new Made(noted(asked, request, route), request));
            return IdempotencyKeys.isAsked(asked, request, route)
                    ? callers.keys.once(
                            request.name(),
                            asked,
                            () -> guarded(asked, work),
                            refusal -> render(asked, new Made(refusal, Optional.empty())))
                    : work.answer();
        });
    }

    private Answer guarded(Asked asked, IdempotencyKeys.Work work) throws IOException {
        try {
            return work.answer();
        } catch (Api.BadBody e) {
            return render(asked, new Made(Problems.of(e), Optional.empty()));
        } catch (Trouble e) {
            log.line("admin: " + asked.path() + ": " + e.getMessage());
            Reply reply = api(asked) ? Errors.data(e) : Errors.page(empty(asked), sessions, e);
            return render(asked, new Made(reply, Optional.empty()));
        }
    }

    @Override
    public Answer refusal(Asked asked, int status) {
        return render(asked, new Made(fail(empty(asked), api(asked), status), Optional.empty()));
    }

    @Override
    public void answered(int status) {
        metrics.request(status);
    }

    private static boolean api(Asked asked) {
        return asked.path().startsWith("/api/");
    }

    /// No such page, or not that method (RFC 9110 §9.3.7, §15.5.6).
    private Answer elsewhere(Asked asked) throws IOException {
        Set<String> allowed = router.methods(asked.path());
        if (!allowed.isEmpty() && asked.method().equals("OPTIONS")) {
            return new Answer(204, Map.of("Allow", String.join(", ", allowed)), new byte[0]);
        }
        Request request = read(asked, Map.of());
        Answer answer = render(asked, new Made(fail(request, api(asked), allowed.isEmpty() ? 404 : 405), request));
        if (allowed.isEmpty()) {
            return answer;
        }
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put("Allow", String.join(", ", allowed));
        return new Answer(answer.status(), headers, answer.body());
    }

    /// The reply to a request; what somebody tried to change, and why it was not done, is noted. What was done notes
    /// itself.
    private Reply noted(Asked asked, Request request, Router.Route route) throws IOException {
        try {
            Reply reply = reply(request, route);
            note(asked, request, reply.problem());
            return reply;
        } catch (Trouble e) {
            note(asked, request, e.saved() == Trouble.Saved.ALL ? "" : e.getMessage());
            throw e;
        } catch (IOException | RuntimeException e) {
            note(asked, request, "failed: " + e.getMessage());
            throw e;
        }
    }

    private void note(Asked asked, Request request, String problem) {
        boolean looks = asked.method().equals("GET") || asked.method().equals("HEAD");
        if (problem.isEmpty() || request.who().isEmpty() || looks) {
            return;
        }
        try {
            callers.domains.audit().refused(request.actor(), asked.method() + " " + asked.path(), problem);
        } catch (IOException e) {
            log.line("admin: not in the audit log: " + request.name() + " from " + request.remote() + ": "
                    + asked.method() + " " + asked.path() + ": " + problem + ": " + e.getMessage());
        }
    }

    private Reply reply(Request request, Router.Route route) throws IOException {
        boolean api = route.door() == Router.Door.API;
        if (!route.access().allows(request.who(), realNames(request.path()))) {
            if (request.who().isPresent()) {
                return fail(request, api, 403);
            }
            return api ? Errors.data(401) : new Reply.Redirect("/sign-in");
        }
        boolean changes = !route.method().equals("GET");
        if (changes && request.scope() == Tokens.Scope.READ) {
            return Errors.readOnly();
        }
        if (api) {
            route.takes().check(request);
        }
        boolean browser = route.door() == Router.Door.BROWSER;
        if (changes && browser && !sessions.matches(request.session(), request.form("csrf"))) {
            return fail(request, api, 409);
        }
        boolean leads = browser && route.access() != Access.OPEN && !OwnPages.UNCHANGED.contains(route.path());
        return leads && callers.domains.accounts().mustChange(request.principal())
                ? new Reply.Redirect(OwnPages.NEW_PASSWORD)
                : route.action().answer(request);
    }

    /// What stands in a path, with domains by the names that permissions go by.
    private Map<String, String> realNames(Map<String, String> path) throws IOException {
        Map<String, String> real = new HashMap<>(path);
        if (path.containsKey("domain")) {
            real.put("domain", callers.domains.real(path.get("domain")));
        }
        if (path.containsKey("address")) {
            Address address = Address.of(path.get("address"));
            real.put("address", address.local() + "@" + callers.domains.real(address.domain()));
        }
        return real;
    }

    private Reply fail(Request request, boolean api, int status) {
        return api ? Errors.data(status) : Errors.page(request, sessions, status);
    }

    private Request empty(Asked asked) {
        return new Request(
                Map.of(),
                Map.of(),
                "",
                Optional.empty(),
                Tokens.Scope.ROLE,
                sessions.open("", ""),
                client(asked, Optional.empty()));
    }

    private static Request.Client client(Asked asked, Optional<Principal> who) {
        boolean command = who.filter(new Principal.Administrator(Accounts.COMMAND)::equals)
                .isPresent();
        Actor.Door door = !api(asked) ? Actor.Door.PAGE : command ? Actor.Door.COMMAND : Actor.Door.REST;
        return new Request.Client(
                door,
                asked.client().address(),
                asked.header("User-Agent"),
                language(asked),
                new Request.Sent(
                        new Request.Site(asked.header("Host"), asked.client().secure()),
                        here(asked),
                        asked.header("If-Match")));
    }

    private static Language language(Asked asked) {
        return asked.cookie(LanguagePages.COOKIE)
                .flatMap(Language::spelled)
                .orElseGet(() -> Language.of(asked.header("Accept-Language")));
    }

    private static String here(Asked asked) {
        if (api(asked) || !asked.method().equals("GET")) {
            return "/";
        }
        String query = asked.query().entrySet().stream()
                .map(one -> encode(one.getKey()) + "=" + encode(one.getValue().getFirst()))
                .collect(Collectors.joining("&"));
        String path =
                Arrays.stream(asked.path().split("/", -1)).map(Handler::encode).collect(Collectors.joining("/"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    private Request read(Asked asked, Map<String, String> path) throws IOException {
        Map<String, String> form = new HashMap<>();
        for (Map.Entry<String, List<String>> parameter : asked.query().entrySet()) {
            if (api(asked) && parameter.getValue().size() > 1) {
                throw new Api.BadBody(new IOException(Log.escape(parameter.getKey()) + ": stands there twice"));
            }
            form.put(parameter.getKey(), parameter.getValue().getFirst());
        }
        Sessions.Session session = sessions.open("", "");
        Optional<Principal> who;
        Tokens.Scope scope = Tokens.Scope.ROLE;
        if (api(asked)) {
            Optional<Accounts.Bearer> bearer = byToken(asked);
            who = bearer.map(Accounts.Bearer::principal);
            scope = bearer.map(Accounts.Bearer::scope).orElse(scope);
        } else {
            form.putAll(FormFields.of(asked));
            session = sessions.read(cookie(asked).orElse("")).orElse(session);
            who = bySession(session);
            if (who.isEmpty() && !session.name().isEmpty()) {
                session = sessions.open("", "");
            }
        }
        return new Request(
                path, Map.copyOf(form), new String(asked.body(), UTF_8), who, scope, session, client(asked, who));
    }

    private static Optional<String> cookie(Asked asked) {
        return asked.cookie(asked.client().secure() ? SECURE_COOKIE : COOKIE);
    }

    private Optional<Principal> bySession(Sessions.Session session) throws IOException {
        boolean lives = !session.name().isEmpty()
                && session.fingerprint().equals(callers.domains.accounts().fingerprint(session.name()))
                && callers.domains.signIns().lives(session.nonce(), session.name());
        return lives ? callers.domains.accounts().principal(session.name()) : Optional.empty();
    }

    private Optional<Accounts.Bearer> byToken(Asked asked) throws IOException {
        String header = asked.header("Authorization");
        if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        String token = header.substring(BEARER.length()).strip();
        return callers.localToken.is(token)
                ? Optional.of(new Accounts.Bearer(new Principal.Administrator(Accounts.COMMAND), Tokens.Scope.ROLE))
                : callers.domains.accounts().byToken(token);
    }

    private Answer render(Asked asked, Made made) {
        Map<String, String> headers = new HashMap<>();
        return switch (made.reply) {
            case Reply.Page page -> shown(asked, page, made.session, headers);
            case Reply.Private(Reply.Page page) -> {
                headers.put("Referrer-Policy", "no-referrer");
                yield shown(asked, page, made.session, headers);
            }
            case Reply.Data data -> {
                headers.putAll(data.headers());
                yield answer(
                        api(asked) && data.status() >= Reply.REFUSED && data.value() instanceof Map<?, ?> said
                                ? Problems.of(data.status(), said)
                                : new Reply.Text(data.status(), "application/json", JsonWriter.write(data.value())),
                        headers);
            }
            case Reply.Refused(Change.Refused why, Map<String, Object> more) -> {
                Map<String, Object> shape = new LinkedHashMap<>(Shapes.of(why, Words.in(language(asked))));
                shape.putAll(more);
                yield answer(Problems.of(Api.status(why.reason()), shape), headers);
            }
            case Reply.Text text -> answer(text, headers);
            case Reply.Kept kept -> {
                headers.put("Cache-Control", kept.how());
                yield answer(kept.text(), headers);
            }
            case Reply.Nothing _ -> answer(new Reply.Text(204, "", ""), headers);
            case Reply.Redirect redirect -> redirect(headers, redirect.to());
            case Reply.Spoken spoken -> {
                headers.put(
                        "Set-Cookie",
                        LanguagePages.COOKIE + "=" + spoken.language().tag()
                                + "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + LANGUAGE_LASTS.toSeconds()
                                + (asked.client().secure() ? "; Secure" : ""));
                yield redirect(headers, spoken.to());
            }
            case Reply.Entered entered -> {
                setCookie(asked, headers, entered.session());
                yield answer(shown(entered.page()), headers);
            }
            case Reply.SignedIn signed -> {
                setCookie(asked, headers, signed.session());
                yield redirect(headers, signed.to());
            }
        };
    }

    private Answer shown(Asked asked, Reply.Page page, Optional<Sessions.Session> needed, Map<String, String> headers) {
        needed.filter(session -> cookie(asked).isEmpty() || session.name().isEmpty())
                .ifPresent(session -> setCookie(asked, headers, session));
        return answer(shown(page), headers);
    }

    private static Reply.Text shown(Reply.Page page) {
        StringOutput out = new StringOutput();
        page.shown().render(out);
        return new Reply.Text(page.status(), "text/html; charset=utf-8", out.toString());
    }

    private static Answer redirect(Map<String, String> headers, String to) {
        headers.put("Location", to);
        return answer(new Reply.Text(303, "", ""), headers);
    }

    private static Answer answer(Reply.Text text, Map<String, String> headers) {
        if (text.status() == 401) {
            headers.put("WWW-Authenticate", "Bearer");
        }
        if (!text.type().isEmpty()) {
            headers.put("Content-Type", text.type());
        }
        return new Answer(text.status(), headers, text.text().getBytes(UTF_8));
    }

    private void setCookie(Asked asked, Map<String, String> headers, Sessions.Session session) {
        boolean secure = asked.client().secure();
        headers.put(
                "Set-Cookie",
                (secure ? SECURE_COOKIE : COOKIE) + "=" + sessions.cookie(session)
                        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + Sessions.LASTS.toSeconds()
                        + (secure ? "; Secure" : ""));
    }
}
