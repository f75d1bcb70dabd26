package qrate.admin;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.authres.PlainWords;
import qrate.core.Control;
import qrate.core.Log;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.language.Language;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Whose;

/// What filters had put aside for a domain or for one mailbox, and what becomes of it, by whichever door. Who may is
/// the router's; here it is only whose recipients are meant.
record QuarantineViews(QueueControl queue, Domains domains, Control control, Log log) {
    /// Whose quarantine a request is about.
    ///
    /// @param name of the domain or the mailbox
    /// @param path of its pages
    /// @param mailbox whether it is a mailbox's
    record Place(String name, String path, Whose whose, boolean mailbox) {
        /// The domain that it is in.
        String domain() {
            return name.substring(name.lastIndexOf('@') + 1);
        }
    }

    /// What a request's path names, whether it is a mailbox or a domain; empty where there is none.
    Optional<Place> place(Request request) throws IOException {
        String address = request.path("address");
        if (address.isEmpty()) {
            Optional<EditableDirectory.Domain> domain = domains.domain(request.path("domain"));
            return domain.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ofDomain(domain.get().real()));
        }
        Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(address);
        return mailbox.isEmpty()
                ? Optional.empty()
                : Optional.of(ofMailbox(mailbox.get().local(), mailbox.get().address()));
    }

    private Place ofDomain(String name) throws IOException {
        return new Place(name, Pages.pathOf("domains", name) + "/quarantine", Whose.domains(names(name)), false);
    }

    private Place ofMailbox(String local, String address) throws IOException {
        Stream<String> names = names(address.substring(address.lastIndexOf('@') + 1));
        return new Place(
                address, Pages.pathOf("mailboxes", address) + "/quarantine", Whose.mailbox(local, names), true);
    }

    private Stream<String> names(String domain) throws IOException {
        return Stream.concat(Stream.of(domain), domains.otherNames(domain).stream());
    }

    Quarantine.Part list(Place place, int limit, long before) throws IOException {
        return queue.quarantine().list(place.whose, limit, before);
    }

    /// The message of a number there.
    Optional<Quarantine.Kept> one(Place place, String id) throws IOException {
        return id.matches("[1-9][0-9]{0,17}")
                ? queue.quarantine().one(place.whose, Long.parseLong(id))
                : Optional.empty();
    }

    /// What is answered about a message that is there.
    @FunctionalInterface
    interface Action {
        Reply of(Request request, Place place, Quarantine.Kept kept) throws IOException;
    }

    /// The same of the one in a request's path; empty where there is none.
    Optional<Reply> kept(Request request, Action action) throws IOException {
        Optional<Place> place = place(request);
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
    boolean letOut(Request request, Place place, Quarantine.Kept kept) throws IOException {
        return note(request, kept, "let out", queue.quarantine().letOut(place.whose, kept.id()));
    }

    /// Ends a message for them.
    ///
    /// @return false when it is gone meanwhile
    boolean delete(Request request, Place place, Quarantine.Kept kept) throws IOException {
        return note(request, kept, "delete", queue.quarantine().delete(place.whose, kept.id()));
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
