/// The image of `pop3d`: tcpserver, qmail-popup, vchkpw and qmail-pop3d on 110 and 995.
///
/// The service `vchkpw` is of this image too: the password oracle, as `vchkpwd`.
///
/// Receives from: clients on the `edge` network. Hands to: vchkpw, a login.
/// Owns: nothing; it reads Maildirs and removes what a client deleted.
/// Promise: wiring only; what each part promises stands in its own package.
/// Trust: pop3d reads `control`, `users` and `tls`, asks at `vchkpw`, reads and writes `maildirs`; vchkpwd reads
/// `passwords`, writes `vchkpw`, and nothing else.
///
/// Standards: see `qrate.tcpserver` and `qrate.pop3d`.
package qrate.images.pop3d;
