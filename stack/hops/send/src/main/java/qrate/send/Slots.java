package qrate.send;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import qrate.core.Figure;
import qrate.core.Verdict;
import qrate.qcontrol.Channel;

/// How many deliveries each channel carries, and who waits for a free slot.
///
/// A local delivery takes a slot of its own. A remote job takes one slot however many recipients it has, because it
/// is one transaction with one host.
// DEVIATION: qmail-send has one recipient a delivery, and so one slot a recipient, on the remote channel too.
final class Slots {
    /// Who waits for a slot.
    ///
    /// @param fresh whether it came since the start and was never tried
    record Waiting(Backlog.Entry entry, boolean fresh) {}

    /// Most jobs whose hosts let them wait, beside those that take slots.
    static final int WAITING_MAX = 500;

    private static final class Lane {
        final int most;
        int used;
        int waiting;
        final Fifo fresh = new Fifo();
        final Fifo old = new Fifo();
        boolean freshTurn = true;
        long delivered;
        long deferred;
        long refused;

        Lane(int most) {
            this.most = most;
        }
    }

    private final Lane local;
    private final Lane remote;
    private final Predicate<Channel> ready;
    private String said = "";
    private boolean exiting;

    /// @param ready whether a channel's spawner takes deliveries now
    Slots(Settings settings, Predicate<Channel> ready) {
        this.ready = ready;
        this.local = new Lane(settings.local());
        this.remote = new Lane(settings.remote());
    }

    int free(Channel channel) {
        return isReady(channel) ? Math.max(0, lane(channel).most - lane(channel).used) : 0;
    }

    boolean isReady(Channel channel) {
        return ready.test(channel);
    }

    boolean allReady() {
        return isReady(Channel.LOCAL) && isReady(Channel.REMOTE);
    }

    int used(Channel channel) {
        return lane(channel).used;
    }

    /// Those that take slots, and those whose hosts let them wait.
    int flying(Channel channel) {
        return lane(channel).used + lane(channel).waiting;
    }

    /// How many recipients the next job may have.
    int room(Channel channel) {
        return switch (channel) {
            case LOCAL -> free(channel);
            case REMOTE -> free(channel) > 0 ? Integer.MAX_VALUE : 0;
        };
    }

    void launched(Flight flight) {
        lane(flight.channel()).used +=
                flight.channel() == Channel.LOCAL ? flight.numbers().size() : 1;
    }

    /// A job's host lets it wait, or does so no longer. When it goes on there may for a while be more of them than
    /// slots: it speaks to its host only when the spawner has a turn for it.
    // DEVIATION: qmail-send's slots are taken by hosts that do not answer as well, for as long as they may take.
    void waits(Flight flight, boolean waits) {
        Lane lane = lane(flight.channel());
        boolean fits = !waits || lane.waiting < WAITING_MAX;
        if (flight.channel() == Channel.REMOTE && flight.out() && flight.waiting() != waits && fits) {
            flight.waiting(waits);
            lane.waiting += waits ? 1 : -1;
            lane.used += waits ? -1 : 1;
        }
    }

    /// One delivery of a job is over and recorded.
    void landed(Flight flight, Verdict end) {
        switch (end) {
            case Verdict.Delivered _ -> lane(flight.channel()).delivered++;
            case Verdict.Later _ -> lane(flight.channel()).deferred++;
            case Verdict.Never _ -> lane(flight.channel()).refused++;
        }
        boolean last = flight.landed();
        if (last && flight.waiting()) {
            lane(flight.channel()).waiting--;
        } else if (last || flight.channel() == Channel.LOCAL) {
            lane(flight.channel()).used--;
        }
    }

    /// Puts a message in line.
    void line(Channel channel, long id, long birth, boolean fresh) {
        (fresh ? lane(channel).fresh : lane(channel).old).add(id, birth);
    }

    /// Takes the next in line, those who came lately and those who came before in turn.
    Optional<Waiting> take(Channel channel) {
        Lane lane = lane(channel);
        boolean fresh = lane.fresh.size() > 0 && (lane.freshTurn || lane.old.size() == 0);
        Fifo line = fresh ? lane.fresh : lane.old;
        if (line.size() == 0) {
            return Optional.empty();
        }
        lane.freshTurn = !fresh;
        return Optional.of(new Waiting(line.take(), fresh));
    }

    /// Takes a message out of every line it stands in.
    Optional<Backlog.Entry> remove(long id) {
        Optional<Backlog.Entry> found = Optional.empty();
        for (Fifo line : List.of(local.fresh, local.old, remote.fresh, remote.old)) {
            Optional<Backlog.Entry> here = line.remove(id);
            found = here.isPresent() ? here : found;
        }
        return found;
    }

    boolean contains(long id) {
        return local.fresh.contains(id)
                || local.old.contains(id)
                || remote.fresh.contains(id)
                || remote.old.contains(id);
    }

    void each(Backlog.Visitor visitor) {
        local.fresh.each(visitor);
        local.old.each(visitor);
        remote.fresh.each(visitor);
        remote.old.each(visitor);
    }

    /// Counts those who wait for a slot, but for some.
    void census(Census census, Set<Long> without) {
        for (Channel channel : Channel.values()) {
            Backlog.Visitor visitor = (id, birth) -> {
                if (!without.contains(id)) {
                    census.of(channel).count(birth);
                }
            };
            lane(channel).fresh.births(visitor);
            lane(channel).old.births(visitor);
        }
    }

    /// What came of deliveries, and how many are out.
    List<Figure.Sample> samples() {
        List<Figure.Sample> all = new ArrayList<>();
        for (Channel channel : Channel.values()) {
            Lane lane = lane(channel);
            all.add(Figure.DELIVERIES.of(lane.delivered, channel.word(), "success"));
            all.add(Figure.DELIVERIES.of(lane.deferred, channel.word(), "temporary"));
            all.add(Figure.DELIVERIES.of(lane.refused, channel.word(), "permanent"));
            all.add(Figure.UNDER_WAY.of(lane.used, channel.word()));
            all.add(Figure.UNANSWERED.of(lane.waiting, channel.word()));
            all.add(Figure.UNDER_WAY_LIMIT.of(lane.most, channel.word()));
        }
        return all;
    }

    void exiting() {
        exiting = true;
    }

    /// The status line of qmail-log(5), if it changed.
    Optional<String> status() {
        String now = "status: local " + local.used + "/" + local.most + " remote " + remote.used + "/" + remote.most
                + (exiting ? " exitasap" : "");
        if (now.equals(said)) {
            return Optional.empty();
        }
        said = now;
        return Optional.of(now);
    }

    private Lane lane(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }
}
