/// The image of `pop3d`: tcpserver, qmail-popup, vchkpw and qmail-pop3d on 110 and 995.
///
/// Receives from: clients on the `edge` network. Hands to: nobody.
/// Owns: nothing; it reads Maildirs and removes what a client deleted.
/// Promise: wiring only; what each part promises stands in its own package.
/// Trust: reads `control`, `users`, `passwords` and `tls`; reads and writes `maildirs`.
///
/// Standards: see `qrate.tcpserver` and `qrate.pop3d`.
package qrate.images.pop3d;
