/// Who has a mailbox here: cdb snapshots that every hop can read, and the one writer of them.
///
/// Receives from: publish, which calls {@link qrate.snapshots.SnapshotWriter} after each change.
/// Hands to: smtpd, send, local, checkpassword, by {@link qrate.snapshots.Directory}.
/// Owns: the formats of `users/cdb`, `users/assign`, `users/domains/DOMAIN.cdb`, `users/said.cdb` and
/// `passwords/DOMAIN.cdb`.
/// Promise: a reader sees the old snapshot or the new one, never a mixture, and a new one within a second; a
/// snapshot
/// that is damaged or cannot be read is an IOException, never "no such user". No call waits for the database.
/// Trust: addresses come from strangers; a name that could leave its folder is nobody's before a file is opened.
/// Routes and
/// passwords are in separate folders, since few may read the second.
///
/// A domain's file holds records by key. A record is the number of its form (2) and `NAME=VALUE` each, separated
/// by NUL; who reads passes over names that he does not know, and a missing one has a default:
///
///     +LOCAL   kind=mailbox address home quota-bytes quota-messages keep copy…  or  kind=forward to…
///              or, in passwords, address hash home pop smtp
///     **       the same, for everybody who has no record of his own (catch-all)
///     !NAME    what the domain says of its own under that name: a text; in `users/said.cdb` what the system says
///     @        the domain that this one is another name of
///     #        revision of the database that the file was made from
///     %        the form of the records
///     &        revision that the domain's other file had when this one was written
///
/// Beside them stand the same in the form of 0.2.0 and before, `=LOCAL` and `*`, with fields by their order, so
/// that the version before reads what this one writes. Files without `%`, or with another, are read too and
/// written anew at the start of the writer. In the newest file that has somebody's record, `+` counts before `=`.
///
/// A change of who has mail leaves the file of passwords as it is, and the other way round. The newer of the two
/// names the revision of the older in `&`; two that do not fit so are taken for a change that a crash cut short,
/// and both are written anew. The version before takes them for that too.
///
/// `DOMAIN.more` beside it holds what changed since, up to some hundred records, so that a change costs the same
/// in a domain of ten and of ten thousand: the same records, without a value for who is gone, and in `<` the
/// revision of the file that it belongs to. Beside any other file it means nothing.
///
/// Standards: qmail-users(5), qmail-newu(8), cdb(5), RFC 5321 §2.4 and §4.5.1 (postmaster), RFC 5890 (A-labels).
package qrate.snapshots;
