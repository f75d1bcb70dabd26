package qrate.admin;

import gg.jte.models.runtime.JteModel;
import java.util.Map;
import qrate.directory.Change;
import qrate.directory.Words;
import qrate.language.Language;

/// What goes back.
sealed interface Reply {
    /// Every page, a method each with what it shows; made of `src/main/jte`.
    Templates PAGES = new StaticTemplates();

    /// From this status on nothing was done (RFC 9110 §15.5).
    int REFUSED = 400;

    /// Why it did not do what was asked, in a few words; empty when it did.
    default String problem() {
        return "";
    }

    /// A page.
    ///
    /// @param frame what stands around it
    /// @param shown what {@link #PAGES} made of the frame and what is in it
    record Page(int status, PageLayout frame, JteModel shown) implements Reply {
        @Override
        public String problem() {
            return status >= REFUSED ? status + " " + frame.said() : "";
        }
    }

    /// JSON.
    ///
    /// @param headers beside what every answer has
    record Data(int status, Object value, Map<String, String> headers) implements Reply {
        Data(int status, Object value) {
            this(status, value, Map.of());
        }

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

    /// A page in whose address a secret stands: no other is told where its reader came from.
    record Private(Page page) implements Reply {
        @Override
        public String problem() {
            return page.problem();
        }
    }

    /// Plain bytes.
    record Text(int status, String type, String text) implements Reply {}

    /// Plain bytes that a browser may keep.
    ///
    /// @param how long, as `Cache-Control` says it
    record Kept(Text text, String how) implements Reply {}

    /// Nothing but success.
    record Nothing() implements Reply {}

    /// Another page to get.
    ///
    /// @param to path on this host
    record Redirect(String to) implements Reply {}

    /// Another page to get, in another language from now on.
    record Spoken(Language language, String to) implements Reply {}

    /// A page, with another session.
    record Entered(Sessions.Session session, Page page) implements Reply {}

    /// Another page to get, with another session.
    record SignedIn(Sessions.Session session, String to) implements Reply {}
}
