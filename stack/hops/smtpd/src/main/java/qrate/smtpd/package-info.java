/// qmail-smtpd: speaks SMTP with a client and hands each message to the queue.
///
/// Receives from: tcpserver ({@link qrate.core.Connection}), or any server by descriptors 0 and 1. Hands to: the queue
/// ({@link qrate.core.Intake}), or the program that `QMAILQUEUE` names for a connection. Asks before: the milters of
/// `control/milters` (`Filters`, {@link qrate.milter.Milters}).
/// Owns: the order of commands, who may send to whom, the temporary file of a message on its way in.
/// Promise: 250 after the last dot only when the intake says Delivered; only CRLF.CRLF ends DATA; no address relays
/// unless RELAYCLIENT or a login allows it; a user writes as themselves in the envelope, and in the header as its
/// author, its sender or who sends it on (`Submitted`; `fromheader` with `any` switches the latter off, with `self`
/// leaves the author alone); nothing that was said before STARTTLS counts after it. Milters are asked after our own
/// refusals; one that is away puts mail off or lets it by, as its line says.
/// Trust: none; lengths, counts and sums have limits, what cannot be checked now gets 451.
///
/// The path of a command: {@link qrate.smtp.CommandParser} → `Order` (pure) → `Session` (does it) → `Policy`,
/// `Login`, `Incoming`, `Filtering` (what milters are told and say) → `Handover`.
///
/// Standards: qmail-smtpd(8), RFC 5321, RFC 1870, RFC 2034, RFC 2920, RFC 3030, RFC 3207, RFC 3461, RFC 4954,
/// RFC 6152, RFC 6409, RFC 6531, RFC 8314.
package qrate.smtpd;
