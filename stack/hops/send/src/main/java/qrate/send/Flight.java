package qrate.send;

import java.util.List;
import qrate.qcontrol.Channel;

/// One job that is out.
final class Flight {
    private final Channel channel;
    private final long first;
    private final List<Integer> numbers;
    private final boolean dying;
    private int open;
    private boolean waiting;

    /// @param first delivery number of the first of `numbers` in the log; the others follow
    /// @param numbers of its recipients
    /// @param dying whether this attempt is the last one
    Flight(Channel channel, long first, List<Integer> numbers, boolean dying) {
        this.channel = channel;
        this.first = first;
        this.numbers = numbers;
        this.dying = dying;
        this.open = numbers.size();
    }

    Channel channel() {
        return channel;
    }

    List<Integer> numbers() {
        return numbers;
    }

    boolean dying() {
        return dying;
    }

    /// A recipient's delivery number in the log.
    long delivery(int number) {
        return first + numbers.indexOf(number);
    }

    /// Whether an answer of it is still to come.
    boolean out() {
        return open > 0;
    }

    /// Whether its host lets it wait, so that it takes no slot.
    boolean waiting() {
        return waiting;
    }

    void waiting(boolean waits) {
        waiting = waits;
    }

    /// One delivery's answer is durable.
    ///
    /// @return whether it was the last one
    boolean landed() {
        return --open == 0;
    }
}
