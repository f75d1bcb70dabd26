/// Maildirs: their layout, the names in them, how a reader lists them, and Maildir++ quotas.
///
/// Receives from: local (deliveries), pop3d (listings), admin (making boxes). Hands to: the file system.
/// Owns: what stands below a Maildir: `tmp`, `new`, `cur`, `maildirsize`, `qrate-sizes`.
/// Promise: a listing opens no message, and finds each whatever its name is written in; a name derived from a queue id
/// and a recipient is the same at every attempt; a quota file is replaced whole and never locked.
/// Trust: a name in a Maildir is data: flags and sizes in it are bounded, and a size that cannot be right is not used.
/// A link is followed within its mailbox only.
///
/// Standards: maildir(5), maildirmake(1), the Maildir++ description of `maildirsize`, RFC 1939 §7 (unique ids).
package qrate.maildir;
