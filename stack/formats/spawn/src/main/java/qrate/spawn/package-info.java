/// The stream between qmail-send and qmail-lspawn or qmail-rspawn: a {@link qrate.core.Spawner} at each end.
///
/// Receives from: send ({@link qrate.spawn.SpawnClient}). Hands to: a spawner in another process, behind
/// {@link qrate.spawn.SpawnServer}.
/// Owns: bodies on their way, in memory up to a limit, else in files of a folder of its own, which it empties at the
/// start.
/// Promise: each delivery is answered once; a spawner that stops answers all that it can end in time. When the stream
/// breaks, or no frame comes for 45 seconds, all that is open is answered as temporary. The other end may have
/// delivered by then: its notes keep a repetition from being
/// a second delivery.
/// Trust: the network between the two ends is theirs alone; frames are bounded and checked all the same, and a frame
/// that makes no sense ends the connection.
///
/// A frame is a length (4 bytes, of what follows), a kind (1 byte) and its fields. Numbers are big-endian; a text is
/// its length in bytes (4 bytes) and UTF-8. A connection begins with `H` in both directions. Frames of different jobs
/// may be mixed, those of one job are in order.
///
/// | kind | from | fields |
/// | --- | --- | --- |
/// | `H` hello | both | text `qrate-spawn-1` |
/// | `J` job | send | job (8), queue id (8), birth ms (8), body bytes (8), recipients (4), sender, parameters, host |
/// | `R` recipient | send | job (8), number (4), address, parameters |
/// | `B` body | send | job (8), bytes to the end of the frame |
/// | `A` answer | spawn | job (8), number (4), `K` `Z` or `D` (1), text |
/// | the same | spawn | job (8), number -1: its host lets it wait, or -2: no longer; `Z` (1), an empty text |
/// | `S` settled | send | queue id (8), count (4), that many numbers (4 each) |
/// | `C` cancel | send | job (8) |
/// | `P` ping | both | nothing; every 15 seconds |
///
/// What stands behind the fields of a job, a recipient or an answer is of a newer version, and passed over; 0.2.0 and
/// before hang up on it.
///
/// A job begins when its recipients and its body are complete.
///
/// The classical channel, on descriptors, has both ends here as well: {@link qrate.spawn.QmailSpawn} is the program
/// below a qmail-send, {@link qrate.spawn.ProgramSpawner} the end of a qmail-send that a program is below.
///
/// Standards: qmail-lspawn(8), qmail-rspawn(8), qmail-clean(8).
package qrate.spawn;
