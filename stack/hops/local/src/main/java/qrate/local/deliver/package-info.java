/// Does what {@link qrate.local.plan} found out: the daemon qmail-lspawn, and the same by hand.
///
/// The way of a job: {@link qrate.local.deliver.LocalSpawner} takes it to pieces, a thread each → `LocalDelivery`
/// asks for the plan and looks for a loop → `DotQmailDelivery` (the lines of a `.qmail` file) or
/// `VirtualDelivery` (the directory's word) → `Actions`: into a Maildir (`MaildirDelivery`, with `Notes`, exactly
/// once; `GroupCommit` makes durable together what comes at one time), onto an mbox file (`Mbox`), sent on
/// (`Expansion` keeps that in bounds), or by a program (`Programs`) → one answer. Who wrote to somebody who is away
/// is answered behind that (`VacationReplies`).
/// {@link qrate.local.deliver.QmailLocal} and {@link qrate.local.deliver.Vdelivermail} go the same way for one
/// message, with `HandMaildirs`, which keep no notes.
///
/// Receives from: send (a {@link qrate.core.Spawner.Job}); or by hand, one message on fd 0.
/// Hands to: Maildirs, mbox files, programs, {@link qrate.core.Intake}, and
/// {@link qrate.local.deliver.OtherUsers} for those as whom this process cannot deliver.
/// Owns: `.notes/` below the maildirs, one process at a time; `.answered` in the homes of mailboxes.
/// Promise: a message is durable in its Maildir, and noted, before `K`; when a delivery is asked for again, its
/// note keeps it from being a second one (docs/internals.md has the steps).
/// Trust: a program's time, memory and output are bounded, and nobody else waits for it longer than that.
///
/// Standards: qmail-lspawn(8), qmail-local(8), qmail-command(8), maildir2mbox(1), maildir(5), mbox(5), RFC 3463, RFC
/// 3834.
package qrate.local.deliver;
