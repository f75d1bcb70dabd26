/// What mail programs are told so that they set themselves up: Thunderbird's autoconfig, Outlook's autodiscover,
/// Apple's
/// profile.
///
/// Receives from: admin, which serves them; `zone`, whose rows lead there.
/// Hands to: whoever asks.
/// Owns: nothing.
/// Promise: what an address is told depends on its domain and on how it is written, never on whether it is there; no
/// document holds a password.
/// Trust: who asks is a stranger. A question is bounded in bytes, depth and text, and has no document type and no
/// entity
/// but XML's own five; an address that goes into an answer is one that a mailbox could have, and is escaped.
///
/// Standards: RFC 6186, RFC 8314; Mozilla's "Autoconfiguration: config file format" 1.1; Microsoft's POX autodiscover
/// reference and [MS-OXDSCLI]; Apple's "Configuration Profile Reference" (com.apple.mail.managed).
package qrate.zone.clients;
