package qrate.admin;

import java.util.Map;
import qrate.directory.Trouble;

/// Pages that say what went wrong and what to do.
final class Errors {
    private record Said(String title, String advice) {}

    private Errors() {}

    static Reply page(Request request, Sessions sessions, int status) {
        return page(request, sessions, status, said(status));
    }

    private static Reply page(Request request, Sessions sessions, int status, Said said) {
        PageLayout frame = PageLayout.of(said.title, request, sessions.csrf(request.session()), "");
        return new Reply.Page(status, frame, Reply.PAGES.error(frame, status, said.advice));
    }

    /// The same for a program.
    static Reply data(int status) {
        Said said = said(status);
        return new Reply.Data(status, Map.of("error", said.title, "why", said.advice));
    }

    /// What could not be done now, for a program: 202 when it is saved, though not everybody reads it yet.
    static Reply data(Trouble trouble) {
        int status = trouble.saved() == Trouble.Saved.ALL ? 202 : 503;
        return new Reply.Data(status, Map.of("error", trouble.saved().name(), "why", trouble.getMessage()));
    }

    /// What could not be done now, on a page.
    static Reply page(Request request, Sessions sessions, Trouble trouble) {
        boolean saved = trouble.saved() == Trouble.Saved.ALL;
        return page(
                request,
                sessions,
                503,
                new Said(
                        saved ? "Saved, and not in force yet" : "Not now",
                        "Mail goes on meanwhile. What happened: " + trouble.getMessage()));
    }

    /// A token that may look and tried to change.
    static Reply readOnly() {
        return new Reply.Data(
                403,
                Map.of("error", "Not allowed", "why", "This token may look, and change nothing: its scope is read"));
    }

    private static Said said(int status) {
        return switch (status) {
            case 400 -> new Said("Not understood", "The request is incomplete or wrong. Go back and try again.");
            case 401 -> new Said("Not signed in", "Send a token: Authorization: Bearer …");
            case 403 -> new Said("Not allowed", "This account may not do that. Ask an administrator.");
            case 404 -> new Said("Not there", "There is no such page. What it showed may have been removed.");
            case 405 -> new Said("Not that way", "This address does not take that HTTP method.");
            case 409 ->
                new Said(
                        "The form is out of date",
                        "You signed in or out since it was shown. Go back, reload the page and try again: nothing was changed.");
            case 413 -> new Said("Too much", "The request is larger than 64 KiB.");
            case 503 ->
                new Said(
                        "Not now",
                        "The database or the queue cannot be reached, or too many ask at once. "
                                + "Mail goes on meanwhile. Try again in a minute; the log of the admin service says more.");
            default -> new Said("Broken", "That should not have happened. The log of the admin service says more.");
        };
    }
}
