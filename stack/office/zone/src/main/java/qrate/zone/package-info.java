/// What a domain publishes so that mail comes to it, and mail of it is believed: the rows, how they stand in DNS, and
/// their way into a name server of one's own.
///
/// Receives from: `doctor` (the commands `dns` and `dkim`) and `admin` (pages, REST); the signer's keys, the
/// certificate and control files.
/// Hands to: whoever asked, as lines, JSON or rows; a name server that `control/dnsupdate` names, by updates.
/// Owns: nothing.
/// Promise: a domain is ready only when everybody who was asked sees every row that it needs; what nobody could tell is
/// never taken for there or for missing. An update adds our own records, and replaces or removes none but of the sets
/// that are ours by name and, at names that we share, by what stands in front of the text; it asks the server to do
/// nothing when somebody else has changed them meanwhile.
/// Trust: answers of DNS and of web servers are bounded, compared and shown, and nothing of them is followed. The name
/// server is believed only where it signs with the key that we share.
///
/// The way of a look: {@link DomainRows} (what should be) → {@link ZoneLook} asks by each viewer → {@link RowJudge} a
/// row → {@link RowSeen}s, and of them one state and one sentence.
///
/// Standards: RFC 1035 §5 (zone files), 2136 and 8945 (updates, TSIG), 6186 and 8314 (SRV), 6376, 6698 and 7671 (TLSA),
/// 7208, 7505, 8460, 8461, 8659 (CAA), 9989.
package qrate.zone;
