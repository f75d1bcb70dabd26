/// QMQP: hands whole messages from a host without a queue to one that has it. QMTP: takes them from any host.
///
/// Receives from: smtpd, inject, admin and the commands by hand (the client, {@link qrate.qmqp.QmqpClient}), any QMQP
/// client (the server, {@link qrate.qmqp.QmqpServer}, behind tcpserver or another listener), any QMTP client
/// ({@link qrate.qmqp.QmtpServer}, which asks the rules of SMTP about each recipient). Hands to: an
/// {@link qrate.core.Intake}, which is the queue.
/// Owns: temporary files of large messages in transit.
/// Promise: the server answers K only when the intake said so, and nothing before the last byte came; a client that
/// hears no whole answer reports a temporary failure and never sends the message again by itself, not to another
/// server either: fail-over happens before a connection stands, never behind it.
/// Trust: every length is checked before it is believed; a stranger's wrong bytes end his connection or get a D.
/// Extensions, between our own parts only: many messages down one connection, and NUL plus ESMTP parameters behind an
/// address (RFC 3461 §4).
/// Standards: QMQP, QMTP and netstrings as at cr.yp.to/proto, qmail-qmqpc(8), qmail-qmqpd(8), qmail-qmtpd(8).
package qrate.qmqp;
