package qrate.reported;

import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Messages in a domain's name, and what became of them. A message passes DMARC where an aligned SPF or DKIM passed.
///
/// @param messages all of them
/// @param passed those that pass DMARC
/// @param spf those for which an aligned SPF passed
/// @param dkim those for which an aligned signature passed
/// @param quarantined those put aside
/// @param rejected those refused
/// @param forwarded those of which the reporter knows that they came by a list or were sent on
/// @param authors some of the domains in From
/// @param vouchers some of the domains of others for which SPF or a signature passed
public record MessageTally(
        long messages,
        long passed,
        long spf,
        long dkim,
        long quarantined,
        long rejected,
        long forwarded,
        NavigableSet<String> authors,
        NavigableSet<String> vouchers) {
    /// Most domains that are named.
    static final int NAMES_MAX = 3;

    /// No message.
    public static final MessageTally NONE =
            new MessageTally(0, 0, 0, 0, 0, 0, 0, Collections.emptyNavigableSet(), Collections.emptyNavigableSet());

    public MessageTally {
        authors = some(authors);
        vouchers = some(vouchers);
    }

    private static NavigableSet<String> some(NavigableSet<String> names) {
        NavigableSet<String> some = new TreeSet<>();
        names.stream()
                .filter(name -> !name.isEmpty())
                .limit(NAMES_MAX)
                .map(Cleaned::name)
                .forEach(some::add);
        return Collections.unmodifiableNavigableSet(some);
    }

    /// Those that do not pass.
    public long failed() {
        return Math.max(0, messages - passed);
    }

    /// Both together.
    public MessageTally plus(MessageTally other) {
        return new MessageTally(
                Cleaned.sum(messages, other.messages),
                Cleaned.sum(passed, other.passed),
                Cleaned.sum(spf, other.spf),
                Cleaned.sum(dkim, other.dkim),
                Cleaned.sum(quarantined, other.quarantined),
                Cleaned.sum(rejected, other.rejected),
                Cleaned.sum(forwarded, other.forwarded),
                both(authors, other.authors),
                both(vouchers, other.vouchers));
    }

    private static NavigableSet<String> both(NavigableSet<String> one, NavigableSet<String> other) {
        if (one.size() == NAMES_MAX || one.containsAll(other)) {
            return one;
        }
        NavigableSet<String> both = new TreeSet<>(one);
        other.stream().takeWhile(_ -> both.size() < NAMES_MAX).forEach(both::add);
        return both;
    }
}
