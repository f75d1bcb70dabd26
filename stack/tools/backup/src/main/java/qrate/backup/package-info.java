/// Copies a running system, checks the copy, and makes a system of it again.
///
/// Receives from: an administrator (`backup`, `restore`), a timer. Hands to: a folder of backups; an empty state.
/// Owns: the folder of backups, one folder a backup: `MANIFEST` and `state/` with the files under their own names.
/// Promise: mail goes on while a backup is made. The queue is copied first, as it was at one moment, and the Maildirs
/// after: so every message that was accepted before the backup began stands in the copy of the queue or in a Maildir of
/// it, unless it had left the system. A restore puts nothing twice into a Maildir: what the queue still owes and a
/// Maildir holds already is noted as delivered. Deliveries to other hosts, programs and lists that were made after the
/// copy of the queue are made again. A backup that was cut off has no name; one that was changed is refused.
/// Trust: what lies below the state belongs to several users, and the backup may run as root: no link in it is
/// followed.
///
/// The way of the data: {@link qrate.backup.Tree} walks, {@link qrate.backup.Copies} copies or links what the backup
/// before has already, {@link qrate.backup.Manifest} holds a line for each file. {@link qrate.backup.Restore} goes the
/// other way, and {@link qrate.backup.Doubles} finds what was delivered while the copy was made.
/// Standards: maildir(5); names of files as in RFC 3986 §2.1.
package qrate.backup;
