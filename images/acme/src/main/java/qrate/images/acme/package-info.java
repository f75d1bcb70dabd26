/// The image of `acme`: a shell that waits until a certificate is due, and the program that gets one.
///
/// Receives from: control files; a CA, by network `out`. Hands to: the doors, by the volume `tls`.
/// Owns: the volume `tls`.
/// Promise: while nothing is due no JVM runs (`app/wait`).
/// Trust: reads `control`, writes `tls`, and has the way out; no mail, no hash, no other service.
///
/// Standards: see `qrate.acme`.
package qrate.images.acme;
