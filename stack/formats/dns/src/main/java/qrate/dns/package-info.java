/// Asks DNS, and remembers.
///
/// Receives from: qmail-remote (where mail goes), doctor (what stands there about us), policy.
/// Hands to: the system's resolvers, or the one that `QRATE_DNS` names, by dnsjava.
/// Owns: a memory of answers in the heap, bounded in number and bytes; nothing on disk.
/// Promise: each question ends within a bounded time, with one of four answers: found, no such name, no such record, or
/// nobody could tell. The last two are never taken for each other. An answer is kept as long as its records say, a day
/// at most, an absence as long as the zone says, an hour at most, a failure five seconds. The same question is asked
/// once at a time, whoever waits for it.
/// Trust: answers come from strangers: bounded in number, length and links of a chain, and only for the question asked.
/// Whether an answer is authentic (DNSSEC) is what a resolver on this machine says, or one that `QRATE_DNS_TRUSTED`
/// names: the way to any other may be somebody else's.
///
/// Standards: RFC 1034, 1035, 2181, 2308, 3596, 6698, 6840 §5.7, 6891, 7505, 7766, 9520; resolv.conf(5).
package qrate.dns;
