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

    /// The same with lines about TLS behind what is said of the message, before anything that a server said.
    ///
    /// @param notes lines with their ends
    Report noting(String notes) {
        String text = message.text();
        int theirs = text.indexOf("\nRemote host said: ");
        String ours = theirs < 0 ? text : text.substring(0, theirs + 1);
        String end = ours.endsWith("\n") ? "" : "\n";
        return notes.isEmpty()
                ? this
                : new Report(
                        recipients, Verdict.of(message.code(), ours + end + notes + text.substring(ours.length())));
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
