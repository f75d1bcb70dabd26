package qrate.admin;

import java.util.Map;
import qrate.vpopmail.Change;
import qrate.vpopmail.Words;

/// What goes back.
sealed interface Reply {
    /// From this status on nothing was done (RFC 9110 §15.5).
    int REFUSED = 400;

    /// Why it did not do what was asked, in a few words; empty when it did.
    default String problem() {
        return "";
    }

    /// A page.
    ///
    /// @param template name of its template
    /// @param model what the template shows
    record Page(int status, String template, Map<String, Object> model) implements Reply {
        @Override
        public String problem() {
            boolean refused = status >= REFUSED && model.get("frame") instanceof PageLayout;
            return refused ? status + " " + ((PageLayout) model.get("frame")).said() : "";
        }
    }

    /// JSON.
    record Data(int status, Object value) implements Reply {
        @Override
        public String problem() {
            return status >= REFUSED && value instanceof Map<?, ?> said ? status + " " + said.get("why") : "";
        }
    }

    /// JSON that says why something was not done, in words of whoever asked.
    ///
    /// @param more members beside what is said of every refusal
    record Refused(Change.Refused why, Map<String, Object> more) implements Reply {
        @Override
        public String problem() {
            return Api.status(why.reason()) + " " + Words.english().of(why);
        }
    }

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
