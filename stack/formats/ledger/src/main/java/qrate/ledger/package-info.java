/// The ledger: what became of every message, a line an event, in daily files kept for 30 days.
///
/// Receives from: send, line by line; an administrator (`trace`, `ledger check`). Hands to: nobody.
/// Owns: `queue/ledger/YYYY-MM-DD`.
/// Promise: a line is never half read: a torn end is cut before the next line is written. Writing that fails stops no
/// mail. `ledger check` names every message that did not end in exactly one way for each recipient.
/// Trust: addresses, Message-IDs and replies are strangers' words: bounded, and escaped so that none begins a line.
///
/// A line is an ISO time, a blank, and a line of qmail-log(5); behind it stand fields that only the ledger has:
/// `info msg … recipients N`, `starting delivery … recipient N` (from 0). Lines that only the ledger has:
/// `from msg N: client ADDRESS helo NAME with PROTOCOL login LOGIN tls VERSION door DOOR filter spam message-id ID`,
/// `report msg N
/// qp M`, `gave up msg N recipient M`
/// and `dropped msg N by hand` (by an administrator), `aside msg N recipient M let out qp K` and `… deleted
/// by hand` or `… expired in quarantine` (what a filter had put aside), `held msg N`, `released msg N`, `silent msg N`
/// (nobody wants the
/// bounce), `running` (qmail-send was started), and `recovered msg N: …`: what the journal knew of a message after a
/// crash that may have torn its lines.
///
/// Standards: qmail-log(5).
package qrate.ledger;
