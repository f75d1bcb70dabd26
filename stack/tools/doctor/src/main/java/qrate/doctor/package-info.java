/// What the world must know of a mail domain, and what is wrong with the machine that serves it.
///
/// Receives from: an administrator, by `qrate dns` ({@link qrate.doctor.DnsCommand}) and `qrate doctor` ({@link
/// qrate.doctor.Doctor}); `./qrate` says where the doors and the public addresses are.
/// Hands to: the terminal, as lines or as JSON.
/// Owns: nothing. It writes nothing, and may be run at any time.
/// Promise: a look never ends in the middle: what could not be looked at is a finding of its own, and all of it ends
/// within a minute or two.
/// Trust: answers of DNS and of other servers are bounded and printed as {@link qrate.core.Log#escape} has them.
///
/// The way of a look: `Doctor` reads the options into a `Look` → each check (`Names`, `Zones`, `Doors`, `Outbound`,
/// `Machine`, `Certificate`, `Blocklists`) gives `Finding`s → sorted, the worst first.
///
/// Standards: RFC 1035 (zone files), 2181, 5782 (blocklists), 7208 (SPF), 7505 (null MX), 8314 and 6186 (how mail
/// programs find a server).
package qrate.doctor;
