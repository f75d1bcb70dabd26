package qrate.directory;

import java.util.List;

/// Where mail for a mailbox goes on to, which its owner may set: copies of it, or all of it.
///
/// It is kept as the alias lines beside the mailbox and {@link Property#KEEP}, so that whoever changes these sees the
/// same thing.
///
/// @param to addresses, here or anywhere; none: it goes nowhere
/// @param keep whether the mailbox gets it too; a mailbox whose mail goes nowhere does in any case
public record Forwarding(List<String> to, boolean keep) {
    /// Most addresses that one mailbox's mail goes on to.
    public static final int TARGETS_MAX = 20;

    /// Nothing goes on.
    public static final Forwarding NONE = new Forwarding(List.of(), true);

    /// Keeps a copy, and the mail of whom nobody else gets it for.
    public Forwarding {
        to = List.copyOf(to);
        keep = keep || to.isEmpty();
    }

    /// In words: `to carol@far.test, keeps a copy`, or `off`.
    String words() {
        return to.isEmpty() ? "off" : "to " + String.join(" ", to) + (keep ? ", keeps a copy" : "");
    }
}
