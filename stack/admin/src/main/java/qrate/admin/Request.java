package qrate.admin;

import java.util.Map;
import java.util.Optional;
import qrate.vpopmail.Principal;

/// One request, read whole.
///
/// @param path what stands in the path for each `{name}`
/// @param form fields of the form, or of the query for GET and DELETE
/// @param body the body, as text
/// @param who whoever sent it, once signed in
/// @param session of the browser; unused by the API
/// @param remote address of the client
record Request(
        Map<String, String> path,
        Map<String, String> form,
        String body,
        Optional<Principal> who,
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
