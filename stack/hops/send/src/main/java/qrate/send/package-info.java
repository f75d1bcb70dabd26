/// qmail-send: decides for each message when, by which way and to whom it is tried, and how it ends.
///
/// Receives from: the queue ({@link qrate.queue.Queue}: what is owed, newly accepted messages); an administrator
/// ({@link qrate.qcontrol.QueueControl}). Hands to: two {@link qrate.core.Spawner}s, local and remote; bounces and
/// reports back to the queue; how many recipients of a user's message failed for good, to
/// {@link qrate.sendlimits.SendLimits}.
/// Owns: the schedule, in memory alone; `queue/refused`, which domains of ours a provider refuses.
/// Promise: a recipient that is on its way is never started a second time; an end is told to nobody before it is
/// durable in the queue; a message that cannot be read, recorded or bounced now stays owed and is tried again.
/// Trust: addresses and reasons come from outside; they are bounded by {@link qrate.core.Envelope} and escaped
/// wherever they become a log line, a field or a paragraph.
///
/// A message waits as a few numbers (`Backlog`, `Line`), and is read when something of it is due (`Active`). Then
/// each of its recipients goes from `Stage` to `Stage`, and it from `Work` to `Work`; docs/internals.md has the
/// tables.
///
/// {@link qrate.send.Scheduler} is one machine that is driven step by step, so that tests need no time:
/// spawners and the disk answer through its inbox. {@link qrate.send.Settler} does all that waits for the disk, one
/// task a message, so that the queue's group commit carries many.
///
/// Control files: bouncefrom bouncehost bouncemaxbytes concurrencylocal concurrencyremote delaywarning doublebouncehost
/// doublebounceto envnoathost locals me percenthack quarantinedays queuelifetime virtualdomains.
///
/// Standards: qmail-send(8), qmail-control(5), qmail-log(5), envelopes(5), QSBMF, RFC 3461, RFC 3462, RFC 3463,
/// RFC 3464, RFC 3834, RFC 6533.
package qrate.send;
