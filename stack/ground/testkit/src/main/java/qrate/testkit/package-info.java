/// What tests of several modules share: a disk that crashes, wire scripts, seeds, a DNS server of our own.
///
/// Receives from: tests only; no module depends on it outside the test scope.
/// Hands to: nobody. Owns: nothing that outlives a test.
/// Promise: everything is deterministic under a printed seed.
/// Trust: it is never on the class path of an image.
///
/// Standards: RFC 1035 as far as the DNS server of the tests goes.
package qrate.testkit;
