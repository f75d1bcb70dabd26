/// What this system writes to people, and what domains say instead: notices about failed and late mail, about mailboxes
/// that are nearly full, the letters of lists, the sheet for a new mailbox.
///
/// Receives from: snapshots, which has what domains say; whoever writes. Hands to: send, local, lists, and the office,
/// which checks a text before it is kept and shows what it will look like.
/// Owns: which texts there are, what each may hold, and the ones that are built in: `words/en.properties`.
/// Promise: a text comes out, whatever is wrong with a domain's: the system's own in its place, else the built-in one.
/// No line of it is longer than a message may have.
/// Trust: texts of domains were checked when they were saved, and are checked again; what stands at a placeholder is
/// not
/// read again. Lines that programs read are not among them.
/// Standards: RFC 5322 §2.1.1 (length of lines), QSBMF (a notice's first paragraph), ezmlm's tags.
package qrate.wordings;
