package qrate.lists;

import qrate.core.Verdict;

/// How a list's program ended, as qmail-command(8) tells it by exit codes.
sealed interface Outcome {
    /// 0: the next line of the `.qmail` file follows.
    record Done() implements Outcome {}

    /// 99: done, and no further line.
    record Stop() implements Outcome {}

    /// 100: never.
    record Refused(String why) implements Outcome {}

    /// 111: later.
    record Later(String why) implements Outcome {}

    static Outcome refuse(String why) {
        return new Refused(why);
    }

    /// What the queue's answer means.
    static Outcome of(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Delivered _ -> new Done();
            case Verdict.Later(String why) -> new Later("unable to queue: " + why);
            case Verdict.Never(String why) -> new Refused("unable to queue: " + why);
        };
    }
}
