/// The talk with one server: what is sent to it, what it says, and what that means for each recipient.
///
/// The way of a message: {@link qrate.remote.session.RemoteSessions} takes it to the servers in turn, each that
/// {@link qrate.remote.session.Passages} lets it go to → a connection that is left from before
/// (`IdleConnections`), or `Opener`: connection, greeting, EHLO, STARTTLS, `Auth` → `Session`, over a
/// `DeadlineConnection` on which every wait has an end (`Watchdog`) → `Transaction`: MAIL, RCPT, DATA →
/// {@link qrate.remote.session.Report}. {@link qrate.remote.session.Course} is asked before the final dot, and only
/// then.
///
/// Receives from: {@link qrate.remote} (a message and the servers to try). Hands to: those servers.
/// Owns: the connections, until they are closed or have been idle for too long.
/// Promise: `Delivered` only after 2xx to the final dot; what broke between the dot and its answer says that the
/// message may arrive twice. A kept connection that will not do is never the reason of a refusal: a fresh one
/// decides.
/// Trust: replies are bounded in length, number and time; no more than 6000 characters of one go into a text. A
/// login is sent over TLS only, to a certificate that was checked.
///
/// Standards: qmail-remote(8), RFC 5321, 1870, 2195, 2920, 3207, 3461, 4954, 6152, 6531, 6532.
package qrate.remote.session;
