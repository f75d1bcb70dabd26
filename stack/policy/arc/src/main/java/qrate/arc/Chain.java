package qrate.arc;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the ARC sets of a message are worth (RFC 8617 §5.2), by the words of RFC 8601 §2.7.8. A chain that
/// passes says who handled the message and what they say they saw: whether they are believed is for who
/// knows them.
public sealed interface Chain {
    /// The word for `cv=` and for Authentication-Results.
    default String word() {
        return switch (this) {
            case None _ -> "none";
            case Pass _ -> "pass";
            case Fail _ -> "fail";
        };
    }

    /// A set that belongs to a chain.
    ///
    /// @param instance 1 for the first that sealed
    /// @param domain who sealed, in ASCII
    /// @param selector of the seal's key
    /// @param messageDomain who signed the message in this set, mostly the same
    /// @param results ARC-Authentication-Results behind the instance, in one line, bytes as characters; a
    ///     stranger's text
    record Link(int instance, String domain, String selector, String messageDomain, String results) {}

    /// No set at all.
    record None() implements Chain {}

    /// Every seal is good, and the message is as the last one left it.
    ///
    /// @param links by their instances, the first on top; at least one
    /// @param testing whether a key of it is on trial (`t=y`)
    record Pass(List<Link> links, boolean testing) implements Chain {
        public Pass {
            links = List.copyOf(links);
        }

        /// The first set that can be believed: it and all behind it were sealed by somebody who is trusted.
        ///
        /// @param trusted domains in ASCII, lower case
        public Optional<Link> believed(Set<String> trusted) {
            Link first = null;
            for (Link link : links.reversed()) {
                if (!trusted.contains(link.domain)) {
                    break;
                }
                first = link;
            }
            return Optional.ofNullable(first);
        }
    }

    /// The sets make no chain, or the message is another. For good, whatever the reason (RFC 8617 §5.2.1).
    ///
    /// @param reason in words of our own
    /// @param temporary whether it was DNS that failed: who can wait may have the message sent again
    record Fail(String reason, boolean temporary) implements Chain {}
}
