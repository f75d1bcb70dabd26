/// Serves Maildirs by POP3: qmail-popup and qmail-pop3d in one, and each as a command of its own.
///
/// Receives from: tcpserver (a connection). Hands to: checkpassword (a login); reads Maildirs itself.
/// Owns: one lock a Maildir in this process, so that one box has one session at a time (`[IN-USE]`);
/// a session that is silent for a minute loses it to the next.
/// Promise: nothing is deleted before QUIT has been read; a session that ends any other way leaves the box as it was.
/// A message keeps its unique id as long as it is there. Opening a box reads names, not messages.
/// Trust: command lines are bounded and checked byte by byte; file names never come from the client; a Maildir lies
/// where the checker says.
/// Standards: RFC 1939, 2449 (CAPA, RESP-CODES), 2595 (STLS), 3206 (AUTH-RESP-CODE), 5034 (AUTH), 6856 (UTF8),
/// qmail-popup(8), qmail-pop3d(8), maildir(5).
package qrate.pop3d;
