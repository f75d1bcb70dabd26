package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What pages can do, REST can do: `pages-by-rest.txt` holds each page and each act of one, and the routes of the API
/// that do the same, or why only a page does it.
class PagesByRestTest extends AdminOnRig {
    /// How a line says that there is no route, and why.
    private static final String PAGE_ALONE = "page alone: ";

    private static Map<String, String> table() throws IOException {
        Map<String, String> table = new LinkedHashMap<>();
        try (InputStream in = PagesByRestTest.class.getResourceAsStream("/pages-by-rest.txt");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line : lines.lines()
                    .filter(one -> !one.isBlank() && !one.startsWith("#"))
                    .toList()) {
                String[] sides = line.split(" = ", 2);
                assertEquals(2, sides.length, line);
                assertEquals(null, table.put(sides[0].strip(), sides[1].strip()), "twice: " + line);
            }
        }
        return table;
    }

    private static String name(Router.Route route) {
        return route.method() + " " + route.path();
    }

    private static Map<String, Router.Route> routes(Router.Door door) throws IOException {
        return rig.routes().stream()
                .filter(route -> route.door() == door)
                .collect(Collectors.toMap(PagesByRestTest::name, Function.identity()));
    }

    @Test
    void everyPageAndEveryActOfOneHasARouteOfTheApiOrAReason() throws IOException {
        assertEquals(new TreeSet<>(routes(Router.Door.BROWSER).keySet()), new TreeSet<>(table().keySet()));
    }

    @Test
    void theRoutesAreThereAndOpenToEverybodyWhoMayUseThePage() throws IOException {
        Map<String, Router.Route> pages = routes(Router.Door.BROWSER);
        Map<String, Router.Route> api = routes(Router.Door.API);
        for (Map.Entry<String, String> line : table().entrySet()) {
            String said = line.getValue();
            Optional<Router.Route> page = Optional.ofNullable(pages.get(line.getKey()));
            if (page.isPresent() && !said.startsWith(PAGE_ALONE)) {
                Set<Access> access = new TreeSet<>();
                for (String one : List.of(said.split(", ", -1))) {
                    String[] words = one.split(" ", 2);
                    Router.Route route = api.get(words[0] + " /api/v1" + words[1]);
                    assertTrue(route != null, line + ": " + one + " is no route");
                    access.add(route.access());
                }
                // one's own page is of whoever signed in; by REST it is that of a mailbox or an administrator by name
                boolean own = page.get().access() == Access.SIGNED_IN && access.contains(Access.MAILBOX);
                assertTrue(
                        own
                                || access.stream()
                                        .anyMatch(each ->
                                                each.compareTo(page.get().access()) <= 0),
                        line + ": the page is for " + page.get().access() + ", REST for " + access);
            }
        }
    }
}
