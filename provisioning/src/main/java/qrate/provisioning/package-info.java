/// From nothing to a working domain: folders, control files, a certificate, the database, the first domain.
///
/// Receives from: `./qrate up` and the one-shot container before the services. Hands to: every service, through the
/// state's folders.
/// Owns: nothing after it ends; the first password stands in `db/first-password` until somebody asks for it.
/// Promise: each step looks first and changes only what is missing, so a second run changes nothing and a run that
/// was cut off is finished by the next one. No secret is printed or logged.
/// Trust: its options come from the administrator; names are checked all the same.
///
/// Standards: qmail-control(5), vpopmail's layout, RFC 5280 (certificate).
package qrate.provisioning;
