/// What every hop shares: the envelope and body of a message, the verdict on a delivery, the narrow interface of each
/// next hop, the small disk, the control files, the log.
///
/// Receives from: nobody. Hands to: every other module; it depends on the JDK alone.
/// Owns: {@link qrate.core.DurableFiles}, the one place where files are written, synced and renamed.
/// Promise: nothing here keeps state between calls except {@link qrate.core.Control}'s one-second cache.
/// Trust: addresses and control files are bounded and checked where they enter.
///
/// The way of a message, by interface: {@link qrate.core.Service} (a connection is served) →
/// {@link qrate.core.Intake} (a message is accepted) → {@link qrate.core.Spawner} (it is delivered) →
/// {@link qrate.core.Verdict}.
///
/// Standards: RFC 5321 §4.1.2 and §4.5.3.1, RFC 3463, envelopes(5), qmail-control(5), qmail-log(5).
package qrate.core;
