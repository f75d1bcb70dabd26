package qrate.httpd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// Who holds what of the door. A client that has its share gets no more, unless one of its own says nothing; where
/// nothing is left, the greediest gives way, and of what it holds the idlest, then the slowest. Nobody gives way while
/// its request is worked on.
///
/// Safe for many threads.
final class Seats {
    /// Longest that a connection may say nothing between two requests, or before the first.
    static final Duration IDLE_MAX = Duration.ofSeconds(60);

    /// Longest that a header may take.
    static final Duration HEADER_MAX = Duration.ofSeconds(15);

    /// How long a body may take in any case, and how long at most.
    static final Duration BODY_FREE = Duration.ofSeconds(10);

    static final Duration BODY_MAX = Duration.ofSeconds(60);

    /// Slowest that a body may come in, on the whole.
    static final int BODY_BYTES_PER_SECOND_MIN = 1 << 10;

    /// Longest that a client may take nothing of an answer.
    static final Duration STALL_MAX = Duration.ofSeconds(20);

    /// Slowest that an answer may be taken, on the whole.
    static final int ANSWER_BYTES_PER_SECOND_MIN = 4 << 10;

    /// After how long a connection that says and takes nothing gives way to another of the same client.
    static final Duration STILL_MIN = Duration.ofSeconds(1);

    /// When three quarters of the seats are taken, patience is so many times shorter.
    static final int HASTE = 4;

    /// What a connection is at.
    enum Phase {
        IDLE,
        HEADER,
        BODY,
        WORK,
        ANSWER
    }

    /// How a connection is ended.
    @FunctionalInterface
    interface Ending {
        /// @param was what it was at
        /// @param late whether it took too long, or only gives way
        void end(Phase was, boolean late);
    }

    /// One connection. Its fields belong to the table.
    final class Seat {
        private final String client;
        private final boolean proxy;
        private final Ending ending;
        private String asker;
        private Phase phase = Phase.IDLE;
        private long since = now.getAsLong();
        private long last = since;
        private long moved;
        private long held;

        private Seat(String client, boolean proxy, Ending ending) {
            this.client = client;
            this.proxy = proxy;
            this.ending = ending;
            this.asker = client;
        }
    }

    private final Limits limits;
    private final LongSupplier now;
    private final List<Seat> seats = new ArrayList<>();

    /// @param now in milliseconds, from anywhere, never going back
    Seats(Limits limits, LongSupplier now) {
        this.limits = limits;
        this.now = now;
    }

    /// Takes a seat for a connection; empty when its client has had its share, or nobody can give way.
    ///
    /// @param client by {@link ClientGroup#group}
    /// @param proxy whether many clients stand behind it
    synchronized Optional<Seat> take(String client, boolean proxy, Ending ending) {
        long own = count(client);
        boolean share = proxy || own < limits.connectionsEach();
        if (!share && !giveWayToItsOwn(client)) {
            return Optional.empty();
        }
        Map<String, Long> counts = counts();
        if (seats.size() >= limits.connections()
                && !giveWay(Phase.ANSWER, seat -> counts.get(seat.client) > own)
                && !giveWayToItsOwn(client)) {
            return Optional.empty();
        }
        Seat seat = new Seat(client, proxy, ending);
        seats.add(seat);
        return Optional.of(seat);
    }

    /// Gives a seat back; a second time does nothing.
    synchronized void leave(Seat seat) {
        seats.remove(seat);
        seat.held = 0;
    }

    /// A request has begun, and this is who asks.
    synchronized void asks(Seat seat, String asker) {
        seat.asker = seat.proxy ? asker : seat.client;
    }

    synchronized void enter(Seat seat, Phase phase) {
        seat.phase = phase;
        seat.since = now.getAsLong();
        seat.last = seat.since;
        seat.moved = 0;
        if (phase == Phase.IDLE) {
            seat.held = 0;
            seat.asker = seat.client;
        }
    }

