package qrate.admin;

import java.io.IOException;
import qrate.core.Log;
import qrate.core.Verdict;

/// The pages behind the links in a list's posts: GET asks, POST takes the subscriber off the list (RFC 8058).
final class ListPages {
    /// Most links that are followed in a minute: each is a message, and nobody has signed in for it.
    static final int LINKS_PER_MINUTE_MAX = 600;

    private static final String PATH = "/unsubscribe";
    private static final String FIELD = "List-Unsubscribe";
    private static final String ONE_CLICK = "One-Click";

    private final Admin.Links links;
    private final Sessions sessions;
    private final PerMinute limit;
    private final Log log;

    ListPages(Admin.Links links, Sessions sessions, PerMinute limit, Log log) {
        this.links = links;
        this.sessions = sessions;
        this.limit = limit;
        this.log = log;
    }

    void register(Router router) {
        router.addLink("GET", PATH, this::ask);
        router.addLink("POST", PATH, this::unsubscribe);
    }

    private Reply page(Request request, Said title, boolean asks) {
        PageLayout frame = PageLayout.of(title, request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(
                200,
                frame,
                Reply.PAGES.unsubscribe(
                        frame, asks, request.form("list"), request.form("address"), request.form("code")));
    }

    private Reply ask(Request request) throws IOException {
        return links.known().is(request.form())
                ? page(request, Said.of("unsubscribe-title"), true)
                : Errors.page(request, sessions, 404);
    }

    /// Whether a body of multipart/form-data, which RFC 8058 §3.2 prefers, has the field: one pass over its lines.
    static boolean hasPart(String body) {
        boolean named = false; // in the header of the part
        boolean value = false; // its next line is the value
        boolean found = false; // and was the right one: what follows must be a boundary
        for (String line : (Iterable<String>) body.lines()::iterator) {
            if (found && line.startsWith("--")) {
                return true;
            }
            found = value && line.equals(ONE_CLICK);
            value = named && line.isEmpty();
            named = !value && ((named && !line.startsWith("--")) || names(line));
        }
        return false;
    }

    private static boolean names(String line) {
        String name = "name=";
        int at = line.indexOf(name);
        String rest = at < 0 ? "" : line.substring(at + name.length());
        return rest.startsWith(FIELD) || rest.startsWith("\"" + FIELD + "\"");
    }

    private Reply unsubscribe(Request request) throws IOException {
        boolean meant = request.form(FIELD).equals(ONE_CLICK) || hasPart(request.body());
        if (!meant) {
            return Errors.page(request, sessions, 400);
        }
        if (!links.known().is(request.form())) {
            return Errors.page(request, sessions, 404);
        }
        if (!limit.admits()) {
            log.line("admin: unsubscribe by link: more than " + LINKS_PER_MINUTE_MAX + " in a minute");
            return Errors.page(request, sessions, 503);
        }
        return switch (links.follow().link(request.form())) {
            case Verdict.Delivered _ -> {
                log.line("admin: unsubscribe by link: " + request.form("address") + " from " + request.form("list")
                        + ", asked by " + request.remote());
                yield page(request, Said.of("unsubscribe-done"), false);
            }
            case Verdict.Later(String why) -> {
                log.line("admin: unsubscribe by link: " + why);
                yield Errors.page(request, sessions, 503);
            }
            case Verdict.Never _ -> Errors.page(request, sessions, 404);
        };
    }
}
