/// Lines of `.qmail` files, and the programs for them: forward, condredirect, bouncesaying, except, preline, qreceipt,
/// qbiff.
///
/// Receives from: local and migration, which read files ({@link qrate.dotqmail.Line}); local, which runs the programs
/// with the message on descriptor 0 and the variables of qmail-command(8).
/// Hands to: the queue, by {@link qrate.core.Intake}, and the programs that their arguments name.
/// Owns: nothing.
/// Promise: each exits with the code its man page names: 0 go on, 99 stop, 100 never, 111 later; a message is sent on
/// before 0 or 99 is answered.
/// Trust: arguments come from the owner of the `.qmail` file, the message and the addresses from strangers; no shell
/// sees either.
///
/// Standards: dot-qmail(5), forward(1), condredirect(1), bouncesaying(1), except(1), preline(1), qreceipt(1), qbiff(1),
/// qmail-command(8).
package qrate.dotqmail;
