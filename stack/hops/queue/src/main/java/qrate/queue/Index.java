package qrate.queue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What is owed, in memory: some 70 bytes a message; envelopes, reasons and bodies stay on the disk.
///
/// Changed by one thread (replay, then the committer), each method under the lock of this object. A record means
/// the same here whether it was just written or is replayed.
final class Index {
    /// One message that is not over.
    static final class Slot {
        final long id;
        final long birth;
        long attempted;
        Segment segment;
        int offset;
        int bytes;
        final int recipients;
        int pending;
        final boolean file;
        /// Whether the listener was told, so that the list for the start leaves it out.
        boolean announced;
        boolean held;
        boolean warned;
        /// Null as long as nobody's delivery ended, as for nearly every message.
        private Ends ends;

        Slot(Entry.Message message, Place place) {
            id = message.id();
            birth = message.birth();
            attempted = message.attempted();
            segment = place.segment;
            offset = place.offset;
            bytes = place.bytes;
            recipients = message.recipients();
            pending = recipients;
            file = message.body() instanceof Entry.Stored.File;
            held = message.marks().held();
            warned = message.marks().warned();
        }

        Entry.Marks marks() {
            return new Entry.Marks(held, warned);
        }

        /// Whether the delivery to this recipient ended.
        boolean over(int number) {
            return ends != null && get(ends.over, number);
        }

        /// Whether it ended badly.
        boolean refused(int number) {
            return ends != null && get(ends.refused, number);
        }

        /// Records that hold the reasons.
        List<Place> reasons() {
            return ends == null ? List.of() : List.copyOf(ends.reasons);
        }

        private boolean anyRefused() {
            return ends != null && !ends.reasons.isEmpty();
        }
    }

    private static final class Ends {
        final long[] over;
        final long[] refused;
        final List<Place> reasons = new ArrayList<>(1);

        Ends(int recipients) {
            over = new long[(recipients + 63) >>> 6];
            refused = new long[over.length];
        }
    }

    /// Where a record stands.
    record Place(Segment segment, int offset, int bytes) {
        Queue.Mark mark() {
            return new Queue.Mark(segment.number(), offset);
        }
    }

    private Slot[] table = new Slot[64];
    private int count;

    /// How many messages are not over.
    synchronized int size() {
        return count;
    }

    synchronized Optional<Slot> get(long id) {
        return Optional.ofNullable(table[find(id)]);
    }

    /// Ids of what is not over, rising.
    synchronized long[] ids() {
        long[] ids = new long[count];
        int n = 0;
        for (Slot slot : table) {
            if (slot != null) {
                ids[n++] = slot.id;
            }
        }
        Arrays.sort(ids);
        return ids;
    }

    /// Ids of the messages whose record stands in a segment.
    synchronized long[] idsIn(Segment segment) {
        return Arrays.stream(table)
                .filter(slot -> slot != null && slot.segment == segment)
                .mapToLong(slot -> slot.id)
                .sorted()
                .toArray();
    }

    /// Takes a record; gives the messages that it ends.
    synchronized List<Slot> apply(Entry entry, Place place) {
        return switch (entry) {
            case Entry.Message message -> message(message, place);
            case Entry.Settled settled -> settled(settled, place);
            case Entry.Deferred deferred -> {
                get(deferred.id()).ifPresent(slot -> slot.attempted = deferred.attempted());
                yield List.of();
            }
            case Entry.Dropped dropped -> remove(dropped.id(), place);
            case Entry.Held held -> {
                get(held.id()).ifPresent(slot -> slot.held = held.held());
                yield List.of();
            }
            case Entry.Traced _ -> List.of();
        };
    }

    private List<Slot> message(Entry.Message message, Place place) {
        Slot slot = new Slot(message, place);
        get(message.id()).ifPresent(before -> slot.announced = before.announced);
        unlink(message.id());
        put(slot);
        place.segment.live++;
        place.segment.liveBytes += place.bytes;
        end(slot, message.endings(), place);
        List<Slot> over = new ArrayList<>();
        if (message.ends() != 0) {
            over.addAll(remove(message.ends(), place));
        }
        Entry.About about = message.about();
        get(about.id()).filter(_ -> about.late()).ifPresent(reported -> reported.warned = true);
        if (!about.endings().isEmpty()) {
            over.addAll(settled(new Entry.Settled(about.id(), about.endings()), place));
        }
        return over;
    }

    /// Whether nothing that a report tells of was told or recorded before.
    synchronized boolean unreported(Entry.About about) {
        return get(about.id())
                .filter(slot -> !(about.late() && slot.warned))
                .filter(slot -> about.endings().stream().noneMatch(ending -> slot.over(ending.number())))
                .isPresent();
    }

    private List<Slot> settled(Entry.Settled settled, Place place) {
        Slot slot = table[find(settled.id())];
        if (slot == null) {
            return List.of();
        }
        end(slot, settled.endings(), place);
        return slot.pending == 0 && !slot.anyRefused() ? remove(slot.id, place) : List.of();
    }

    private static void end(Slot slot, List<Queue.Ending> endings, Place place) {
        if (slot.recipients == 1 && endings.size() == 1 && endings.getFirst() instanceof Queue.Ending.Done(int n)) {
            slot.pending -= n == 0 && !slot.over(0) ? 1 : 0;
            return;
        }
        boolean refused = false;
        for (Queue.Ending ending : endings) {
            int number = ending.number();
            if (number < 0 || number >= slot.recipients || slot.over(number)) {
                continue;
            }
            if (slot.ends == null) {
                slot.ends = new Ends(slot.recipients);
            }
            set(slot.ends.over, number);
            slot.pending--;
            if (ending instanceof Queue.Ending.Failed) {
                set(slot.ends.refused, number);
                refused = true;
            }
        }
        if (refused) {
            slot.ends.reasons.add(place);
        }
    }

    private List<Slot> remove(long id, Place end) {
        Optional<Slot> slot = unlink(id);
        slot.ifPresent(gone -> gone.segment.lastEnd = end.mark());
        return slot.map(List::of).orElse(List.of());
    }

    private Optional<Slot> unlink(long id) {
        int at = find(id);
        Slot slot = table[at];
        if (slot == null) {
            return Optional.empty();
        }
        slot.segment.live--;
        slot.segment.liveBytes -= slot.bytes;
        table[at] = null;
        count--;
        // open addressing: whoever stands behind the hole may have been pushed past it
        for (int next = (at + 1) & (table.length - 1); table[next] != null; next = (next + 1) & (table.length - 1)) {
            Slot moved = table[next];
            table[next] = null;
            table[find(moved.id)] = moved;
        }
        return Optional.of(slot);
    }

    private void put(Slot slot) {
        if (++count > table.length / 2 + table.length / 4) {
            Slot[] before = table;
            table = new Slot[before.length * 2];
            for (Slot old : before) {
                if (old != null) {
                    table[find(old.id)] = old;
                }
            }
        }
        table[find(slot.id)] = slot;
    }

    /// Where an id stands or would stand.
    private int find(long id) {
        int at = (int) ((id * 0x9E3779B97F4A7C15L) >>> 33) & (table.length - 1);
        while (table[at] != null && table[at].id != id) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private static boolean get(long[] bits, int number) {
        return (bits[number >>> 6] & 1L << number) != 0;
    }

    private static void set(long[] bits, int number) {
        bits[number >>> 6] |= 1L << number;
    }
}
