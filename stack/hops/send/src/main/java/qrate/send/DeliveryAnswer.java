package qrate.send;

import qrate.core.Verdict;

/// One delivery's answer on its way to the queue.
///
/// @param number the recipient's, in the envelope
record DeliveryAnswer(Flight flight, int number, Verdict verdict) {}
