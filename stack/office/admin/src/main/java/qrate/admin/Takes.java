package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import qrate.directory.Json;

/// What a route of the API takes: whatever else comes is refused by its name, since who sends it believes that it does
/// something.
///
/// @param query parameters of the query
/// @param body members of the JSON object in the body; none for no body
record Takes(Set<String> query, Set<String> body) {
    /// Neither.
    static final Takes NOTHING = new Takes(Set.of(), Set.of());

    /// Members of a body.
    static Takes body(String... names) {
        return new Takes(Set.of(), Set.of(names));
    }

    /// Parameters of a query.
    static Takes query(String... names) {
        return new Takes(Set.of(names), Set.of());
    }

    /// @throws Api.BadBody when there is more in a request
    void check(Request request) throws Api.BadBody {
        try {
            for (String name : request.form().keySet()) {
                if (!query.contains(name)) {
                    Json.onlyKnown(Map.of(name, ""), query.stream().sorted().toList());
                }
            }
            if (!body.isEmpty()) {
                Json.onlyKnown(
                        Json.object(request.body().getBytes(UTF_8)),
                        body.stream().sorted().toList());
            } else if (!request.body().isBlank()) {
                throw new IOException("this takes no body");
            }
        } catch (IOException e) {
            throw new Api.BadBody(e);
        }
    }
}
