/// Signs what leaves, so that others can tell mail of the domains here from forgeries.
///
/// The way of a message: whose it is (`Author`) → the keys that sign for that domain now, as the signer says → the
/// hash,
/// made here → the signature, made by the signer → the fields in front of the message. One message is signed once,
/// however many hosts it goes to.
///
/// Who signs: the domain of From where it is one of ours and one of ours wrote it; else the domain of the envelope's
/// sender where that is ours, as for what a list sends on. A message that a stranger wrote in the name of ours, and
/// that
/// an alias sends on, is never signed for that name.
///
/// What an address or a list here sends on is sealed besides (ARC), in the name of its domain, where our gate has
/// said what it found when the message came (`Seals`): once a message, like signatures, and above them.
///
/// Receives from: {@link qrate.remote.RemoteSpawner}, a message. Hands to: the same, with the fields.
/// Owns: what it saw in DNS lately, in memory; no key.
/// Promise: nothing is signed by a key whose record nobody has seen in DNS (`Watch` looks, and the signer remembers).
/// Where the signer is away, mail waits or goes unsigned as control/dkimsign says; delivery never waits for DNS here.
///
/// Trust: the message is a stranger's in part: its header is bounded, and what cannot be read goes unsigned. The signer
/// is
/// believed in what it says of keys, and its signatures are not checked.
///
/// Controls: dkimsign. Standards: RFC 6376 §5, RFC 8463, RFC 8617 §5.1.
package qrate.remote.sign;
