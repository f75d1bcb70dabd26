package qrate.send;

import java.util.Map;
import qrate.core.Lru;
import qrate.core.Verdict;

/// What was said when a recipient was put off last, for those who look at the queue: the queue itself keeps only ends.
/// A memory and no promise: a start forgets it, and of many recipients it keeps those that were put off last. `trace`
/// has them all.
final class LastReasons {
    /// Most recipients remembered.
    static final int RECIPIENTS_MAX = 1_000;

    /// Kept of a reason, in characters.
    static final int REASON_CHARS_MAX = 1_000;

    private record Who(long id, int recipient) {}

    private final Map<Who, String> reasons = new Lru<>(RECIPIENTS_MAX);

    /// Notes how an attempt ended.
    synchronized void note(long id, int recipient, Verdict end) {
        if (end instanceof Verdict.Later(var why) && Settler.isTried(why)) {
            reasons.put(new Who(id, recipient), why.substring(0, Math.min(REASON_CHARS_MAX, why.length())));
        } else if (!(end instanceof Verdict.Later)) {
            reasons.remove(new Who(id, recipient));
        }
    }

    /// What is remembered, or empty.
    synchronized String of(long id, int recipient) {
        return reasons.getOrDefault(new Who(id, recipient), "");
    }
}
