package qrate.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Every route in one table: method, path, who may.
final class Router {
    /// What answers a route.
    @FunctionalInterface
    interface Action {
        Reply answer(Request request) throws IOException;
    }

    /// How a caller says who it is.
    enum Door {
        /// a browser: session cookie, CSRF token, pages
        BROWSER,
        /// a program: Bearer token, JSON
        API,
        /// anybody who has a link that is a key in itself: pages, but no session counts
        LINK
    }

    /// One route.
    ///
    /// @param path segments; `{name}` stands for any
    /// @param takes what may come with it; of the API only, where more is refused
    record Route(String method, String path, Access access, Door door, Takes takes, Action action) {
        Optional<Map<String, String>> matches(String[] segments) {
            String[] own = path.split("/", -1);
            if (own.length != segments.length) {
                return Optional.empty();
            }
            Map<String, String> found = new HashMap<>();
            for (int i = 0; i < own.length; i++) {
                if (own[i].startsWith("{")) {
                    found.put(own[i].substring(1, own[i].length() - 1), segments[i]);
                } else if (!own[i].equals(segments[i])) {
                    return Optional.empty();
                }
            }
            return Optional.of(found);
        }
    }

    /// A route and what its path says.
    record Match(Route route, Map<String, String> path) {}

    private final List<Route> routes = new ArrayList<>();

    /// A route that takes nothing but its path, if it is one of the API.
    void add(String method, String path, Access access, Action action) {
        add(method, path, access, Takes.NOTHING, action);
    }

    /// A route.
    void add(String method, String path, Access access, Takes takes, Action action) {
        Door door = path.startsWith("/api/") ? Door.API : Door.BROWSER;
        routes.add(new Route(method, path, access, door, takes, action));
    }

    /// A route for whoever has the link.
    void addLink(String method, String path, Action action) {
        routes.add(new Route(method, path, Access.OPEN, Door.LINK, Takes.NOTHING, action));
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    Optional<Match> find(String method, String path) {
        String[] segments = path.split("/", -1);
        for (Route route : routes) {
            Optional<Map<String, String>> found =
                    route.method.equals(method) ? route.matches(segments) : Optional.empty();
            if (found.isPresent()) {
                return Optional.of(new Match(route, found.get()));
            }
        }
        return Optional.empty();
    }

    /// The methods that a path takes; none where there is nothing.
    Set<String> methods(String path) {
        String[] segments = path.split("/", -1);
        Set<String> methods = new TreeSet<>();
        for (Route route : routes) {
            if (route.matches(segments).isPresent()) {
                methods.addAll(route.method.equals("GET") ? List.of("GET", "HEAD") : List.of(route.method));
            }
        }
        return methods;
    }
}
