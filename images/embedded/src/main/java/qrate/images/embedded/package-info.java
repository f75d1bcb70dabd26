/// The whole system in one process, from the same classes as the six services.
///
/// Receives from: clients on 127.0.0.1, or where `QRATE_BIND` and `QRATE_ADMIN_BIND` say. Hands to: Maildirs and other
/// hosts.
/// Owns: one state folder (`QRATE_STATE`).
/// Promise: wiring only; what each part promises stands in its own package.
/// Trust: one user runs it all, so that a break-in reaches all: the six services are the shape for strangers' mail.
///
/// Standards: see the packages of each hop.
package qrate.images.embedded;
