package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import qrate.language.Language;

/// Ends something in two steps: a page that names all that goes, and its form. The form says what was named, so that
/// nothing goes that nobody has read of: neither in one click, nor because more would go meanwhile.
record Removal(Sessions sessions) {
    private static final String AGREED = "agreed";
    private static final String TYPED = "typed";

    /// What is to go.
    ///
    /// @param title of the page
    /// @param lead what becomes of what is named
    /// @param goes what is meant, with all that belongs to it; may be counted anew with each look
    /// @param losses what goes, or leads nowhere, beside it
    /// @param way where it is asked for
    record Plan(Said title, Said lead, List<Said> goes, List<Said> losses, Way way) {
        /// One that removes what is named.
        Plan(Said title, List<Said> goes, List<Said> losses, Way way) {
            this(title, Said.of("removal-goes"), goes, losses, way);
        }
    }

    /// Asks for what a form of many rows names, or does it where it comes from the page that asked.
    Reply askOrRun(Request request, Plan plan, Router.Action deed) throws IOException {
        return request.form(AGREED).isEmpty() ? ask(request, plan) : run(request, plan, deed);
    }

    /// Where something is asked for.
    ///
    /// @param action path of the page and its form
    /// @param fields what the form carries on
    /// @param back where nothing happens
    /// @param button what its button says
    /// @param typed a name that must be typed; empty for none
    record Way(String action, Map<String, String> fields, String back, Said button, String typed) {
        Way(String action, String back, Said button) {
            this(action, Map.of(), back, button, "");
        }
    }

    /// The page that asks.
    Reply ask(Request request, Plan plan) {
        return page(request, plan, 200, Said.NOTHING);
    }

    /// The page again, with why it was not done.
    Reply refused(Request request, Plan plan, int status, Said why) {
        return page(request, plan, status, why);
    }

    private Reply page(Request request, Plan plan, int status, Said problem) {
        PageLayout frame = PageLayout.of(plan.title, request, sessions.csrf(request.session()), problem);
        return new Reply.Page(status, frame, Reply.PAGES.confirm(frame, plan, agreed(request, plan)));
    }

    private String agreed(Request request, Plan plan) {
        // in English, or whoever chooses another language between page and form has agreed to something else
        String losses =
                plan.losses.stream().map(loss -> loss.in(Language.ENGLISH)).collect(Collectors.joining("\n"));
        return sessions.seal(request.session(), plan.way.action + "\n" + plan.way.fields + losses);
    }

    /// What the form does, once it says what the page named.
    Reply run(Request request, Plan plan, Router.Action deed) throws IOException {
        if (!request.form(AGREED).equals(agreed(request, plan))) {
            return page(
                    request,
                    plan,
                    409,
                    request.form(AGREED).isEmpty() ? Said.of("removal-unread") : Said.of("removal-changed"));
        }
        if (!plan.way.typed.isEmpty() && !request.form(TYPED).strip().equalsIgnoreCase(plan.way.typed)) {
            return refused(
                    request,
                    plan,
                    400,
                    Said.of("removal-untyped", plan.way.typed).at(TYPED));
        }
        return deed.answer(request);
    }
}
