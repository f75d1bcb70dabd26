/// The queue: accepts a message durably, and keeps who is still owed it until every delivery has ended.
///
/// Receives from: smtpd, inject and strangers' QMQP clients (through qmqp), local (forwards), send (bounces). Hands to:
/// send, through {@link qrate.queue.Queue}.
/// Owns: the folder `queue/`: `journal/` (segments), `bodies/` (large bodies), `corrupt/` (what was damaged), `lock`.
/// Promise: a `Delivered` means that the message's record is synced. What was answered with an error is not in the
/// queue, unless the machine stopped before the journal could be mended; then the sender's second try is a second
/// message. A record of an end, once durable, outlives the message it ends.
/// Trust: the length and number of everything is checked; content is never read. Records begin with random bytes that
/// nobody outside can know, so no message can contain what the search after damage would take for a record.
/// Standards: qmail-queue(8), qmail-clean(8), RFC 5321 §6.1.
///
/// How it works. Callers make up their records; one committer writes all that wait at once, syncs, applies them to the
/// index in memory and wakes the callers: while one sync runs, the next batch gathers. Bodies above 64 KiB are durable
/// files of their own before their record is written. After a failed write or sync the segment is cut back to its last
/// durable byte, and the cut synced, before anything follows. At 64 MiB the next segment begins; its header, held
/// twice,
/// remembers the next id. qmail-clean deletes segments from the oldest on, never past one that still holds something
/// owed, and moves what is owed out of the oldest when garbage outweighs it. Restart replays all segments, cuts the
/// torn end of the last, copies damage anywhere else to `corrupt/` and goes on behind it.
package qrate.queue;
