package qrate.send;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import qrate.address.Routing;
import qrate.core.Verdict;
import qrate.qcontrol.Channel;
import qrate.queue.Queue.Message;
import qrate.queue.Queue.State;

/// A message somebody works at: deliveries are on their way, wait for a slot, or wait to be recorded.
///
/// Owned by {@link Scheduler}, under its lock.
final class Active {
    /// Where one recipient stands.
    enum Stage {
        /// owed, and to be started as soon as there is a slot
        OWED,
        /// with the spawner: never started twice
        FLYING,
        /// answered, and the answer is not durable yet: not started again either
        ANSWERED,
        /// owed, but not before the channel's next time
        DEFERRED,
        /// over, durably
        OVER
    }

    /// What an administrator wants of it once nothing flies any more.
    enum Order {
        NONE,
        BOUNCE,
        DROP
    }

    /// One delivery's answer on its way to the queue.
    static final class Answer {
        final Flight flight;
        final int number;
        final Verdict verdict;

        Answer(Flight flight, int number, Verdict verdict) {
            this.flight = flight;
            this.number = number;
            this.verdict = verdict;
        }
    }

    /// One job that is out.
    static final class Flight {
        final Channel channel;
        /// delivery number of the first of `numbers` in the log; the others follow
        final long first;
        final List<Integer> numbers;
        /// whether this attempt is the last one
        final boolean dying;
        /// deliveries that were not answered yet: a second answer to one counts for no later flight
        final Set<Integer> awaited;
        /// deliveries without a durable answer
        int open;

        Flight(Channel channel, long first, List<Integer> numbers, boolean dying) {
            this.channel = channel;
            this.first = first;
            this.numbers = numbers;
            this.dying = dying;
            this.awaited = new HashSet<>(numbers);
            this.open = numbers.size();
        }

        long delivery(int number) {
            return first + numbers.indexOf(number);
        }
    }

    /// One way out of the queue, as this message sees it.
    static final class Way {
        /// recipients with the spawner or unsettled
        int flying;
        /// entries in the line for a slot
        int lined;
        /// when deferred recipients are due
        long next = Backlog.NEVER;
        /// when the last recipient was started
        long attempted;
        /// whether somebody really tried
        boolean tried;
    }

    final Message message;
    final List<Routing.Route> routes;
    final boolean fresh;
    final Stage[] stages;
    final Way local = new Way();
    final Way remote = new Way();
    List<Answer> answers = new ArrayList<>();
    boolean settling;
    /// nothing is started any more: it ends, or goes back to wait
    boolean leaving;
    boolean refused;
    long troubleUntil;
    /// an administrator holds it: nothing is started any more, and it goes back to wait with those that are held
    boolean held;
    /// how often something of it was recorded, or could not be
    long records;
    /// what the last temporary failure of each recipient said
    final Map<Integer, String> late = new TreeMap<>();
    Order order = Order.NONE;

    Active(Message message, List<Routing.Route> routes, boolean fresh) {
        this.message = message;
        this.routes = routes;
        this.fresh = fresh;
        this.stages = new Stage[message.states().size()];
        for (int i = 0; i < stages.length; i++) {
            switch (message.states().get(i)) {
                case State.Pending _ -> stages[i] = Stage.OWED;
                case State.Delivered _ -> stages[i] = Stage.OVER;
                case State.Refused _ -> {
                    stages[i] = Stage.OVER;
                    refused = true;
                }
            }
        }
    }

    long id() {
        return message.id();
    }

    long birth() {
        return message.birth().toEpochMilli();
    }

    Way way(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }

    boolean has(Channel channel, Stage stage) {
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] == stage && routes.get(i).channel() == channel) {
                return true;
            }
        }
        return false;
    }

    /// Whether a recipient of a channel is not over.
    boolean owes(Channel channel) {
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] != Stage.OVER && routes.get(i).channel() == channel) {
                return true;
            }
        }
        return false;
    }

    /// Recipients of a channel that may be started.
    List<Integer> owed(Channel channel) {
        List<Integer> owed = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] == Stage.OWED && routes.get(i).channel() == channel) {
                owed.add(i);
            }
        }
        return owed;
    }

    /// The channels on which something is to be done now; what is owed on the other one keeps its time.
    ///
    /// @param entry as it stood in the backlog
    /// @param ready whether a channel's spawner is there; in the line for one that is away, a message that
    ///     the other has to do with as well would stay in work, and crowd out others
    List<Channel> due(Backlog.Entry entry, long now, Predicate<Channel> ready) {
        List<Channel> all = new ArrayList<>();
        boolean both = has(Channel.LOCAL, Stage.OWED) && has(Channel.REMOTE, Stage.OWED);
        for (Channel channel : Channel.values()) {
            long planned = channel == Channel.LOCAL ? entry.local() : entry.remote();
            boolean due = planned <= now || planned == Backlog.NEVER;
            boolean away = due && both && !ready.test(channel);
            if (due && !away && has(channel, Stage.OWED)) {
                all.add(channel);
            } else if (has(channel, Stage.OWED)) {
                move(channel, Stage.OWED, Stage.DEFERRED);
                way(channel).next = away ? now + Schedule.NO_ANSWER_MILLIS : planned;
            }
        }
        return all;
    }

    /// Moves every recipient of a channel from one stage to another.
    void move(Channel channel, Stage from, Stage to) {
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] == from && routes.get(i).channel() == channel) {
                stages[i] = to;
            }
        }
    }

    /// Whether every recipient is over.
    boolean over() {
        return Arrays.stream(stages).allMatch(stage -> stage == Stage.OVER);
    }

    /// Whether nothing is on its way: only the clock or the administrator can move it on.
    boolean resting() {
        return !settling && answers.isEmpty() && local.flying + remote.flying + local.lined + remote.lined == 0;
    }
}
