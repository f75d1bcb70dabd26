/// Tells others by HTTP what an operator would otherwise look for: problems, mailboxes that are full, users who are
/// stopped, logins from new places.
///
/// Receives from: admin, which says what there is to tell; `control/webhooks` and `control/webhooksecret`.
/// Hands to: the servers that `control/webhooks` names.
/// Owns: nothing durable. In containers the file that `QRATE_NOTICES` names: admin writes it, and who has the way out
/// reads it.
/// Promise: each place hears once when something begins and once when it ends, as soon as it answers with 2xx; until
/// then
/// it is asked again, less and less often. What a place has not been told is the difference between what is and what it
/// has heard, and what lasted a minute and went meanwhile, a hundred such things at most: so little piles up while it
/// is
/// away. After a restart what still holds is told again, under the same `id` if it began before.
/// Trust: an answer is a status and nothing else; no redirect is followed; TLS and the name in the certificate are
/// checked. Texts that come from strangers are escaped and cut.
///
/// Standards: RFC 2104 (HMAC), RFC 9110, RFC 8259.
package qrate.webhooks;
