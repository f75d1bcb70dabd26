package qrate.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.Address;
import qrate.core.Slice;
import qrate.qcontrol.QueueControl;

/// Messages of the queue in the order of their numbers, which the queue gives them in, or of something else: then it is
/// asked for all of them, a page at a time, and of each no more is kept than what it is put in order by. A message may
/// have thousands of recipients.
record QueueTable(QueueControl queue) {
    /// What they can be in order of, that of the queue first.
    static final List<String> COLUMNS = List.of("number", "to", "from", "since", "next", "size");

    /// A part of the table.
    ///
    /// @param around where the other parts are; in the order of the queue only behind it
    /// @param sorting the order that it is in
    /// @param tooMany whether another was asked for, or some of them, and there are too many for it
    /// @param query what is looked for in senders and recipients; may be empty
    /// @param destinations where most of them go; empty where there are too many to be counted
    /// @param span of all of them; empty where there are none, or too many
    record Shown(
            List<QueueControl.Item> items,
            Paging.Around around,
            Sorting sorting,
            boolean tooMany,
            String query,
            List<Destination> destinations,
            Optional<Span> span) {}

    /// How long the queue has waited and will wait.
    ///
    /// @param oldest when the oldest message came
    /// @param next when the next attempt is due; empty where all are held
    record Span(Instant oldest, Optional<Instant> next) {}

    /// Where messages go.
    ///
    /// @param messages how many are still to get to somebody there
    record Destination(String domain, int messages) {}

    /// Most of these that are shown.
    static final int DESTINATIONS_MAX = 10;

    /// What was read of all messages.
    private static final class Read {
        private final List<Key> keys = new ArrayList<>();
        private final Map<String, Integer> domains = new HashMap<>();
        private int messages;
        private Instant oldest = Instant.MAX;
        private Instant next = Instant.MAX;

        Optional<Span> span() {
            return oldest.equals(Instant.MAX)
                    ? Optional.empty()
                    : Optional.of(new Span(oldest, next.equals(Instant.MAX) ? Optional.empty() : Optional.of(next)));
        }

        void take(QueueControl.Item item, String query) {
            messages++;
            oldest = item.birth().isBefore(oldest) ? item.birth() : oldest;
            next = item.held() || item.next().isAfter(next) ? next : item.next();
            List<String> owed = QueueActs.owed(item);
            owed.stream()
                    .map(address -> Address.of(address).domain().toLowerCase(Locale.ROOT))
                    .distinct()
                    .forEach(domain -> domains.merge(domain, 1, Integer::sum));
            boolean fits = Stream.concat(Stream.of(item.sender()), owed.stream())
                    .anyMatch(address -> address.toLowerCase(Locale.ROOT).contains(query));
            if (fits) {
                keys.add(Key.of(item));
            }
        }

        List<Destination> destinations() {
            return domains.entrySet().stream()
                    .map(one -> new Destination(one.getKey(), one.getValue()))
                    .sorted(Comparator.comparingInt(Destination::messages)
                            .reversed()
                            .thenComparing(Destination::domain))
                    .limit(DESTINATIONS_MAX)
                    .toList();
        }
    }

    /// A message, as far as it is put in order.
    ///
    /// @param to the first who is still to get it, by domain
    private record Key(long id, String to, String from, Instant since, Instant next, long size) {
        static Key of(QueueControl.Item item) {
            Address to = Address.of(QueueActs.owed(item).stream().findFirst().orElse(""));
            return new Key(
                    item.id(),
                    (to.domain() + " " + to.local()).toLowerCase(Locale.ROOT),
                    item.sender().toLowerCase(Locale.ROOT),
                    item.birth(),
                    item.next(),
                    item.size());
        }

        String text() {
            return Long.toString(id);
        }
    }

    /// The part that a request asks for.
    Shown of(Request request, String path) throws IOException {
        Sorting asked = Sorting.of(request, path, COLUMNS);
        String query = Paging.query(request);
        boolean own = asked.plain() && query.isEmpty();
        Optional<Read> read = read(query);
        List<Destination> destinations = read.map(Read::destinations).orElse(List.of());
        Optional<Span> span = read.flatMap(Read::span);
        if (read.isPresent() && !own) {
            Comparator<Key> order = order(asked.column());
            List<Key> all = read.get().keys.stream()
                    .sorted(asked.down() ? order.reversed() : order)
                    .toList();
            Slice.Part<Key> part = Sorting.part(all, Paging.of(request), Key::text);
            List<QueueControl.Item> items = new ArrayList<>();
            for (Key key : part.rows()) {
                one(queue, key.id).ifPresent(items::add);
            }
            return new Shown(
                    items,
                    Paging.around(path, asked.fixed(), part, Key::text),
                    asked,
                    false,
                    query,
                    destinations,
                    span);
        }
        long after = own ? Paging.number(request, Paging.AFTER).orElse(0L) : 0;
        List<QueueControl.Item> items = queue.list(QueuePages.PAGE_MESSAGES, after);
        boolean later = items.size() == QueuePages.PAGE_MESSAGES;
        Slice.Part<QueueControl.Item> part =
                new Slice.Part<>(items, false, later, queue.stat().messages());
        Sorting plain = asked.unsorted();
        return new Shown(
                items,
                Paging.around(path, plain.fixed(), part, item -> Long.toString(item.id())),
                plain,
                !own,
                query,
                destinations,
                span);
    }

    /// The message of a number.
    static Optional<QueueControl.Item> one(QueueControl queue, long id) throws IOException {
        return queue.list(1, id - 1).stream().filter(item -> item.id() == id).findFirst();
    }

    /// Reads all of them; empty where they are too many for that.
    private Optional<Read> read(String query) throws IOException {
        if (queue.stat().messages() > Sorting.ROWS_MAX) {
            return Optional.empty();
        }
        Read read = new Read();
        long last = 0;
        List<QueueControl.Item> some;
        do {
            some = queue.list(QueuePages.PAGE_MESSAGES, last);
            some.forEach(item -> read.take(item, query));
            last = some.isEmpty() ? 0 : some.getLast().id();
        } while (some.size() == QueuePages.PAGE_MESSAGES && read.messages <= Sorting.ROWS_MAX);
        return read.messages > Sorting.ROWS_MAX ? Optional.empty() : Optional.of(read);
    }

    private static Comparator<Key> order(String column) {
        Comparator<Key> order = switch (column) {
            case "to" -> Comparator.comparing(Key::to);
            case "from" -> Comparator.comparing(Key::from);
            case "since" -> Comparator.comparing(Key::since);
            case "next" -> Comparator.comparing(Key::next);
            case "size" -> Comparator.comparingLong(Key::size);
            default -> Comparator.comparingLong(Key::id);
        };
        return order.thenComparingLong(Key::id);
    }
}
