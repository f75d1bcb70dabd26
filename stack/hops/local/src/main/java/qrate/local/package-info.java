/// Local delivery: qmail-lspawn and qmail-local, with the directory's mailboxes and `.qmail` files.
///
/// Receives from: send (a {@link qrate.core.Spawner.Job}). Hands to: Maildirs, mbox files, programs, and the queue
/// again (forwards, through {@link qrate.core.Intake}).
/// Owns: the maildirs volume, and in it `.notes/` and `.full/`.
/// Promise: `K` is answered once the message is durable; into a Maildir each delivery goes exactly once, over crashes
/// of this process and of the machine and whatever the reader did meanwhile; forwards, programs and mbox files at
/// least once. One user's trouble is that user's alone.
/// Trust: addresses come from strangers, so no path made of them leaves the maildirs; `.qmail` lines come from users,
/// so programs are bounded in time, memory and output, and forbidden to the directory's domains unless
/// `control/virtualprograms` lists them.
///
/// Two packages, of which the first knows nothing of the second: {@link qrate.local.plan} finds out what mail for
/// an address comes to, and does none of it; {@link qrate.local.deliver} does it.
///
/// Standards: qmail-lspawn(8), qmail-local(8), dot-qmail(5), qmail-command(8), qmail-users(5), maildir(5), mbox(5),
/// vpopmail's vdelivermail, RFC 3463.
package qrate.local;
