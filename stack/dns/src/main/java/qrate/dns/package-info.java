/// Asks DNS.
///
/// Receives from: qmail-remote (where mail goes), doctor (what stands there about us).
/// Hands to: the system's resolvers, or the one that `QRATE_DNS` names, by dnsjava.
/// Owns: nothing; no answer is kept.
/// Promise: each question ends within a bounded time, with one of four answers: found, no such name, no such record, or
/// nobody could tell. The last two are never taken for each other.
/// Trust: answers come from strangers: bounded in number, length and links of a chain, and only for the question asked.
///
/// Standards: RFC 1034, 1035, 2181, 3596, 7505; resolv.conf(5).
package qrate.dns;
