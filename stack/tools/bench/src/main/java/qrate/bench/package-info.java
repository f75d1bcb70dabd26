/// Measures Qrate over real sockets beside Postfix and Dovecot in the same run, and prints ratios.
///
/// Receives from: `./qrate bench`. Hands to: standard output; series also as pictures.
/// Owns: a temporary folder for each server it starts; it ends only processes that it started.
/// Promise: rounds of the servers are interleaved and medians printed; the generator's own ceiling is measured against
/// a
/// null sink; a peer that is not installed is said, never guessed.
/// Trust: talks to 127.0.0.0/8 only, and to the engine's own networks on this machine.
///
/// Standards: RFC 5321, RFC 1939 as far as a load generator needs them.
package qrate.bench;
