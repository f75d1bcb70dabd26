/// Checks logins: checkpassword and vchkpw inside the process, behind a socket and as commands, or any program of that
/// interface.
///
///     pop3d ─┐                  vchkpw/vchkpw.sock
///            ├─▶ OracleClient ────────────────────▶ Oracle ─▶ Vchkpw ─▶ passwords/DOMAIN.cdb
///     smtpd ─┘                                                   └─▶ Throttle, Known, Successes, Workers
///
/// In one process {@link qrate.checkpassword.Checkers#inProcess} leaves the middle out. By hand, a process checks one
/// login: where no oracle runs, its throttling is that of whoever runs it (`tcpserver -C`).
///
/// Receives from: pop3d (USER/PASS, AUTH) and smtpd (AUTH). Hands to: whoever asked, the
/// answer; to admin (`passwords/upgrade.sock`), a password that is right and whose hash is of an older kind,
/// and (`passwords/logins.sock`) who has logged in from where.
/// Owns: `vchkpw/`: the socket, and the networks that accounts have logged in from; counters of failed logins and a
/// short memory of successful ones, all bounded.
/// Promise: unknown users, wrong passwords and closed doors cost the same work and get the same answer; whoever
/// has logged in from an address lately is not locked out by others who guess; a snapshot that cannot be read is
/// {@link qrate.checkpassword.PasswordChecker.Answer.Unavailable}, never a refusal.
/// Trust: login and password are bounded here before any work; hashes are the directory's, and their cost is
/// bounded too.
/// Standards: checkpassword(8), crypt(5), vchkpw of vpopmail.
package qrate.checkpassword;
