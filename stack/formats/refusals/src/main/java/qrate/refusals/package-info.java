/// Says what another host's refusal means, in a sentence, and what can be done about it.
///
/// Receives from: send, remote, the ledger's and the queue's commands, admin: the text of a delivery that did
/// not succeed. Hands to: the same, {@link qrate.refusals.Advice}.
/// Owns: nothing. Nothing is stored: whoever shows a reply asks at that moment, so that better words reach old
/// replies.
/// Promise: a reply that is not known gets no words at all rather than wrong ones. The remote's own words stay
/// where they are; these come beside them.
/// Trust: every reply is a stranger's: 8192 characters of it are looked at, by plain comparison, and none of them
/// is given back.
///
/// The rules stand in `refusals.table`, one a line, below the page that they were taken from. They go by the
/// enhanced status code, by short phrases, and by whose reply it is, which the reply's own marks say ({@link
/// qrate.refusals.MailProvider}): the name in an MX says less, since filters of others stand before many hosts.
///
/// Standards: RFC 3463 (status codes), RFC 7372 (5.7.20 to 5.7.26), RFC 7505. Sources: Google's "Gmail SMTP
/// errors and codes"; Yahoo's "SMTP Error Codes" (Sender Hub); Microsoft's "Troubleshooting" for postmasters of
/// senders to Outlook.com, and "Email non-delivery reports and SMTP errors in Exchange Online"; Apple's
/// "Postmaster information for iCloud Mail"; as of 2026.
package qrate.refusals;
