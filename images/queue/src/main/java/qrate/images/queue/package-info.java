/// The image of `send`, `lspawn` and `rspawn`: the queue, and the two ways out of it.
///
/// Receives from: `smtpd`, `admin` and `lspawn`'s forwards, by QMQP. Hands to: Maildirs and other hosts.
/// Owns: as `send` the queue, as `lspawn` the Maildirs, as `rspawn` nothing.
/// Promise: wiring only; what each part promises stands in its own package.
/// Trust: each role runs as a user of its own and mounts only what it needs.
///
/// Standards: see `qrate.queue`, `qrate.send`, `qrate.local` and `qrate.remote`.
package qrate.images.queue;
