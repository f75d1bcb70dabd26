/// The state of the whole system: one record of it, as text for Prometheus and as JSON for `./qrate status --json`.
///
/// Receives from: the process itself and other services' files ({@link qrate.core.Figures}), admin (directory, queue,
/// certificate). Hands to: admin, which shows it.
/// Owns: nothing.
/// Promise: what a service says of itself stands under its own name, whatever it writes; a look costs no more than once
/// in two seconds, however often somebody asks.
/// Trust: other services' files are bounded, and lines that are no figure of ours are left out.
/// Standards: Prometheus' text format 0.0.4, and its rules for names.
package qrate.status;
