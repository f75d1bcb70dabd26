package qrate.admin;

import java.util.Map;
import java.util.Optional;
import qrate.directory.Actor;
import qrate.directory.Principal;
import qrate.directory.Tokens;
import qrate.directory.Words;
import qrate.language.Language;

/// One request, read whole.
///
/// @param path what stands in the path for each `{name}`
/// @param form fields of the form, or of the query for GET and DELETE
/// @param body the body, as text
/// @param who whoever sent it, once signed in
/// @param scope what the token that it came with may; of a session whatever its owner may
/// @param session of the browser; unused by the API
/// @param client whoever sent it, as the connection and its headers say
record Request(
        Map<String, String> path,
        Map<String, String> form,
        String body,
        Optional<Principal> who,
        Tokens.Scope scope,
        Sessions.Session session,
        Client client) {
    /// Where a request came from.
    ///
    /// @param door by which it came in
    /// @param remote address
    /// @param browser what it calls itself, or empty
    /// @param language that its reader chose, or that `Accept-Language` asks for
    /// @param host that it believes to speak with, perhaps with a port, or empty
    /// @param here path and query of a page that can be got again, else the first page's
    record Client(Actor.Door door, String remote, String browser, Language language, String host, String here) {}

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

    String remote() {
        return client.remote;
    }

    Language language() {
        return client.language;
    }

    /// Words for its reader.
    Words words() {
        return Words.in(client.language);
    }

    /// Whoever sent it, for the audit log.
    Actor actor() {
        return actor(name());
    }

    /// The same for somebody who is just signing in.
    Actor actor(String name) {
        return new Actor(name, client.door, client.remote);
    }
}
