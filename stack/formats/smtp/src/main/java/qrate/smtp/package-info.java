/// The grammar of SMTP: what a client can say, read once at the edge, and what a server answers.
///
/// Receives from: smtpd (command lines), remote (replies). Hands to: the same.
/// Owns: the rules of commands, paths, parameters, replies and dot-stuffing; no socket, no state.
/// Promise: whatever the bytes, {@link qrate.smtp.CommandParser} answers with a command in time linear in their
/// number, and no control character gets into an address or a parameter.
/// Trust: none; each length is checked against a named limit.
///
/// Standards: RFC 5321 §4.1, RFC 1870 (SIZE), RFC 3030 (BDAT), RFC 3207 (STARTTLS), RFC 3461 (DSN), RFC 4954 (AUTH),
/// RFC 6152 (8BITMIME), RFC 6531 (SMTPUTF8), RFC 8689 (REQUIRETLS), addresses(5).
package qrate.smtp;
