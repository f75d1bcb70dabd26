/// How much users send: what goes beyond is held, an account that looks hijacked is stopped, and postmasters are told.
///
/// Receives from: whoever hands a message to the queue of this process; send, how many recipients failed for good.
/// Hands to: the queue, the same message, as it is or to be held; notices to postmasters.
/// Owns: `queue/stopped`, who is stopped and why; counts of the last hour in memory alone, which a restart forgets.
/// Promise: in no hour more of a user's messages or recipients pass than `control/sendlimits` says, but after a restart
/// or {@link qrate.sendlimits.SendLimits#letSend}. Nothing that was taken is lost: what goes beyond waits in the queue.
/// A stop is on the disk before its message is taken; where that cannot be written, it holds in memory and is written
/// later. Memory is bounded: the user who sent nothing for longest is forgotten first.
/// Trust: logins are those that a password opened. A message counts when its client says that it wrote it itself
/// ({@link qrate.core.Client#first}); what lists and forwards send on, bounces and programs of this machine do not.
///
/// Standards: there is none. Control files: bouncefrom bouncehost doublebouncehost doublebounceto me sendlimits.
package qrate.sendlimits;
