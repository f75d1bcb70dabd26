package qrate.send;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.core.Figure;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl;

/// Where a message can be, by what it waits for.
///
/// @param newcomers for its first attempt
/// @param backlog for its time
/// @param slots for a free slot
/// @param held for an administrator
/// @param active for answers
record Places(Fifo newcomers, Backlog backlog, Slots slots, Backlog held, Map<Long, Active> active) {
    Places(Slots slots) {
        this(new Fifo(), new Backlog(), slots, new Backlog(), new HashMap<>());
    }

    /// Takes a message out of wherever it waits; not one that is active.
    Optional<Backlog.Entry> take(long id) {
        return backlog.remove(id)
                .or(() -> newcomers.remove(id))
                .or(() -> slots.remove(id))
                .or(() -> held.remove(id));
    }

    QueueControl.Stat stat(Settings settings) {
        long[] lined = new long[1];
        slots.each((id, _) -> lined[0] += active.containsKey(id) ? 0 : 1);
        return new QueueControl.Stat(
                (long) newcomers.size() + backlog.size() + held.size() + active.size() + lined[0],
                slots.used(Channel.LOCAL),
                settings.local(),
                slots.used(Channel.REMOTE),
                settings.remote());
    }

    /// What an operator watches.
    ///
    /// @param now in milliseconds since 1970
    List<Figure.Sample> samples(long now) {
        Census census = new Census();
        newcomers.births((_, birth) -> census.todo().count(birth));
        backlog.census(census);
        slots.census(census, active.keySet());
        held.census(census.held());
        for (Active a : active.values()) {
            for (Channel channel : Channel.values()) {
                if (!a.held() && a.recipients().owes(channel)) {
                    census.of(channel).count(a.birth());
                }
            }
            if (a.held()) {
                census.held().count(a.birth());
            }
        }
        List<Figure.Sample> all = new ArrayList<>(census.samples(now));
        all.add(Figure.ACCEPTED.of(newcomers.added()));
        all.addAll(slots.samples());
        return all;
    }

    /// The messages with the smallest ids above `after`.
    List<Desk.Waiting> waiting(int limit, long after) {
        TreeMap<Long, Desk.Waiting> first = new TreeMap<>();
        boolean[] holding = new boolean[1];
        Backlog.Visitor visitor = (id, due) -> {
            if (id > after && (first.size() < limit || id < first.lastKey())) {
                first.put(id, new Desk.Waiting(id, due, holding[0]));
                if (first.size() > limit) {
                    first.pollLastEntry();
                }
            }
        };
        if (limit > 0) {
            newcomers.each(visitor);
            backlog.each(visitor);
            slots.each(visitor);
            active.values().stream().filter(a -> !a.held()).forEach(a -> visitor.visit(a.id(), 0));
            holding[0] = true;
            active.values().stream().filter(Active::held).forEach(a -> visitor.visit(a.id(), 0));
            held.each(visitor);
        }
        return List.copyOf(first.values());
    }

    /// Held messages with the largest ids below `before`, the largest first.
    List<Desk.Waiting> held(int limit, long before) {
        TreeMap<Long, Desk.Waiting> last = new TreeMap<>(Comparator.reverseOrder());
        held.each((id, due) -> {
            if (id < before && (last.size() < limit || id > last.lastKey())) {
                last.put(id, new Desk.Waiting(id, due, true));
                if (last.size() > limit) {
                    last.pollLastEntry();
                }
            }
        });
        return List.copyOf(last.values());
    }

    /// Held messages that were never tried and came at a time or before, those with the smallest ids above `after`.
    List<Long> old(int limit, long birth, long after) {
        TreeSet<Long> first = new TreeSet<>();
        held.untried(birth, id -> {
            if (id > after && (first.size() < limit || id < first.last())) {
                first.add(id);
                if (first.size() > limit) {
                    first.pollLast();
                }
            }
        });
        return List.copyOf(first);
    }

    /// Messages with a delivery that is out or not recorded yet.
    int busy() {
        return (int) active.values().stream().filter(Active::busy).count();
    }
}
