package qrate.admin;

import java.util.Map;
import java.util.Optional;
import qrate.directory.Principal;

/// What stands around every page.
///
/// @param title of the page
/// @param who has signed in, or empty
/// @param admin whether it is an administrator
/// @param domain of a postmaster, or empty
/// @param csrf token for each form
/// @param notice what was done, or empty
/// @param problem what was not, or empty
record PageLayout(String title, String who, boolean admin, String domain, String csrf, String notice, String problem) {
    private static final Map<String, String> NOTICES = Map.of(
            "added", "Added.",
            "removed", "Removed.",
            "saved", "Saved.",
            "ended", "Ended.",
            "everywhere", "Signed out everywhere.",
            "asked", "The request was passed to the queue.");

    /// What was wrong, in the page's own words.
    String said() {
        return problem.isEmpty() ? title : problem;
    }

    static PageLayout of(String title, Request request, String csrf, String problem) {
        Optional<Principal> who = request.who();
        String domain = who.map(p -> switch (p) {
                    case Principal.Postmaster m -> m.domain();
                    case Principal.Administrator _, Principal.Owner _ -> "";
                })
                .orElse("");
        String notice = problem.isEmpty() ? NOTICES.getOrDefault(request.form("done"), "") : "";
        return new PageLayout(
                title,
                request.name(),
                who.filter(p -> p instanceof Principal.Administrator).isPresent(),
                domain,
                csrf,
                notice,
                problem);
    }
}
