package qrate.send;

import qrate.core.Verdict;

/// What is remembered of how attempts ended, beside the queue and the ledger.
record Heard(LastReasons reasons, RefusedDomains refused) {
    /// A recipient's attempt ended so.
    void note(Active a, int recipient, Verdict end) {
        reasons.note(a.id(), recipient, end);
        refused.note(
                a.message().envelope().sender(), a.recipients().route(recipient).host(), end);
    }
}
