/// How an administrator looks at the queue and steers it, in the same process or over a Unix socket.
///
/// Receives from: admin, `qmail-qstat`, `qmail-qread`, `queue`. Hands to: send, which implements
/// {@link qrate.qcontrol.QueueControl}.
/// Owns: the socket `run/send.sock` (rw-rw----); who may open it may steer the queue.
/// Promise: nothing here touches the journal; a client that hangs or talks nonsense loses its connection and
/// nothing else.
/// Trust: the folder of the socket is shared with admin alone; words and answers are bounded all the same.
///
/// The protocol: a request is a few netstrings and an empty one (`4:stat,0:,`); so is the answer, whose first word is
/// `K`, `N` (no such message) or `Z` and a text. One request after another on a connection.
///
/// Standards: qmail-qstat(8), qmail-qread(8), netstrings.
package qrate.qcontrol;
