package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import qrate.core.Slice;

/// Which part of a long list a request asks for, and where the others are.
final class Paging {
    /// Rows on a page.
    static final int ROWS = 50;

    /// Parameters of the query.
    static final String QUERY = "q";

    static final String AFTER = "after";
    static final String BEFORE = "before";
    static final String LIMIT = "limit";

    private static final int QUERY_CHARS_MAX = 320;

    private Paging() {}

    /// What a page asks for.
    static Slice of(Request request) {
        return slice(request, ROWS);
    }

    /// What a program asks for: no more at once than {@link Slice#MOST_MAX}.
    static Slice ofProgram(Request request) throws Api.BadBody {
        String limit = request.form(LIMIT);
        if (limit.isEmpty()) {
            return slice(request, Slice.MOST_MAX);
        }
        int most = limit.matches("[0-9]{1,6}") ? Integer.parseInt(limit) : 0;
        if (most < 1 || most > Slice.MOST_MAX) {
            throw new Api.BadBody(new IOException(LIMIT + ": must be 1 to " + Slice.MOST_MAX));
        }
        return slice(request, most);
    }

    private static Slice slice(Request request, int most) {
        return new Slice(query(request), key(request, AFTER), key(request, BEFORE), most);
    }

    /// What is looked for, as it is compared.
    static String query(Request request) {
        String text = request.form(QUERY).strip().toLowerCase(Locale.ROOT);
        return text.length() > QUERY_CHARS_MAX ? text.substring(0, QUERY_CHARS_MAX) : text;
    }

    /// A number that a parameter says: 0 where it says nothing, empty where it says anything else.
    static Optional<Long> number(Request request, String name) {
        String text = request.form(name);
        return text.matches("[0-9]{0,18}") ? Optional.of(text.isEmpty() ? 0L : Long.parseLong(text)) : Optional.empty();
    }

    private static String key(Request request, String name) {
        String key = request.form(name);
        return key.length() > QUERY_CHARS_MAX ? "" : key;
    }

    /// Fields of an answer that say where the parts around it are (RFC 8288).
    ///
    /// @param path of the collection
    /// @param fixed parameters that stay
    static <T> Map<String, String> links(
            String path, Map<String, String> fixed, Slice.Part<T> part, Function<T, String> key) {
        List<String> links = new ArrayList<>();
        if (part.later() && !part.rows().isEmpty()) {
            links.add(next(path, fixed, AFTER, key.apply(part.rows().getLast())));
        }
        if (part.earlier() && !part.rows().isEmpty()) {
            links.add(link(path, fixed, BEFORE, key.apply(part.rows().getFirst())) + "; rel=\"prev\"");
        }
        return links.isEmpty() ? Map.of() : Map.of("Link", String.join(", ", links));
    }

    /// The same where the next part, if there is one, begins before a number.
    ///
    /// @param before 0 where there is none
    static Map<String, String> older(String path, Map<String, String> fixed, long before) {
        return before == 0 ? Map.of() : Map.of("Link", next(path, fixed, BEFORE, Long.toString(before)));
    }

    private static String next(String path, Map<String, String> fixed, String name, String value) {
        return link(path, fixed, name, value) + "; rel=\"next\"";
    }

    private static String link(String path, Map<String, String> fixed, String name, String value) {
        return "<" + path + "?" + query(with(fixed, name, value)) + ">";
    }

    /// The parts around one that a page shows.
    ///
    /// @param earlier link to the part in front, or empty
    /// @param later link to the part behind, or empty
    /// @param all how many there are that hold what is looked for
    record Around(String earlier, String later, long all) {}

    /// Where a page's other parts are.
    ///
    /// @param path of the page
    /// @param fixed parameters that stay
    static <T> Around around(String path, Map<String, String> fixed, Slice.Part<T> part, Function<T, String> key) {
        boolean any = !part.rows().isEmpty();
        return new Around(
                part.earlier()
                        ? path + "?"
                                + query(
                                        any
                                                ? with(
                                                        fixed,
                                                        BEFORE,
                                                        key.apply(part.rows().getFirst()))
                                                : fixed)
                        : "",
                part.later() && any
                        ? path + "?"
                                + query(with(fixed, AFTER, key.apply(part.rows().getLast())))
                        : "",
                part.all());
    }

    private static Map<String, String> with(Map<String, String> fixed, String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(fixed);
        all.put(name, value);
        return all;
    }

    /// Parameters as a query; those that are empty are left out.
    static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                query.append(query.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, UTF_8));
            }
        });
        return query.toString();
    }

    /// Parameters of a request that stay while somebody turns pages.
    static Map<String, String> fixed(Request request, String... names) {
        Map<String, String> fixed = new LinkedHashMap<>();
        for (String name : names) {
            fixed.put(name, request.form(name));
        }
        return fixed;
    }
}
