package qrate.admin;

import java.util.Map;
import java.util.Set;
import qrate.directory.Trouble;
import qrate.language.Language;

/// Pages that say what went wrong and what to do.
final class Errors {
    /// Status codes with a text of their own: `error-404` and `advice-404`.
    static final Set<Integer> KNOWN = Set.of(400, 401, 403, 404, 405, 409, 413, 503);

    /// How the texts of all others are called.
    static final String OTHER = "other";

    private Errors() {}

    static Reply page(Request request, Sessions sessions, int status) {
        return page(
                request,
                sessions,
                new Wrong(status, Said.of("error-" + word(status)), Said.of("advice-" + word(status))));
    }

    /// @param advice what to do
    private record Wrong(int status, Said title, Said advice) {}

    private static Reply page(Request request, Sessions sessions, Wrong wrong) {
        PageLayout frame = PageLayout.of(wrong.title, request, sessions.csrf(request.session()), Said.NOTHING);
        return new Reply.Page(wrong.status, frame, Reply.PAGES.error(frame, wrong.status, wrong.advice));
    }

    /// How the texts of a status are called.
    static String word(int status) {
        return KNOWN.contains(status) ? Integer.toString(status) : OTHER;
    }

    /// The same for a program.
    static Reply data(int status) {
        Texts texts = Texts.in(Language.ENGLISH);
        return new Reply.Data(
                status,
                Map.of(
                        "error", texts.say("error-" + word(status)),
                        "why", texts.say("advice-" + word(status))));
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
                new Wrong(
                        503,
                        Said.of(saved ? "error-saved" : "error-503"),
                        Said.of("advice-trouble", trouble.getMessage())));
    }

    /// A token that may look and tried to change.
    static Reply readOnly() {
        return new Reply.Data(
                403,
                Map.of("error", "Not allowed", "why", "This token may look, and change nothing: its scope is read"));
    }
}
