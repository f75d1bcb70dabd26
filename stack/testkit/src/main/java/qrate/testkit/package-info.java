/// What tests of several modules share: a disk that crashes, wire scripts, seeds, a DNS server of our own.
///
/// Receives from: tests only; no module depends on it outside the test scope.
/// Promise: everything is deterministic under a printed seed.
/// Standards: none.
package qrate.testkit;
