/// A message's header and the addresses in it, read and written in one place (RFC 5322 §3.2 to §3.6).
///
/// Receives from: whoever has a message: smtpd, inject, dotqmail, local, send, lists, ledger; queue, qmqp and qcontrol
/// (a trace field, a date); smtp, remote and pop3d, which pass one on (where its header ends).
/// Hands to: the same.
/// Owns: how a header is cut into fields ({@link qrate.message.HeaderReader}, the one reader: fed piece by piece while
/// a message goes by, or reading off a stream by {@link qrate.message.Header}) or only where it ends ({@link
/// qrate.message.HeaderEnd}), an address field into words and mailboxes; how dates, trace fields ({@link
/// qrate.message.TraceFields}), names, encoded words and parts of a message
/// ({@link qrate.message.Mime}) are written; what parts a message has ({@link qrate.message.Parts}), and what somebody
/// reads of it who has no mail program ({@link qrate.message.MessageText}).
/// Promise: whatever the bytes, reading ends in time linear in their number and throws nothing; no body is loaded for
/// its header, and each field's bytes are given as they stand, in order. What is written can be read back. About an
/// address field there are three questions: {@link qrate.message.AddressList#strict} says what the grammar says,
/// {@link qrate.message.AddressList#parse} what people mean, or why it makes no sense;
/// {@link qrate.message.Authors} says everybody whom any mail program might take for the author.
/// Trust: none; what is looked at and kept of a header has limits ({@link qrate.message.Wanted}).
///
/// ```java
/// Header header = Header.of(message, Wanted.some("from", "message-id"));
/// header.value("message-id");                          // the first, in one line
/// Header.of(message, Wanted.all(HEADER_BYTES_MAX)).fields().forEach(field -> sign(field.bytes()));
/// ```
///
/// Standards: RFC 5322, RFC 2045, RFC 2046, RFC 2047, RFC 3462, RFC 6532, RFC 6854, qmail-header(5), mbox(5).
package qrate.message;
