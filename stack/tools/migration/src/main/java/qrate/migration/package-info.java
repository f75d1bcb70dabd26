/// Takes over a qmail and vpopmail installation: `import`.
///
/// Receives from: whoever runs `import`, and the files of the old installation. Hands to: vpopmail (domains, mailboxes,
/// aliases), the Maildirs, `control/`, `users/assign`, the queue.
/// Owns: `db/import/`, the record of what was taken.
/// Promise: nothing is written without `--apply`, and nothing ever to the old tree. Each thing is taken once: what was
/// taken before is not touched again, whatever became of it since. A run that ends anywhere is finished by the next
/// one:
/// a message is in a Maildir once, and in the queue once.
/// Trust: the old tree is data. Every file in it is bounded, names are checked before they become one of ours, links
/// out
/// of the tree are not followed, a line that makes no sense is named with its file and number, and skipped.
///
/// Standards: qmail-control(5), qmail-users(5), dot-qmail(5), qmail's INTERNALS (queue), vpopmail's vpasswd and flags,
/// maildir(5), Maildir++.
package qrate.migration;
