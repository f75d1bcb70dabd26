/// Holds the private keys that mail is signed with, and does nothing else with them.
///
/// A key begins to wait when it is made; once somebody with a way to DNS has seen its record there it signs, in place
/// of
/// the one before, which is removed a week later. So a key never signs whose record nobody can find, and a record may
/// go from DNS once its key is no longer listed.
///
/// Receives from: `qrate.remote`, a hash to sign and what it saw in DNS; admin, what to publish and when to change
/// keys.
/// Hands to: nobody.
/// Owns: `keys/DOMAIN/SELECTOR.pem` (PKCS #8, mode 600), and beside it `SELECTOR.seen` once its record was seen.
/// Promise: a key that was listed is on the disk. A key leaves this process never.
/// Trust: whoever reaches the socket may have a hash signed, for as long as it reaches it; the length of a question is
/// bounded, a domain or selector is a name before it is part of a path, and a domain has keys only if mail for it is
/// delivered here. A host below such a domain, whose mail that domain's keys sign, gets some by a rotation alone.
/// Standards: RFC 6376 §3.6 and §5.2, RFC 8301 §3.2, RFC 8463 §4.
package qrate.signer;
