package qrate.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.core.Slice;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.maildir.MaildirQuota;

/// The table of a domain's mailboxes: what each holds is read from its Maildir, and by that, too, they can be in order.
record MailboxTable(State state, Domains domains, InstantSource clock) {
    /// Words of the columns, that of the database's order first.
    static final List<String> COLUMNS = List.of("address", "name", "used", "quota", "seen");

    /// A mailbox, as a row.
    ///
    /// @param used bytes that its Maildir holds, as far as somebody keeps count there; -1 for unknown
    /// @param seen when its owner last signed in, anywhere; {@link Instant#EPOCH} where that is not known
    record Row(EditableDirectory.Mailbox mailbox, long used, Instant seen) {
        /// Hundredths of its quota, or -1 where it has none, or nobody counts.
        int percent() {
            long most = mailbox.quota().bytes();
            return most <= 0 || used < 0 ? -1 : (int) Math.min(999, used / Math.max(1, most / 100));
        }

        boolean isSeen() {
            return seen.isAfter(Instant.EPOCH);
        }

        private String key() {
            return mailbox.local();
        }

        /// No limit is more than any.
        private long quota() {
            return mailbox.quota().bytes() == 0
                    ? Long.MAX_VALUE
                    : mailbox.quota().bytes();
        }
    }

    /// A part of the table.
    ///
    /// @param sorting the order that it is in
    /// @param tooMany whether another was asked for, and there are too many for it
    record Shown(Slice.Part<Row> part, Sorting sorting, boolean tooMany) {
        Paging.Around around() {
            return Paging.around(sorting.path(), sorting.fixed(), part, Row::key);
        }
    }

    /// The part that a request asks for.
    ///
    /// @param domain not an alias domain
    Shown of(Request request, String domain) throws IOException {
        Sorting asked = Sorting.of(request, Pages.pathOf("domains", domain), COLUMNS);
        Slice slice = Paging.of(request);
        Optional<List<EditableDirectory.Mailbox>> all = asked.plain() ? Optional.empty() : all(domain, slice.query());
        if (all.isPresent()) {
            List<Row> rows = new ArrayList<>(rows(all.get()));
            rows.sort(asked.down() ? order(asked.column()).reversed() : order(asked.column()));
            return new Shown(Sorting.part(rows, slice, Row::key), asked, false);
        }
        Slice.Part<EditableDirectory.Mailbox> part = domains.mailboxes(domain, slice);
        return new Shown(
                new Slice.Part<>(rows(part.rows()), part.earlier(), part.later(), part.all()),
                asked.unsorted(),
                !asked.plain());
    }

    /// All that hold what is looked for; empty where they are too many to be put in order.
    private Optional<List<EditableDirectory.Mailbox>> all(String domain, String query) throws IOException {
        List<EditableDirectory.Mailbox> all = new ArrayList<>();
        Slice.Part<EditableDirectory.Mailbox> part;
        do {
            String after = all.isEmpty() ? "" : all.getLast().local();
            part = domains.mailboxes(domain, new Slice(query, after, "", Slice.MOST_MAX));
            all.addAll(part.rows());
        } while (part.later() && part.all() <= Sorting.ROWS_MAX);
        return part.all() > Sorting.ROWS_MAX ? Optional.empty() : Optional.of(all);
    }

    private List<Row> rows(List<EditableDirectory.Mailbox> mailboxes) throws IOException {
        Map<String, Instant> seen = domains.logins()
                .last(mailboxes.stream().map(EditableDirectory.Mailbox::address).toList());
        return mailboxes.stream()
                .map(one -> new Row(one, used(one), seen.getOrDefault(one.address(), Instant.EPOCH)))
                .toList();
    }

    /// What cannot be read is not known; a page of fifty does not fail for one.
    private long used(EditableDirectory.Mailbox mailbox) {
        Path maildir = state.maildirs().resolve(mailbox.home()).resolve("Maildir");
        try {
            return new MaildirQuota(maildir, clock)
                    .noted()
                    .map(MaildirQuota.Usage::bytes)
                    .orElse(-1L);
        } catch (IOException _) {
            return -1;
        }
    }

    private static Comparator<Row> order(String column) {
        Comparator<Row> order = switch (column) {
            case "name" -> Comparator.comparing(row -> row.mailbox.name().toLowerCase(Locale.ROOT));
            case "used" -> Comparator.comparingLong(Row::used);
            case "quota" -> Comparator.comparingLong(Row::quota);
            case "seen" -> Comparator.comparing(Row::seen);
            default -> Comparator.comparing(Row::key);
        };
        return order.thenComparing(Row::key);
    }
}
