package qrate.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The files of the journal, oldest first.
///
/// A segment is deleted only when every older one is gone for good: an end stands in the segment of its message or
/// in a later one, so no crash can bring a message back without its end.
final class Segments {
    private final List<Segment> all = new ArrayList<>();
    private long numberMax;
    private boolean appendable;
    /// No segment with an end behind it is deleted; behind everything as long as nobody keeps a ledger.
    private Queue.Mark traced = new Queue.Mark(Long.MAX_VALUE, 0);

    /// Adds a segment that was found.
    ///
    /// @param whole whether records may be added to it, if it is the last
    synchronized void found(Segment segment, boolean whole) {
        add(segment);
        appendable = whole;
    }

    /// Notes a number that is taken by a file that is no use.
    synchronized void taken(long number) {
        numberMax = Math.max(numberMax, number);
    }

    /// Adds a new segment, which is the current one from now on.
    synchronized void add(Segment segment) {
        all.add(segment);
        taken(segment.number());
        appendable = true;
    }

    /// Whether there is a current segment to write to.
    synchronized boolean appendable() {
        return appendable;
    }

    synchronized Segment current() {
        return all.getLast();
    }

    synchronized long nextNumber() {
        return numberMax + 1;
    }

    /// The end of what is durable.
    synchronized Queue.Mark mark() {
        return all.isEmpty() ? new Queue.Mark(0, 0) : new Queue.Mark(current().number(), current().size);
    }

    /// From now on nothing that ended behind this mark is cleaned.
    synchronized void traced(Queue.Mark mark) {
        traced = mark;
    }

    /// Whether the ledger knows how every message ended whose record stands in a segment.
    synchronized boolean isTraced(Segment segment) {
        return segment.lastEnd.compareTo(traced) < 0;
    }

    /// The oldest that is not the current one.
    synchronized Optional<Segment> oldest() {
        return all.size() > 1 ? Optional.of(all.getFirst()) : Optional.empty();
    }

    synchronized void gone(Segment segment) {
        all.remove(segment);
    }

    synchronized int count() {
        return all.size();
    }

    /// Bytes that hold nothing owed.
    synchronized long garbageBytes() {
        return all.stream().mapToLong(s -> s.size - s.liveBytes).sum();
    }

    /// Bytes of the records of what is owed.
    synchronized long liveBytes() {
        return all.stream().mapToLong(s -> s.liveBytes).sum();
    }
}
