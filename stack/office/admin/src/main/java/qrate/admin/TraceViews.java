package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.Address;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Trace;
import qrate.qcontrol.Whose;
import qrate.snapshots.Names;

/// What became of messages, and what would become of one: of all of them, of those of a domain, or of a mailbox. Who
/// may is the router's; here it is only whose messages are meant.
record TraceViews(QueueControl queue, Domains domains, WhatIf whatIf, InstantSource clock) {
    /// Parameter of the query: how many days back.
    static final String DAYS = "days";

    /// Parameter of the query: for whom mail would be.
    static final String ADDRESS = "address";

    /// As long as the ledger is kept.
    static final int DAYS_MAX = 30;

    /// Days that a page offers.
    static final List<Integer> DAYS_OFFERED = List.of(DAYS_MAX, 7, 1);

    /// Whose messages a request is about.
    ///
    /// @param name of the domain or the mailbox; empty for everything
    /// @param names of the domain, which are one; empty for everything and for a mailbox
    record Place(String name, String path, Whose whose, List<String> names) {
        boolean domain() {
            return !names.isEmpty();
        }

        /// Whether it may be asked here what would become of mail for an address.
        boolean explains(String address) {
            String domain = Names.domain(Address.of(address).domain()).orElse("");
            return name.isEmpty() || names.contains(domain);
        }
    }

    /// What a request's path names; empty where there is none.
    Optional<Place> place(Request request) throws IOException {
        String address = request.path("address");
        String domain = request.path("domain");
        if (!address.isEmpty()) {
            Optional<EditableDirectory.Mailbox> mailbox = domains.mailbox(address);
            if (mailbox.isEmpty()) {
                return Optional.empty();
            }
            String name = mailbox.get().address();
            List<String> names = names(name.substring(name.lastIndexOf('@') + 1));
            return Optional.of(new Place(
                    name,
                    Pages.pathOf("mailboxes", name) + "/trace",
                    Whose.mailbox(mailbox.get().local(), names.stream()),
                    List.of()));
        }
        if (domain.isEmpty()) {
            return Optional.of(new Place("", "/trace", Whose.ALL, List.of()));
        }
        Optional<EditableDirectory.Domain> found = domains.domain(domain);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<String> names = names(found.get().real());
        return Optional.of(new Place(
                found.get().real(),
                Pages.pathOf("domains", found.get().real()) + "/trace",
                Whose.domains(names.stream()),
                names));
    }

    private List<String> names(String domain) throws IOException {
        return Stream.concat(Stream.of(domain), domains.otherNames(domain).stream())
                .toList();
    }

    /// How many days back a request asks for; empty for none that there could be.
    static Optional<Integer> days(Request request) {
        String text = request.form(DAYS);
        if (text.isEmpty()) {
            return Optional.of(DAYS_MAX);
        }
        int days = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : 0;
        return days >= 1 && days <= DAYS_MAX ? Optional.of(days) : Optional.empty();
    }

    /// Messages that fit what a request looks for.
    Trace.Part find(Request request, Place place, int days, long before, int limit) throws IOException {
        return queue.trace()
                .find(new Trace.Query(
                        Paging.query(request),
                        place.whose,
                        clock.instant().minus(Duration.ofDays(days)),
                        before,
                        Math.min(limit, Trace.MESSAGES_MAX)));
    }
}
