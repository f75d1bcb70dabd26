package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.core.Address;
import qrate.directory.Domains;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Trace;
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

    /// Whose messages a request is about; empty where there is none.
    Optional<MailPlace> place(Request request) throws IOException {
        return MailPlace.of(request, domains, "/trace");
    }

    /// Whether it may be asked there what would become of mail for an address.
    static boolean explains(MailPlace place, String address) {
        String domain = Names.domain(Address.of(address).domain()).orElse("");
        return place.everybody() || place.names().contains(domain);
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
    Trace.Part find(Request request, MailPlace place, int days, long before, int limit) throws IOException {
        return queue.trace()
                .find(new Trace.Query(
                        Paging.query(request),
                        place.whose(),
                        clock.instant().minus(Duration.ofDays(days)),
                        before,
                        Math.min(limit, Trace.MESSAGES_MAX)));
    }
}
