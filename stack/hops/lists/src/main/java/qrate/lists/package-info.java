/// Mailing lists the qmail way: ezmlm's programs, driven by `.qmail` lines.
///
/// Receives from: local (a message on standard input, its envelope in the environment, qmail-command(8)), commands by
/// hand, and admin's one-click door and its moderators' decisions ({@link qrate.lists.Decisions}), by mail.
/// Hands to: the queue (an {@link qrate.core.Intake}); admin, which looks ({@link qrate.lists.ListLook}).
/// Owns: each list's folder: subscribers, archive, mod, bounce, text.
/// Promise: a change of the subscribers is durable before anybody hears of it, and a crash leaves the old file or the
/// new one. A post is one message in the queue, whatever the number of subscribers, unless the list asks for
/// one-click links. A post may go out twice after a crash, never not at all.
/// Trust: senders are strangers: who subscribes or leaves proves that mail reaches the address, by an HMAC with the
/// list's key that expires. Addresses are checked before they become part of a header or a file. In local delivery
/// only folders below the home of the `.qmail` file are lists.
///
/// Standards: ezmlm(5), ezmlm-make(1), ezmlm-manage(1), ezmlm-send(1), ezmlm-return(1), ezmlm-warn(1), ezmlm-store(1),
/// ezmlm-moderate(1), RFC 2369, RFC 2919, RFC 3834, RFC 5965, RFC 6650, RFC 8058, RFC 8689 §6.
package qrate.lists;
