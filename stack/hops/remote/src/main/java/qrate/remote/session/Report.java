package qrate.remote.session;

import java.util.Collections;
import java.util.List;
import qrate.core.Verdict;

/// What qmail-remote(8) reports: one verdict a recipient, and one on the message.
///
/// @param recipients in the order asked; `Delivered` means accepted, and then the message's verdict counts. Empty when
///     it never came to recipients
/// @param message the message's
public record Report(List<Verdict> recipients, Verdict message) {
    public Report {
        recipients = List.copyOf(recipients);
    }

    /// The same for all.
    public static Report all(Verdict verdict) {
        return new Report(List.of(), verdict);
    }

    /// How it ended for each of so many recipients.
    public List<Verdict> endings(int count) {
        if (recipients.isEmpty()) {
            return Collections.nCopies(count, message);
        }
        return recipients.stream()
                .map(v -> v instanceof Verdict.Delivered ? message : v)
                .toList();
    }
}
