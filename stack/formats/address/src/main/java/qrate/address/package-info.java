/// Who exists: the one answer to "does this address exist, and may it have mail now".
///
/// Receives from: smtpd (at RCPT), local (at delivery), send (which way an address goes), explain.
/// Hands to: nobody.
/// Owns: the order of the question, and the format of `users/dotqmail.cdb`.
/// Promise: {@link qrate.address.Resolver} finds whose an address is for the door and for delivery alike; only what it
/// looks at differs: delivery sees the Maildirs ({@link qrate.address.Shelf}), the door what was published of them
/// ({@link qrate.address.Published}). What was never published is unknown, and whoever asks decides as if nobody
/// had looked: the door takes it, or asks the directory alone.
/// Before all of them comes {@link qrate.address.Returns}: a reverse-path that we made for mail sent on (SRS) leads
/// back, and one that only looks so does not exist.
/// Trust: addresses come from strangers; the number of forwards that are followed has a limit.
///
/// `users/dotqmail.cdb` holds by key, what is in capitals being UTF-8:
///
///     hHOME         `-`: a home whose `.qmail` files are all here; `wWHY`: delivery would wait whoever it is for
///     fHOME/NAME    `-TEXT` or `xTEXT` (executable): the file, programs cut to `|` and mailboxes to `./`, forwards
/// whole;
///                   `wWHY`: delivery would wait
///     qHOME         `BYTES MESSAGES`: the room left in a mailbox that is full or nearly so
///
/// Standards: qmail-send(8), qmail-lspawn(8), qmail-users(5), qmail-getpw(8), dot-qmail(5), vpopmail's vdelivermail,
/// RFC 5321 §4.5.1, RFC 3463.
package qrate.address;
