/// TLS as a client: how much of it a server is asked for, by which certificates, and what went wrong in words.
///
/// The way of a connection: a `Peer` (the name to be verified) → how much is demanded, by control/tlsremote and
/// control/tlshosts/NAME.pem → a TLS socket over the plain one, before its handshake.
///
/// Receives from: {@link qrate.remote.session} (a connection). Hands to: the same.
/// Owns: nothing; certificates are read where they are needed.
/// Promise: a peer that must be verified, since it gets a password or the control files name its authority, is
/// never taken with a certificate for another name.
/// Trust: everyone else may show any certificate, since the other choice would be plain text (RFC 7435).
///
/// Standards: qmail-control(5), RFC 6125, 7435, 8446.
package qrate.remote.tls;
