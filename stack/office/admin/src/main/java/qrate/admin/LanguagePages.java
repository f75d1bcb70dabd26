package qrate.admin;

import java.util.Optional;
import qrate.language.Language;

/// Which language pages are in: what a browser asks for, until its reader chooses another at the top of a page. The
/// choice is kept in a cookie, since who has not signed in has one too.
final class LanguagePages {
    /// Name of the cookie.
    static final String COOKIE = "qrate-language";

    private static final int PATH_CHARS_MAX = 2000;

    private final Sessions sessions;

    LanguagePages(Sessions sessions) {
        this.sessions = sessions;
    }

    void register(Router router) {
        router.add("POST", "/language", Access.OPEN, this::choose);
    }

    private Reply choose(Request request) {
        Optional<Language> language = Language.spelled(request.form("language"));
        return language.isEmpty()
                ? Errors.page(request, sessions, 400)
                : new Reply.Spoken(language.get(), own(request.form("to")) ? request.form("to") : "/");
    }

    /// Whether a path is on this host: `//` and a backslash lead to others.
    private static boolean own(String path) {
        return path.startsWith("/")
                && !path.startsWith("//")
                && path.length() <= PATH_CHARS_MAX
                && path.chars().allMatch(letter -> letter > ' ' && letter < 0x7f && letter != '\\');
    }
}