    /// Bytes have come in or gone out.
    synchronized void moved(Seat seat, long bytes) {
        if (bytes > 0) {
            if (seat.phase == Phase.IDLE) {
                enter(seat, Phase.HEADER);
            }
            seat.moved += bytes;
            seat.last = now.getAsLong();
        }
    }

    /// Whether so many bytes more may be held for a connection; they are counted if so.
    synchronized boolean hold(Seat seat, long bytes) {
        if (!seats.contains(seat)) {
            return false; // it has given way meanwhile
        }
        long own = held(other -> other.asker.equals(seat.asker));
        if (own > seat.held && own + bytes > limits.bytesEach()) {
            return false;
        }
        while (held(_ -> true) > seat.held && held(_ -> true) + bytes > limits.bytes()) {
            if (!giveWay(
                    Phase.ANSWER,
                    other -> other.held > 0
                            && !other.asker.equals(seat.asker)
                            && held(o -> o.asker.equals(other.asker)) > own)) {
                return false;
            }
        }
        seat.held += bytes;
        return true;
    }

    /// Ends whatever took too long.
    synchronized void sweep() {
        for (Seat seat : List.copyOf(seats)) {
            if (isLate(seat)) {
                end(seat, true);
            }
        }
    }

    /// Ends all.
    synchronized void clear() {
        List.copyOf(seats).forEach(seat -> end(seat, false));
    }

    synchronized int size() {
        return seats.size();
    }

    private boolean isLate(Seat seat) {
        long haste = seats.size() >= limits.connections() * 3L / 4 ? HASTE : 1;
        long past = (now.getAsLong() - seat.since) * haste;
        return switch (seat.phase) {
            case IDLE -> past > IDLE_MAX.toMillis();
            case HEADER -> past > HEADER_MAX.toMillis();
            case BODY ->
                past > BODY_MAX.toMillis()
                        || past > BODY_FREE.toMillis() + seat.moved * 1000 / BODY_BYTES_PER_SECOND_MIN;
            case WORK -> false;
            case ANSWER ->
                (now.getAsLong() - seat.last) * haste > STALL_MAX.toMillis()
                        || past > STALL_MAX.toMillis() + seat.moved * 1000 / ANSWER_BYTES_PER_SECOND_MIN;
        };
    }

    /// Of one client what is idle gives way, and then what stands still: a browser beside a broken program of the same
    /// office, or behind the same proxy, comes in.
    private boolean giveWayToItsOwn(String client) {
        long still = now.getAsLong() - STILL_MIN.toMillis();
        return giveWay(Phase.IDLE, seat -> seat.client.equals(client))
                || giveWay(Phase.ANSWER, seat -> seat.client.equals(client) && seat.last <= still);
    }

    /// Ends one connection of those, the idlest of the greediest; false when there is none.
    ///
    /// @param upTo idle ones only, or all but those that are worked on
    private boolean giveWay(Phase upTo, Predicate<Seat> whose) {
        Map<String, Long> counts = counts();
        Optional<Seat> victim = seats.stream()
                .filter(seat -> upTo == Phase.IDLE ? seat.phase == Phase.IDLE : seat.phase != Phase.WORK)
                .filter(whose)
                .max(Comparator.<Seat>comparingLong(seat -> counts.get(seat.client))
                        .thenComparing(seat -> seat.phase == Phase.IDLE)
                        .thenComparingLong(seat -> -seat.since));
        victim.ifPresent(seat -> end(seat, false));
        return victim.isPresent();
    }

    private void end(Seat seat, boolean late) {
        Phase was = seat.phase;
        leave(seat);
        seat.ending.end(was, late);
    }

    private long count(String client) {
        return seats.stream().filter(seat -> seat.client.equals(client)).count();
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        seats.forEach(seat -> counts.merge(seat.client, 1L, Long::sum));
        return counts;
    }

    private long held(Predicate<Seat> whose) {
        return seats.stream().filter(whose).mapToLong(seat -> seat.held).sum();
    }
}
