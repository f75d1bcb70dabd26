/// `explain`: says step by step how an address would be treated, or a message by the gate, and sends nothing.
///
/// Receives from: an administrator, by hand. Hands to: nobody.
/// Owns: nothing.
/// Promise: no decision is made here: smtpd's, the gate's, send's, lspawn's and rspawn's own classes are asked. Nothing
/// is
/// written, no program is run and no server is connected to; DNS is asked.
/// Trust: addresses, messages, `.qmail` lines and DNS answers come from others, so that every line is escaped;
/// passwords of
/// smtproutes are never said.
///
/// Standards: qmail-smtpd(8), qmail-send(8), qmail-lspawn(8), dot-qmail(5), qmail-remote(8).
package qrate.explain;
