package qrate.send;

import java.util.ArrayList;
import java.util.List;
import qrate.core.Figure;
import qrate.qcontrol.Channel;

/// How many messages wait for what, and since when the first of them is here.
///
/// @param todo newcomers, before their first attempt
/// @param local with local recipients that are owed
/// @param remote with remote ones; after a start a message whose recipients were not read yet counts for both
/// @param held by an administrator
record Census(Kind todo, Kind local, Kind remote, Kind held) {
    Census() {
        this(new Kind(), new Kind(), new Kind(), new Kind());
    }

    /// Messages of one kind.
    static final class Kind {
        private long messages;
        private long oldest = Long.MAX_VALUE;

        /// @param birth in milliseconds since 1970
        void count(long birth) {
            messages++;
            oldest = Math.min(oldest, birth);
        }

        private void add(List<Figure.Sample> all, String name, long now) {
            all.add(Figure.WAITING.of(messages, name));
            all.add(Figure.OLDEST.of(messages == 0 ? 0 : Math.max(0, (now - oldest) / 1000), name));
        }
    }

    Kind of(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }

    List<Figure.Sample> samples(long now) {
        List<Figure.Sample> all = new ArrayList<>();
        todo.add(all, "todo", now);
        local.add(all, "local", now);
        remote.add(all, "remote", now);
        held.add(all, "held", now);
        return all;
    }
}
