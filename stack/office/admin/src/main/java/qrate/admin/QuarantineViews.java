package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import qrate.authres.PlainWords;
import qrate.core.Control;
import qrate.core.Log;
import qrate.directory.Domains;
import qrate.language.Language;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.QueueControl;

/// What filters had put aside for a domain or for one mailbox, and what becomes of it, by whichever door. Who may is
/// the router's; here it is only whose recipients are meant.
record QuarantineViews(QueueControl queue, Domains domains, Control control, Log log) {
    /// Whose quarantine a request is about; empty where there is none.
    Optional<MailPlace> place(Request request) throws IOException {
        return MailPlace.of(request, domains, "/quarantine");
    }

    Quarantine.Part list(MailPlace place, int limit, long before) throws IOException {
        return queue.quarantine().list(place.whose(), limit, before);
    }

    /// The message of a number there.
    Optional<Quarantine.Kept> one(MailPlace place, String id) throws IOException {
        return id.matches("[1-9][0-9]{0,17}")
                ? queue.quarantine().one(place.whose(), Long.parseLong(id))
                : Optional.empty();
    }

    /// What is answered about a message that is there.
    @FunctionalInterface
    interface Action {
        Reply of(Request request, MailPlace place, Quarantine.Kept kept) throws IOException;
    }

    /// The same of the one in a request's path; empty where there is none.
    Optional<Reply> kept(Request request, Action action) throws IOException {
        Optional<MailPlace> place = place(request);
        Optional<Quarantine.Kept> kept = place.isEmpty() ? Optional.empty() : one(place.get(), request.path("id"));
        return kept.isEmpty() ? Optional.empty() : Optional.of(action.of(request, place.get(), kept.get()));
    }

    /// What was found out about a message, in sentences.
    List<String> found(Quarantine.Kept kept, Language language) throws IOException {
        return PlainWords.of(kept.results(), control.lineOrMe("me"), language);
    }

    /// Delivers a message to whom it is kept for there.
    ///
    /// @return false when it is gone meanwhile
    boolean letOut(Request request, MailPlace place, Quarantine.Kept kept) throws IOException {
        return note(request, kept, "let out", queue.quarantine().letOut(place.whose(), kept.id()));
    }

    /// Ends a message for them.
    ///
    /// @return false when it is gone meanwhile
    boolean delete(Request request, MailPlace place, Quarantine.Kept kept) throws IOException {
        return note(request, kept, "delete", queue.quarantine().delete(place.whose(), kept.id()));
    }

    /// It is done already: a line that cannot be written stands in the log at least.
    private boolean note(Request request, Quarantine.Kept kept, String verb, boolean done) {
        if (done) {
            String what = "quarantine: " + verb + " message " + kept.id() + " from " + kept.sender() + " to "
                    + QueueActs.named(kept.recipients());
            log.line("admin: " + request.name() + " from " + request.remote() + ": " + what);
            try {
                domains.audit().done(request.actor(), what);
            } catch (IOException e) {
                log.line("admin: not in the audit log: " + what + ": " + e.getMessage());
            }
        }
        return done;
    }
}
