/// Reports of DMARC by mail: hands over those that the gate has made, and shows those that come about our domains.
///
/// Receives from: the gate, {@link qrate.dmarc.reports.ReportParcel} files in its folder; an administrator, `dmarc`.
/// Hands to: the queue, a message each ({@link qrate.reports.ReportPost}); the administrator, who sends in a domain's
/// name ({@link qrate.reports.DmarcCommand}).
/// Owns: nothing: a file of the gate goes once the queue has its message; a mailbox is read and never changed.
/// Promise: what leaves is a report in a frame that is made here, to at most ten addresses, a thousand a day: a
/// break-in at the gate can do no more with the right to be read here. Bounces go to the address in
/// `control/dmarcreports`. What comes is read within limits of bytes, depth, parts and messages, and one report that
/// came twice counts once.
/// Trust: none in the gate's files, and none in mail: anybody can send a report, and what it says is what its sender
/// says.
///
/// Standards: RFC 9990 §3.5, RFC 7489 §7.2 (reading); RFC 2045, RFC 2046, RFC 2183.
package qrate.reports;
