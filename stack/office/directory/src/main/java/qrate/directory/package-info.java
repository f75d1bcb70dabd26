/// The directory: the source of truth about domains, mailboxes, aliases and administrators.
///
/// Receives from: admin, vpopmail's commands, apply, import. Hands to: publish, which asks
/// {@link qrate.directory.SqlRows}.
/// Owns: the database under `db/`; what is set for mailing lists and in control files is changed here and owned by
/// its files. A change is an {@link qrate.directory.Edit}, done in one place whoever makes
/// it, and its line in the audit log is made from it; a refusal is a {@link qrate.directory.Refusal}, whose words
/// and those of a {@link qrate.directory.Loss}, stand in `words/LANGUAGE.properties`; what a mailbox has is declared in
/// {@link qrate.directory.Property}.
/// Promise: a change is durable in the database before any file changes; a crash between the two is healed at the
/// next start, and a removal is finished then. Each change and its line in the audit log are one transaction; a
/// session or token never outlives its account, nor a session its password.
/// Trust: every name is checked by {@link qrate.snapshots.Names} before it is stored; passwords are kept as
/// bcrypt, tokens and the secrets of sessions as SHA-256.
///
/// Standards: vpopmail's commands and folders, qmail-control(5), qmail-users(5), RFC 5321 §4.5.1 and §4.5.3.1.
package qrate.directory;
