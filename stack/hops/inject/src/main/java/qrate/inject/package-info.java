/// Takes a message from a local user and mends its header: qmail-inject, sendmail, datemail, mailsubj;
/// and qmail-showctl.
///
/// Receives from: a user's programs, by fd 0 and arguments.
/// Hands to: an {@link qrate.core.Intake}, which is send by QMQP or the queue itself.
/// Owns: nothing.
/// Promise: exit code 0 only after the intake took the message durably; 100 for what will never work, 111 for what may
/// work later. Nothing is sent when the header cannot be understood.
/// Trust: the message is the user's: its header is bounded, its addresses are parsed once and written anew, so that
/// none can
/// become a second field. Bytes beyond ASCII pass through as they are.
/// Controls: defaultdomain, defaulthost, idhost, plusdomain, me; a file of lists by QMAILMFTFILE.
///
/// Standards: qmail-inject(8), qmail-header(5), qmail-showctl(8), RFC 5322 §3.4 and §3.6.
package qrate.inject;
