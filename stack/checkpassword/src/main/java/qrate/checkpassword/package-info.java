/// Checks logins: checkpassword and vchkpw inside the process and as commands, or any program of that interface.
///
/// A command is a process for each login, so its throttling is that of whoever runs it (`tcpserver -C`).
///
/// Receives from: pop3d (USER/PASS, AUTH) and smtpd (AUTH). Hands to: whoever asked, the
/// answer; to admin (`passwords/upgrade.sock`), a password that is right and whose hash is of an older kind.
/// Owns: counters of failed logins and a short memory of successful ones, both bounded and in memory only.
/// Promise: unknown users, wrong passwords and closed doors cost the same work and get the same answer; whoever
/// has logged in from an address lately is not locked out by others who guess; a snapshot that cannot be read is
/// {@link qrate.checkpassword.PasswordChecker.Answer.Unavailable}, never a refusal.
/// Trust: login and password are bounded here before any work; hashes are the directory's, and their cost is
/// bounded too.
/// Standards: checkpassword(8), crypt(5), vchkpw of vpopmail.
package qrate.checkpassword;
