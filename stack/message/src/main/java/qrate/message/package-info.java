/// The header of a message and the addresses in it, read in one place (RFC 5322 §3.2 to §3.6).
///
/// Receives from: smtpd, inject, dotqmail; queue and qmqp (a date). Hands to: the same.
/// Owns: how a header is cut into fields, an address field into words and mailboxes; how dates and names are written.
/// Promise: whatever the bytes, reading ends in time linear in their number and throws nothing. One reader is asked two
/// questions: {@link qrate.message.AddressList} says what a field lists, or why it makes no sense;
/// {@link qrate.message.Authors} says everybody whom any mail program might take for the author.
/// Trust: none; what is kept of a header has limits.
///
/// Standards: RFC 5322, RFC 2047, RFC 6532, RFC 6854, qmail-header(5).
package qrate.message;
