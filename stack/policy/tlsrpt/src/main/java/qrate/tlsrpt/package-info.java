/// Reports on the TLS that mail to a domain had (RFC 8460): what is counted, who wants to hear of it, what it is told.
///
/// The way of a count: {@link qrate.tlsrpt.TlsNote} (a line in a delivery's report, made by rspawn) → the ledger →
/// {@link qrate.tlsrpt.TlsTally} (a day of it, by domain and policy, counted by send when admin asks) →
/// {@link qrate.tlsrpt.TlsReport} for each domain whose {@link qrate.tlsrpt.TlsRptRecord} wants one.
///
/// Receives from: `qrate.remote` (sessions), `qrate.ledger` (a day's lines, by send), DNS (records).
/// Hands to: `qrate.reports`, which sends and reads reports.
/// Owns: nothing; the ledger remembers.
/// Promise: counts are bounded in domains and in kinds of failure; beyond that they are left out, or one.
/// Trust: what a server says never becomes a line: lines stand before its words. Records are strangers' texts.
///
/// Standards: RFC 8460. By its sections:
///
/// | § | where |
/// | --- | --- |
/// | 3 | `TlsRptRecord`: exactly one, `v=TLSRPTv1`, `rua` with `mailto:` and `https:` |
/// | 4.1 | `qrate.reports`: one report a day of UTC |
/// | 4.2 | `TlsTally`: successes, and failures by result, by what was found: TLSA records, a policy, neither |
/// | 4.3.1, 4.3.2 | `TlsNote.Failure`: negotiation, DANE and MTA-STS, policies that cannot be had among them |
/// | 4.4 | `TlsReport`: all fields but `receiving-mx-helo` and `additional-information` |
/// | 5.2 to 5.5 | `qrate.reports`: file name, multipart/report, header fields; POST over HTTPS |
///
/// Of the results, `dane-required` (§4.3.2.1) never occurs: no setting here demands DANE of a domain. A delivery whose
/// policy could not be had, or whose TLSA records are all of no use, counts as one failure, although it goes on, as one
/// that a policy in mode testing would have stopped.
///
// DEVIATION: §4.2 counts sessions; counted here are deliveries, each as often as it has recipients, since that is what
// the ledger has.
package qrate.tlsrpt;
