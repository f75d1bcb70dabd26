/// What others read of the directory: snapshots, the lines in control files, the folders of mailboxes.
///
/// Receives from: directory, after each change, by {@link qrate.publish.Publisher}, which asks it by
/// {@link qrate.publish.DirectoryRows}. Hands to: snapshots and their readers, `control/locals`, `control/rcpthosts`,
/// `control/virtualdomains`, `users/assign`, the Maildirs' folders.
/// Owns: nothing that cannot be made again from the source.
/// Promise: what a change did not touch is not written; what it did is written and synced under another name,
/// renamed, and each folder synced once. A crash between any two of these leaves each file as it was or as it is
/// to be, and the next start finds what is not of the source's revision and writes it. A removal takes routes
/// first, and folders last. Lines that others wrote into control files and `users/assign` stay.
/// Trust: names come checked by {@link qrate.snapshots.Names}.
///
/// Standards: qmail-control(5), qmail-users(5), vpopmail's folders, Maildir++.
package qrate.publish;
