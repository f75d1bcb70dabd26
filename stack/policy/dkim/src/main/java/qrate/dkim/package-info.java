/// DKIM: checks what others signed, signs what leaves, and makes the keys for it.
///
/// Receives from: the gate (messages as they came), rspawn (messages as they leave), the signer (keys),
/// doctor and explain (records, traces); arc, which signs and checks in the same way.
/// Hands to: DNS, by {@link qrate.dns.Questions}; whoever holds private keys, by {@link qrate.dkim.Signer}.
/// Nobody is refused or marked here.
/// Owns: the form of signatures, key records and key files. No key, file, clock, network or chance of its
/// own. Promise: a message is read once, as it goes by, with memory for its header (256 KiB) and some
/// numbers; look-ups, hashes, public-key operations and time for one message have limits ({@link
/// qrate.dkim.Limits}). Every signature that is looked at gets one result with its reason in words,
/// whatever its bytes; nothing throws for what a stranger wrote. What is signed passes as it leaves by
/// `qrate.smtp.DataWriter`. Trust: none in messages and DNS. The signer is trusted to sign the hash that it
/// is given, and tells no key.
///
/// ```java
/// Content.Reader reader = new Content.Reader(Form.RECEIVED, limits, List.of(header ->
/// Verifier.wanted(header, limits)));
/// reader.write(piece, 0, n);                                    // as it goes by
/// Inquiry inquiry = Inquiry.of(questions, limits, clock);
/// List<DkimResult> results = Verifier.verify(reader.end(), inquiry);       // and inquiry.trace()
///
/// Content leaving = Content.of(body, Form.SENT, limits, List.of(Signing::wanted));
/// Signing.sign(leaving, Signing.Terms.usual(List.of(rsa, ed25519)), signer, now);
/// ```
///
/// What is signed: the bytes that DataWriter sends for the same message, without doubled dots: lines end
/// with CRLF, a CR
/// alone is a blank in the header and a line end in the body, the last line has an end. All else stays as
/// it is, 8-bit and NUL too. {@link qrate.dkim.Content.Reader} takes the message while it is read for
/// another purpose, so that no pass is needed for signing alone; the fields go in front of everything, so
/// that it must be over before DATA begins.
///
/// RFC 6376, section by section:
///
/// - 2.11, 3.2, tag lists: {@link qrate.dkim.TagList}. Quoted-printable in `z=` and in the local part of
/// `i=` is not decoded: nothing here needs it.
/// - 3.3, algorithms: {@link qrate.dkim.Algorithm}, as RFC 8301 and RFC 8463 changed them: rsa-sha1 is
/// refused, RSA has 1024 to 4096 bits.
/// - 3.4, canonical forms: `HeaderHash`, `BodyCanonical`; all four to check, relaxed/relaxed to sign.
/// - 3.5, DKIM-Signature: {@link qrate.dkim.SignatureTags}; unknown tags are passed over; ours never has
/// `l=`.
/// - 3.6, keys: `KeyRecord`, {@link qrate.dkim.Inquiry}. Of several records three are tried; `n=` and `g=`
/// are passed over.
/// - 3.7 to 3.9, hashes, results: {@link qrate.dkim.HeaderHash}, {@link qrate.dkim.Verifier}.
/// - 3.10, 3.11, `d=` and `i=`: {@link qrate.dkim.SignatureTags}; `t=s` in {@link qrate.dkim.Inquiry}.
/// - 4, several signatures: each by itself, ten of them.
/// - 5, signing: {@link qrate.dkim.Signing}. Whose domain it is (5.1, 5.2) the caller knows. 5.3 wants mail
/// of 7 bits: 8 bits are signed as they are, since they are sent so. Of 5.4.1 Resent- fields are not
/// signed: a resender adds its own.
/// - 6.1, checking: {@link qrate.dkim.Verifier}. The body's hash comes before the key, so that a changed
/// body costs no look-up.
/// - 6.2, 6.3, telling and deciding: the caller's; {@link qrate.dkim.DkimResult#word} is that of RFC 8601.
/// - 7, registries: nothing to do.
/// - 8, dangers: bytes behind `l=` are told (8.2), work is limited (8.4, 8.5), no top-level domain signs
/// (8.14), fields are signed once more than they are there (8.15), and a line that is no field begins the
/// body.
/// - Appendices A and C: `VectorsTest`, {@link qrate.dkim.DkimKeys}.
///
/// Beside python3-dkim, libmail-dkim-perl, OpenDKIM and jDKIM, `DkimVerdictPeersTest` has a table of what differs, and
/// why. Tags are looked at closely (6.1.1): an empty name in `h=`, a tag that stands twice, blanks in `d=` spoil a
/// signature here and not everywhere. An empty `t=` of a key is none, as everywhere.
///
/// Left out: DomainKeys, `q=` other than DNS, reports of failures (RFC 6651), third parties (RFC 6541). A
/// key on trial (`t=y`) is told, not acted on: the MUST of 3.6.1 binds whoever decides.
///
/// Standards: RFC 6376, RFC 8301, RFC 8463, RFC 8616 (domains in Unicode), RFC 6008 (`b` in results), RFC
/// 8601 §2.7.1.
package qrate.dkim;
