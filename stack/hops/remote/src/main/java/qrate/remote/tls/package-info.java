/// TLS as a client: how much of it a server is asked for, by which certificates, and what went wrong in words.
///
/// The way of a connection: a `Peer` (the name to be verified, and what its domain asks for: an
/// {@link qrate.remote.tls.Assurance}) → how much is demanded, by control/tlsremote, control/tlshosts/NAME.pem and that
/// → a TLS socket over the plain one, before its handshake, which fails where the certificate is not the right one:
/// {@link qrate.remote.tls.Authorities}, or {@link qrate.remote.tls.Pins} by TLSA records.
///
/// Receives from: {@link qrate.remote.session} (a connection). Hands to: the same.
/// Owns: nothing; certificates are read where they are needed.
/// Promise: a peer that must be verified, since it gets a password, the control files name its authority or its domain
/// asks for it, is never taken with a certificate for another name (or, by DANE, one that fits no record).
/// Trust: everyone else may show any certificate, since the other choice would be plain text (RFC 7435).
///
/// Standards: qmail-control(5), RFC 6125, 6698, 7435, 7671, 7672 §3, 8446, 8461 §4.
package qrate.remote.tls;
