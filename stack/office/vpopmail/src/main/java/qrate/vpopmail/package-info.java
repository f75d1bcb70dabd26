/// vpopmail's commands, and those for whoever administers the system, on the directory.
///
/// Receives from: whoever runs `vadduser` and its kin. Hands to: directory, in this process or by the admin
/// service that has the database open.
/// Owns: nothing; `vconvert` writes `vpasswd` and `vpasswd.cdb` into a domain's folder.
/// Promise: exit code 0 when it is done and durable, 100 when it is refused, 111 when it cannot be done now;
/// every option of vpopmail's has a meaning, a warning or a reason why it is refused.
/// Trust: arguments come from scripts: an empty one, or one with control characters, does nothing. Passwords are
/// shown once, when a random one is made, and hashes to `vconvert` alone.
///
/// Standards: vpopmail's commands, its `vpasswd` (vchkpw), getopt(3).
package qrate.vpopmail;
