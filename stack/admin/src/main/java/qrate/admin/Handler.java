package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import qrate.core.Address;
import qrate.core.Log;
import qrate.vpopmail.Accounts;
import qrate.vpopmail.Domains;
import qrate.vpopmail.Json;
import qrate.vpopmail.Principal;
import qrate.vpopmail.Tokens;
import qrate.vpopmail.Trouble;

/// One request to one reply: who asks, whether it may, what goes back. The catch point of the service.
final class Handler implements HttpHandler {
    /// Most requests answered at once; one more gets 503.
    static final int REQUESTS_MAX = 32;

    /// Most fields of a form.
    static final int FORM_FIELDS_MAX = 100;

    /// Most bytes of a body that are read so that its client hears why it is too large; a longer one of unknown length
    /// is cut off.
    static final long READ_ON_BYTES_MAX = 1 << 20;

    private static final String COOKIE = "qrate";
    private static final String BEARER = "Bearer ";
    private static final String CONTENT_POLICY =
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// How callers are known.
    record Callers(Domains domains, LocalToken localToken) {}

    /// Where requests and failures are noted.
    record Notes(Metrics metrics, Log log) {}

    private final Router router;
    private final Sessions sessions;
    private final Callers callers;
    private final Notes notes;
    private final Semaphore permits = new Semaphore(REQUESTS_MAX);
    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, Handler.class.getClassLoader(), Handler.class.getPackageName());

    Handler(Router router, Sessions sessions, Callers callers, Notes notes) {
        this.router = router;
        this.sessions = sessions;
        this.callers = callers;
        this.notes = notes;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        boolean permitted = permits.tryAcquire();
        try {
            exchange.startBlocking();
            send(exchange, permitted ? answer(exchange) : new Answer(Errors.data(503), sessions.open("", "")));
        } catch (IOException | RuntimeException e) {
            // the client is gone, or a page could not be made: nothing of it has been sent
            notes.log.line("admin: " + exchange.getRequestPath() + ": " + e);
            if (!exchange.isResponseStarted()) {
                exchange.setStatusCode(500);
            }
            exchange.endExchange();
        } finally {
            if (permitted) {
                permits.release();
            }
            notes.metrics.request(exchange.getStatusCode());
        }
    }

    /// A reply, and the session whose cookie the browser needs for the forms in it.
    private record Answer(Reply reply, Sessions.Session session) {}

    private Answer answer(HttpServerExchange exchange) {
        String given = exchange.getRequestMethod().toString();
        String method = given.equals("HEAD") ? "GET" : given;
        String path = exchange.getRequestPath();
        boolean api = path.startsWith("/api/");
        Optional<Router.Match> match = router.find(method, path);
        Request request = empty(exchange);
        Reply reply;
        try {
            request = read(exchange, api, match.map(Router.Match::path).orElse(Map.of()));
            Set<String> allowed = router.methods(path);
            if (match.isEmpty() && !allowed.isEmpty()) {
                header(exchange, "Allow", String.join(", ", allowed)); // RFC 9110 §15.5.6
            }
            reply = match.isPresent()
                    ? answer(request, match.get().route())
                    : fail(request, api, allowed.isEmpty() ? 404 : 405);
        } catch (Api.BadBody e) {
            reply = new Reply.Data(400, Map.of("error", "INVALID", "why", e.getMessage()));
        } catch (RequestTooBigException _) {
            reply = fail(request, api, 413);
        } catch (Trouble e) {
            notes.log.line("admin: " + path + ": " + e.getMessage());
            reply = api ? Errors.data(e) : Errors.page(request, sessions, e);
        } catch (IOException e) {
            notes.log.line("admin: " + path + ": " + e.getMessage());
            reply = fail(request, api, 503);
        } catch (RuntimeException e) {
            notes.log.line("admin: " + path + ": " + e);
            reply = fail(request, api, 500);
        }
        return new Answer(reply, request.session());
    }

    private Reply answer(Request request, Router.Route route) throws IOException {
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
        return route.action().answer(request);
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

    private static String remote(HttpServerExchange exchange) {
        return exchange.getSourceAddress().getAddress().getHostAddress();
    }

    private Request empty(HttpServerExchange exchange) {
        return new Request(
                Map.of(), Map.of(), "", Optional.empty(), Tokens.Scope.ROLE, sessions.open("", ""), remote(exchange));
    }

    private Request read(HttpServerExchange exchange, boolean api, Map<String, String> path) throws IOException {
        byte[] body = exchange.getInputStream().readNBytes((int) Admin.BODY_BYTES_MAX + 1);
        if (body.length > Admin.BODY_BYTES_MAX) {
            throw new RequestTooBigException();
        }
        Map<String, String> form = new HashMap<>();
        for (Map.Entry<String, Deque<String>> parameter :
                exchange.getQueryParameters().entrySet()) {
            if (api && parameter.getValue().size() > 1) {
                throw new Api.BadBody(new IOException(Log.escape(parameter.getKey()) + ": stands there twice"));
            }
            form.put(parameter.getKey(), parameter.getValue().getFirst());
        }
        if (!api) {
            form.putAll(form(exchange, body));
        }
        Sessions.Session session = sessions.open("", "");
        Optional<Principal> who;
        Tokens.Scope scope = Tokens.Scope.ROLE;
        if (api) {
            Optional<Accounts.Bearer> bearer = byToken(exchange);
            who = bearer.map(Accounts.Bearer::principal);
            scope = bearer.map(Accounts.Bearer::scope).orElse(scope);
        } else {
            Cookie cookie = exchange.getRequestCookie(COOKIE);
            session = sessions.read(cookie == null ? "" : cookie.getValue()).orElse(session);
            who = bySession(session);
            if (who.isEmpty() && !session.name().isEmpty()) {
                session = sessions.open("", "");
            }
        }
        return new Request(path, Map.copyOf(form), new String(body, UTF_8), who, scope, session, remote(exchange));
    }

    private Optional<Principal> bySession(Sessions.Session session) throws IOException {
        if (session.name().isEmpty()
                || !session.fingerprint().equals(callers.domains.accounts().fingerprint(session.name()))) {
            return Optional.empty();
        }
        return callers.domains.accounts().principal(session.name());
    }

    private Optional<Accounts.Bearer> byToken(HttpServerExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        String token = header.substring(BEARER.length()).strip();
        return callers.localToken.is(token)
                ? Optional.of(new Accounts.Bearer(new Principal.Administrator(Accounts.COMMAND), Tokens.Scope.ROLE))
                : callers.domains.accounts().byToken(token);
    }

    private static Map<String, String> form(HttpServerExchange exchange, byte[] body) {
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        Map<String, String> fields = new HashMap<>();
        if (type == null || !type.startsWith("application/x-www-form-urlencoded")) {
            return fields;
        }
        for (String pair : new String(body, UTF_8).split("&", FORM_FIELDS_MAX)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException _) {
            // a percent sign that encodes nothing stands for itself
            return text;
        }
    }

    private void send(HttpServerExchange exchange, Answer answer) throws IOException {
        header(exchange, "Content-Security-Policy", CONTENT_POLICY);
        header(exchange, "X-Content-Type-Options", "nosniff");
        header(exchange, "X-Frame-Options", "DENY");
        header(exchange, "Referrer-Policy", "same-origin");
        header(exchange, "Cross-Origin-Opener-Policy", "same-origin");
        header(exchange, "Cache-Control", exchange.getRequestPath().equals("/style.css") ? "max-age=3600" : "no-store");
        switch (answer.reply) {
            case Reply.Page page -> {
                StringOutput out = new StringOutput();
                templates.render(page.template(), page.model(), out);
                if (exchange.getRequestCookie(COOKIE) == null
                        || answer.session.name().isEmpty()) {
                    setCookie(exchange, sessions.cookie(answer.session));
                }
                write(exchange, new Reply.Text(page.status(), "text/html; charset=utf-8", out.toString()));
            }
            case Reply.Data data ->
                write(exchange, new Reply.Text(data.status(), "application/json", Json.write(data.value())));
            case Reply.Text text -> write(exchange, text);
            case Reply.Nothing _ -> write(exchange, new Reply.Text(204, "", ""));
            case Reply.Redirect redirect -> redirect(exchange, redirect.to());
            case Reply.SignedIn signed -> {
                setCookie(exchange, sessions.cookie(signed.session()));
                redirect(exchange, signed.to());
            }
        }
    }

    private static void redirect(HttpServerExchange exchange, String to) throws IOException {
        header(exchange, "Location", to);
        write(exchange, new Reply.Text(303, "", ""));
    }

    private static void write(HttpServerExchange exchange, Reply.Text text) throws IOException {
        byte[] bytes = text.text().getBytes(UTF_8);
        exchange.setStatusCode(text.status());
        if (text.status() == 401) {
            header(exchange, "WWW-Authenticate", "Bearer");
        }
        if (!text.type().isEmpty()) {
            header(exchange, "Content-Type", text.type());
        }
        if (bytes.length > 0) {
            exchange.setResponseContentLength(bytes.length);
            exchange.getOutputStream().write(bytes);
        }
        exchange.endExchange();
    }

    private static void header(HttpServerExchange exchange, String name, String value) {
        exchange.getResponseHeaders().put(new HttpString(name), value);
    }

    private static void setCookie(HttpServerExchange exchange, String value) {
        String secure = exchange.getRequestScheme().equals("https") ? "; Secure" : "";
        header(
                exchange,
                "Set-Cookie",
                COOKIE + "=" + value + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + Sessions.LASTS.toSeconds()
                        + secure);
    }
}
