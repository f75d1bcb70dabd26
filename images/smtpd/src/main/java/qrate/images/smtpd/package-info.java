/// The image of `smtpd`: tcpserver and qmail-smtpd on 25, 587 and 465.
///
/// Receives from: clients on the `edge` network. Hands to: `send`, by QMQP on the `inside` network.
/// Owns: nothing but its spool of large messages under way.
/// Promise: wiring only; what each part promises stands in its own package.
/// Trust: reads `control`, `users` and `tls`, asks at `vchkpw`; writes none of them.
///
/// Standards: see `qrate.tcpserver` and `qrate.smtpd`.
package qrate.images.smtpd;
