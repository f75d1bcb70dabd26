package qrate.admin;

import java.util.Map;

/// What goes back.
sealed interface Reply {
    /// A page.
    ///
    /// @param template name of its template
    /// @param model what the template shows
    record Page(int status, String template, Map<String, Object> model) implements Reply {}

    /// JSON.
    record Data(int status, Object value) implements Reply {}

    /// Plain bytes.
    record Text(int status, String type, String text) implements Reply {}

    /// Nothing but success.
    record Nothing() implements Reply {}

    /// Another page to get.
    ///
    /// @param to path on this host
    record Redirect(String to) implements Reply {}

    /// Another page to get, with another session.
    record SignedIn(Sessions.Session session, String to) implements Reply {}
}
