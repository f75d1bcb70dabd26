package qrate.send;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl;

/// Where a message can be, by what it waits for.
///
/// @param newcomers for its first attempt
/// @param backlog for its time
/// @param slots for a free slot
/// @param active for answers
record Places(Line newcomers, Backlog backlog, Slots slots, Map<Long, Active> active) {
    QueueControl.Stat stat(Settings settings) {
        long[] lined = new long[1];
        slots.each((id, _) -> lined[0] += active.containsKey(id) ? 0 : 1);
        return new QueueControl.Stat(
                (long) newcomers.size() + backlog.size() + active.size() + lined[0],
                slots.used(Channel.LOCAL),
                settings.local(),
                slots.used(Channel.REMOTE),
                settings.remote());
    }

    /// The messages with the smallest ids above `after`.
    List<Desk.Waiting> waiting(int limit, long after) {
        TreeMap<Long, Long> first = new TreeMap<>();
        Backlog.Visitor visitor = (id, due) -> {
            if (id > after && (first.size() < limit || id < first.lastKey())) {
                first.put(id, due);
                if (first.size() > limit) {
                    first.pollLastEntry();
                }
            }
        };
        if (limit > 0) {
            newcomers.each(visitor);
            backlog.each(visitor);
            slots.each(visitor);
            active.keySet().forEach(id -> visitor.visit(id, 0));
        }
        return first.entrySet().stream()
                .map(entry -> new Desk.Waiting(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// Messages with a delivery that is out or not recorded yet.
    int busy() {
        return (int) active.values().stream()
                .filter(a -> a.settling || a.local.flying + a.remote.flying > 0)
                .count();
    }
}
