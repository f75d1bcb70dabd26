/// Which servers a message for a host is offered to, in which order, and which of them are left alone for now.
///
/// The way of a host name: {@link qrate.remote.routes.Routes} (control/smtproutes: a relay, with its port and
/// login) → {@link qrate.remote.routes.Exchangers} (the relay's addresses, a literal, the MX records of
/// {@link qrate.dns.Dns} or the host itself; {@link qrate.remote.routes.OwnHosts} keeps mail from going round) →
/// the servers to be tried, or the verdict that there are none → {@link qrate.remote.routes.TimedOut} says which
/// of them timed out lately.
///
/// Receives from: {@link qrate.remote} (a host name); DNS. Hands to: the same (servers, or a verdict).
/// Owns: the {@link qrate.remote.routes.TimeoutTable}, which `qmail-tcpto` shows and `qmail-tcpok` clears.
/// Promise: nothing here connects anywhere but to DNS. A table that cannot be read or written leaves nobody
/// alone.
/// Trust: DNS answers come from strangers: no more than 20 exchangers are looked up and 32 servers named.
///
/// Standards: qmail-remote(8), qmail-tcpto(8), qmail-tcpok(8), RFC 5321 §5.1, 6761 §6.3, 7505, 7672 §2.2, 8314 §3.3.
package qrate.remote.routes;
