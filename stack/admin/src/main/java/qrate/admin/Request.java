package qrate.admin;

import java.util.Map;
import java.util.Optional;
import qrate.vpopmail.Principal;
import qrate.vpopmail.Tokens;

/// One request, read whole.
///
/// @param path what stands in the path for each `{name}`
/// @param form fields of the form, or of the query for GET and DELETE
/// @param body the body, as text
/// @param who whoever sent it, once signed in
/// @param scope what the token that it came with may; of a session whatever its owner may
/// @param session of the browser; unused by the API
/// @param remote address of the client
record Request(
        Map<String, String> path,
        Map<String, String> form,
        String body,
        Optional<Principal> who,
        Tokens.Scope scope,
        Sessions.Session session,
        String remote) {
    String path(String name) {
        return path.getOrDefault(name, "");
    }

    String form(String name) {
        return form.getOrDefault(name, "");
    }

    /// Whoever sent it; only on routes that ask for somebody.
    Principal principal() {
        return who.orElseThrow(() -> new IllegalStateException("the route is open to everybody"));
    }

    String name() {
        return who.map(Principal::name).orElse("");
    }
}
