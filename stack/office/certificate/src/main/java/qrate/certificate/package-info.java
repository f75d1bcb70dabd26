/// What stands in `tls`: the certificate in use, when it is to be renewed, what came of the last attempt.
///
/// Receives from: `acme`, which gets certificates; control files. Hands to: the doors, by `cert.pem` and `key.pem`;
/// `admin`, which shows it; the shell that starts `acme` when something is due, by `acme/state`.
/// Owns: the form of `tls/acme/state`.
/// Promise: `cert.pem` and `key.pem` fit each other at every moment, and after a crash at any: a key is there
/// before its certificate is, and the key before stays beside it. What is remembered of failures is durable before
/// the next attempt, so that no restart makes attempts more frequent.
/// Trust: the files of `tls` and `control` are the administrator's; whatever a CA said is escaped and cut before it
/// is kept or shown. No key is read here but by who installs a new one.
///
/// Standards: RFC 5280, RFC 7468, RFC 8555, RFC 9773 (renewal information).
package qrate.certificate;
