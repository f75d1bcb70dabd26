package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.directory.AppPasswords;
import qrate.directory.Passkeys;
import qrate.directory.SignIns;

/// Paths of a rig's routes.
final class Paths {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");

    private Paths() {}

    /// What stands for a parameter.
    @FunctionalInterface
    interface Filling {
        String of(Router.Route route, String parameter) throws IOException;
    }

    static String of(Router.Route route, Filling filling) throws IOException {
        Matcher parameter = PARAMETER.matcher(route.path());
        StringBuilder path = new StringBuilder();
        while (parameter.find()) {
            String value = URLEncoder.encode(filling.of(route, parameter.group(1)), UTF_8);
            parameter.appendReplacement(path, Matcher.quoteReplacement(value));
        }
        return parameter.appendTail(path).toString();
    }

    /// Whether a path says whose domain or mailbox it is about.
    static boolean whose(Router.Route route) {
        return route.path().contains("{domain}") || route.path().contains("{address}");
    }

    static boolean names(Router.Route route) {
        return PARAMETER.matcher(route.path()).find();
    }

    /// The route that answers a GET of a path, with or without a query.
    static Optional<Router.Route> found(List<Router.Route> routes, String path) {
        String[] segments = Arrays.stream(path.split("\\?", 2)[0].split("/", -1))
                .map(one -> URLDecoder.decode(one, UTF_8))
                .toArray(String[]::new);
        return routes.stream()
                .filter(route ->
                        route.method().equals("GET") && route.matches(segments).isPresent())
                .findFirst();
    }

    /// What is there to stand for a parameter: ann's, and what only her domain's people may touch.
    static String there(Rig rig, Router.Route route, String parameter) throws IOException {
        return switch (parameter) {
            case "domain" -> "example.test";
            case "address" -> route.path().contains("/lists/") ? HostileList.ADDRESS : "ann@example.test";
            case "login" -> "postmaster@example.test";
            case "name" -> route.path().contains("/texts/") ? "bounce-failed" : "eve";
            case "language" -> "en";
            case "file" -> "me";
            case "id" -> id(rig, route.path());
            default -> "1";
        };
    }

    private static String id(Rig rig, String path) throws IOException {
        if (path.contains("/tokens/")) {
            return rig.domains.tokens().of("ann@example.test").getFirst().id();
        }
        if (path.contains("/sessions/")) {
            return rig.domains.signIns().of("ann@example.test").stream()
                    .findFirst()
                    .map(SignIns.SignIn::id)
                    .orElse("0");
        }
        if (path.contains("/passkeys/")) {
            return rig.domains.passkeys().of("admin").stream()
                    .findFirst()
                    .map(Passkeys.Listed::id)
                    .orElse("0");
        }
        if (path.contains("/app-passwords/")) {
            return rig.domains.appPasswords("ann@example.test").stream()
                    .findFirst()
                    .map(AppPasswords.Listed::id)
                    .orElse("7");
        }
        if (path.contains("/deleted/")) {
            return rig.domains.deleted("example.test").stream()
                    .findFirst()
                    .map(one -> Long.toString(one.number()))
                    .orElse("7");
        }
        return path.contains("/waiting/") ? "1-a" : "7";
    }
}
