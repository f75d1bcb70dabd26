package qrate.admin;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    /// @param tooMany whether another was asked for, and there are too many for it
    record Shown(List<QueueControl.Item> items, Paging.Around around, Sorting sorting, boolean tooMany) {}

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
        Optional<List<Key>> keys = asked.plain() ? Optional.empty() : keys();
        if (keys.isPresent()) {
            Comparator<Key> order = order(asked.column());
            List<Key> all = keys.get().stream()
                    .sorted(asked.down() ? order.reversed() : order)
                    .toList();
            Slice.Part<Key> part = Sorting.part(all, Paging.of(request), Key::text);
            List<QueueControl.Item> items = new ArrayList<>();
            for (Key key : part.rows()) {
                one(queue, key.id).ifPresent(items::add);
            }
            return new Shown(items, Paging.around(path, asked.fixed(), part, Key::text), asked, false);
        }
        String after = request.form(Paging.AFTER);
        List<QueueControl.Item> items = asked.plain() && after.matches("[0-9]{1,18}")
                ? queue.list(QueuePages.PAGE_MESSAGES, Long.parseLong(after))
                : queue.list(QueuePages.PAGE_MESSAGES, 0);
        boolean later = items.size() == QueuePages.PAGE_MESSAGES;
        Slice.Part<QueueControl.Item> part =
                new Slice.Part<>(items, false, later, queue.stat().messages());
        Sorting plain = asked.unsorted();
        return new Shown(
                items,
                Paging.around(path, plain.fixed(), part, item -> Long.toString(item.id())),
                plain,
                !asked.plain());
    }

    /// The message of a number.
    static Optional<QueueControl.Item> one(QueueControl queue, long id) throws IOException {
        return queue.list(1, id - 1).stream().filter(item -> item.id() == id).findFirst();
    }

    /// Of all of them; empty where they are too many to be put in order.
    private Optional<List<Key>> keys() throws IOException {
        if (queue.stat().messages() > Sorting.ROWS_MAX) {
            return Optional.empty();
        }
        List<Key> keys = new ArrayList<>();
        List<QueueControl.Item> some;
        do {
            some = queue.list(QueuePages.PAGE_MESSAGES, keys.isEmpty() ? 0 : keys.getLast().id);
            some.forEach(item -> keys.add(Key.of(item)));
        } while (some.size() == QueuePages.PAGE_MESSAGES && keys.size() <= Sorting.ROWS_MAX);
        return keys.size() > Sorting.ROWS_MAX ? Optional.empty() : Optional.of(keys);
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
