/// Who has a mailbox here: cdb snapshots that every hop can read, and the one writer of them.
///
/// Receives from: vpopmail, which calls {@link qrate.directory.SnapshotWriter} after each change.
/// Hands to: smtpd, send, local, checkpassword, by {@link qrate.directory.Directory}.
/// Owns: the formats of `users/cdb`, `users/assign`, `users/domains/DOMAIN.cdb` and `passwords/DOMAIN.cdb`.
/// Promise: a reader sees the old snapshot or the new one, never a mixture, and a new one within a second; a
/// snapshot
/// that is damaged or cannot be read is an IOException, never "no such user". No call waits for the database.
/// Trust: addresses come from strangers; a name that could leave its folder is nobody's before a file is opened.
/// Routes and
/// passwords are in separate folders, since few may read the second.
///
/// A domain's file holds records by key; fields are separated by NUL:
///
///     =LOCAL   mailbox ADDRESS HOME QUOTABYTES QUOTAMESSAGES KEEP COPY…  or  forward TO…
///     *        the same, for everybody who has no record of his own (catch-all)
///     @        the domain that this one is another name of
///     #        revision of the database that the file was made from
///
/// `DOMAIN.more` beside it holds what changed since, up to some hundred records, so that a change costs the same in a
/// domain of ten and of ten thousand: the same records, without a value for who is gone, and in `<` the revision of the
/// file that it belongs to. Beside any other file it means nothing.
///
/// Standards: qmail-users(5), qmail-newu(8), cdb(5), RFC 5321 §2.4 and §4.5.1 (postmaster), RFC 5890 (A-labels).
package qrate.directory;
