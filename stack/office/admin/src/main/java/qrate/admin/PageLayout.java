package qrate.admin;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.directory.Principal;
import qrate.directory.Quota;
import qrate.language.Language;

/// What stands around every page, and how it speaks to its reader.
///
/// @param language of the reader
/// @param heading of the page
/// @param who has signed in, or empty
/// @param admin whether it is an administrator
/// @param domain of a postmaster, or empty
/// @param csrf token for each form
/// @param here path of this page and its query, or of the first page where it cannot be shown again
/// @param done what was done, a key of {@link #NOTICES}, or empty
/// @param wrong what was not
/// @param typed fields of the form that was not done
record PageLayout(
        Language language,
        Said heading,
        String who,
        boolean admin,
        String domain,
        String csrf,
        String here,
        String done,
        Said wrong,
        Map<String, String> typed) {
    /// What a page can say that was done; the texts are `notice-…`.
    static final Set<String> NOTICES = Set.of(
            "added",
            "removed",
            "saved",
            "link",
            "back",
            "ended",
            "everywhere",
            "tried",
            "tried-all",
            "held",
            "released",
            "given-up",
            "deleted",
            "let-out",
            "sends",
            "reset",
            "told");

    static PageLayout of(Said heading, Request request, String csrf, Said wrong) {
        Optional<Principal> who = request.who();
        String domain = who.map(p -> switch (p) {
                    case Principal.Postmaster m -> m.domain();
                    case Principal.Administrator _, Principal.Owner _ -> "";
                })
                .orElse("");
        return new PageLayout(
                request.language(),
                heading,
                request.name(),
                who.filter(p -> p instanceof Principal.Administrator).isPresent(),
                domain,
                csrf,
                request.client().here(),
                wrong.equals(Said.NOTHING) && NOTICES.contains(request.form("done")) ? request.form("done") : "",
                wrong,
                wrong.equals(Said.NOTHING) ? Map.of() : request.form());
    }

    /// Whether that is the field that was wrong.
    boolean wrongAt(String field) {
        return wrong.field().equals(field);
    }

    /// Whether a field has the focus of itself: the first one where nothing was wrong, else that which was.
    boolean beginsAt(String field) {
        return wrong.equals(Said.NOTHING) || wrongAt(field);
    }

    /// What stands in a field: what was typed there, where it was not done.
    String typed(String field, String otherwise) {
        return typed.getOrDefault(field, otherwise);
    }

    /// Whether a box is ticked: as it was where the form was not done.
    ///
    /// @param beside a field that the same form always has
    boolean ticked(String field, String beside, boolean otherwise) {
        return typed.containsKey(beside) ? typed.containsKey(field) : otherwise;
    }

    /// What was wrong, for the audit log.
    String said() {
        return (wrong.equals(Said.NOTHING) ? heading : wrong).in(Language.ENGLISH);
    }

    /// Whether there is more than one's own to look for.
    boolean finds() {
        return admin || !domain.isEmpty();
    }

    String title() {
        return say(heading);
    }

    String notice() {
        return done.isEmpty() ? "" : say("notice-" + done);
    }

    String problem() {
        return say(wrong);
    }

    /// A text of pages.
    String say(String key, Object... arguments) {
        return Texts.in(language).say(key, arguments);
    }

    String say(Said said) {
        return said.in(language);
    }

    String day(Instant when) {
        return language.day(when);
    }

    String time(Instant when) {
        return language.time(when);
    }

    String size(long bytes) {
        return language.size(bytes);
    }

    String number(long number) {
        return language.number(number);
    }

    String quota(Quota quota) {
        if (quota.equals(Quota.NONE)) {
            return say("quota-none");
        }
        String messages = quota.messages() == 0 ? "" : say("quota-messages", quota.messages());
        return quota.bytes() == 0 ? messages : (size(quota.bytes()) + " " + messages).strip();
    }
}
