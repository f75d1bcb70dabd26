/// Gets certificates from a CA and keeps them young.
///
/// Receives from: control files, a clock; a CA's answers. Hands to: the doors, by `tls/cert.pem` and `tls/key.pem`,
/// which they read again by themselves.
/// Owns: `tls/acme`: the account's key, what came of the last attempt; port 80 while a CA looks for its answer
/// there.
/// Promise: the certificate in use is replaced by one that is for the wanted names, counts now, belongs to its key
/// and is signed by what comes with it, or not at all. What a CA says is bounded in bytes and time. Orders are at
/// most {@link qrate.certificate.RenewalState#ATTEMPTS_AN_HOUR_MAX} an hour, over restarts too, and later when the CA
/// says so.
/// Trust: none in the CA but for what it signs; none in whoever asks at port 80. Nothing of mail is read here, and
/// no key leaves `tls`.
///
/// The way: {@link qrate.acme.Renewal} decides and keeps books, {@link qrate.acme.Authority} orders, answering by
/// {@link qrate.acme.HttpDoor} or {@link qrate.acme.Hook}; {@link qrate.acme.Bounded} is all that is heard of the
/// CA; {@link qrate.acme.Checked} looks at what it issued.
/// Standards: RFC 8555, RFC 9773 (ARI), RFC 7807 (problems).
package qrate.acme;
