package qrate.send;

import java.util.concurrent.Executor;
import java.util.function.Supplier;
import qrate.address.Routing;
import qrate.core.Verdict;

/// What is remembered of how attempts ended, beside the queue and the ledger.
///
/// @param executor writes it
record Heard(LastReasons reasons, RefusedDomains refused, Executor executor) {
    /// What was kept, and nothing else.
    static Heard of(Send.Hops hops, Supplier<Routing> routing, Scheduler.Surroundings around) {
        RefusedFile file = RefusedFile.in(hops.folder());
        return new Heard(
                new LastReasons(),
                new RefusedDomains(routing, around.clock(), file, around.ledger()::status),
                around.executor());
    }

    /// A recipient's attempt ended so.
    void note(Active a, int recipient, Verdict end) {
        reasons.note(a.id(), recipient, end);
        refused.note(
                a.message().envelope().sender(), a.recipients().route(recipient).host(), end);
    }

    /// Has what is to be kept written, if it is time.
    void step() {
        refused.step(executor);
    }

    /// Writes what is to be kept, at the end.
    void close() {
        refused.write();
    }
}
