package qrate.send;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import qrate.address.Routing;
import qrate.core.Verdict;
import qrate.qcontrol.Channel;
import qrate.queue.Queue.Message;
import qrate.queue.Queue.State;

/// The recipients of a message in work, each at its {@link Stage}, and what the two channels have to do with
/// them.
///
/// Here alone they go from stage to stage; whoever asks for a way that there is none where a recipient stands
/// gets an IllegalStateException.
final class Recipients {
    /// One way out of the queue, as this message sees it.
    private static final class Way {
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

    private static final Stage.Owed OWED = new Stage.Owed(Optional.empty());
    private static final Stage.Over DELIVERED = new Stage.Over(false);
    private static final Stage.Over REFUSED = new Stage.Over(true);

    private final long birth;
    private final List<Routing.Route> routes;
    private final Stage[] stages;
    private final Way local = new Way();
    private final Way remote = new Way();

    /// @param routes of each
    Recipients(Message message, List<Routing.Route> routes) {
        this.birth = message.birth().toEpochMilli();
        this.routes = routes;
        this.stages = new Stage[message.states().size()];
        for (int i = 0; i < stages.length; i++) {
            stages[i] = switch (message.states().get(i)) {
                case State.Pending _ -> OWED;
                case State.Delivered _ -> DELIVERED;
                case State.Refused _ -> REFUSED;
            };
        }
    }

    Routing.Route route(int number) {
        return routes.get(number);
    }

    private Way way(Channel channel) {
        return switch (channel) {
            case LOCAL -> local;
            case REMOTE -> remote;
        };
    }

    private List<Integer> numbers(Channel channel, Class<? extends Stage> stage) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            if (stage.isInstance(stages[i]) && routes.get(i).channel() == channel) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    private boolean has(Channel channel, Class<? extends Stage> stage) {
        for (int i = 0; i < stages.length; i++) {
            if (stage.isInstance(stages[i]) && routes.get(i).channel() == channel) {
                return true;
            }
        }
        return false;
    }

    private <S extends Stage> S at(int number, Class<S> stage) {
        if (!stage.isInstance(stages[number])) {
            throw new IllegalStateException("recipient " + number + " is " + stages[number]);
        }
        return stage.cast(stages[number]);
    }

    /// Recipients of a channel that may be started.
    List<Integer> owed(Channel channel) {
        return numbers(channel, Stage.Owed.class);
    }

    /// Whether a recipient of a channel is not over.
    boolean owes(Channel channel) {
        for (int i = 0; i < stages.length; i++) {
            if (!(stages[i] instanceof Stage.Over) && routes.get(i).channel() == channel) {
                return true;
            }
        }
        return false;
    }

    /// Recipients that are not over.
    List<Integer> unfinished() {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            if (!(stages[i] instanceof Stage.Over)) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    /// Whether every recipient is over.
    boolean over() {
        return Arrays.stream(stages).allMatch(Stage.Over.class::isInstance);
    }

    /// Whether one of them failed for good.
    boolean refused() {
        return Arrays.stream(stages).anyMatch(stage -> stage instanceof Stage.Over(boolean refused) && refused);
    }

    /// What the last temporary failures said, by the recipients' numbers.
    Map<Integer, String> late() {
        Map<Integer, String> late = new TreeMap<>();
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] instanceof Stage.Deferred(Optional<String> why) && why.isPresent()) {
                late.put(i, why.get());
            }
        }
        return late;
    }

    /// The channels on which something is to be done now; what is owed on the other one keeps its time.
    ///
    /// @param entry as it stood in the backlog
    /// @param ready whether a channel's spawner is there; in the line for one that is away, a message that
    ///     the other has to do with as well would stay in work, and crowd out others
    List<Channel> due(Backlog.Entry entry, long now, Predicate<Channel> ready) {
        List<Channel> all = new ArrayList<>();
        boolean both = has(Channel.LOCAL, Stage.Owed.class) && has(Channel.REMOTE, Stage.Owed.class);
        for (Channel channel : Channel.values()) {
            long planned = channel == Channel.LOCAL ? entry.local() : entry.remote();
            boolean due = planned <= now || planned == Backlog.NEVER;
            boolean away = due && both && !ready.test(channel);
            if (due && !away && has(channel, Stage.Owed.class)) {
                all.add(channel);
            } else if (has(channel, Stage.Owed.class)) {
                defer(channel, away ? now + Schedule.NO_ANSWER_MILLIS : planned);
            }
        }
        return all;
    }

    /// Starts none of a channel's recipients before a time.
    private void defer(Channel channel, long next) {
        for (int number : owed(channel)) {
            stages[number] = at(number, Stage.Owed.class).deferred();
        }
        way(channel).next = next;
    }

    /// Makes deferred recipients of a channel owed, if their time has come.
    ///
    /// @return whether it had
    boolean wake(Channel channel, long now) {
        Way way = way(channel);
        if (way.next > now) {
            return false;
        }
        way.next = Backlog.NEVER;
        for (int number : numbers(channel, Stage.Deferred.class)) {
            stages[number] = at(number, Stage.Deferred.class).owed();
        }
        return true;
    }

    /// When deferred recipients of a channel are due, or {@link Backlog#NEVER}.
    long next(Channel channel) {
        return way(channel).next;
    }

    /// Makes what is deferred due at once.
    void retry() {
        for (Channel channel : Channel.values()) {
            if (has(channel, Stage.Deferred.class)) {
                way(channel).next = Math.min(way(channel).next, 0);
            }
        }
    }

    /// Starts nobody before he is asked for again.
    void hold() {
        for (Channel channel : Channel.values()) {
            if (has(channel, Stage.Owed.class)) {
                defer(channel, 0);
            }
        }
    }

    /// Some recipients are with the spawner from now on.
    void launched(Flight flight, long now) {
        for (int number : flight.numbers()) {
            stages[number] = at(number, Stage.Owed.class).flying(flight);
        }
        Way way = way(flight.channel());
        if (way.flying == 0) {
            way.tried = false;
        }
        way.attempted = now;
        way.flying += flight.numbers().size();
    }

    /// The spawner answered.
    ///
    /// @return false for an answer that nobody waits for: a second one, which counts for no later flight either
    boolean answered(DeliveryAnswer answer) {
        if (!(stages[answer.number()] instanceof Stage.Flying flying) || flying.flight() != answer.flight()) {
            return false;
        }
        stages[answer.number()] = flying.answered(answer);
        return true;
    }

    /// An answer is durable.
    ///
    /// @param end what it comes to
    void landed(DeliveryAnswer answer, Verdict end) {
        Stage.Answered answered = at(answer.number(), Stage.Answered.class);
        Way way = way(answer.flight().channel());
        way.flying--;
        stages[answer.number()] = switch (end) {
            case Verdict.Delivered _ -> answered.over(false);
            case Verdict.Never _ -> answered.over(true);
            case Verdict.Later(var why) -> answered.deferred(why);
        };
        way.tried |= !(end instanceof Verdict.Later(var why)) || Settler.isTried(why);
    }

    /// Sets a channel's next time when its last delivery has landed.
    void plan(Channel channel) {
        Way way = way(channel);
        if (way.flying == 0 && way.next == Backlog.NEVER && has(channel, Stage.Deferred.class)) {
            way.next = way.tried
                    ? Schedule.next(birth, way.attempted, channel)
                    : way.attempted + Schedule.NO_ANSWER_MILLIS;
        }
    }

    /// Whether a channel's next time is set.
    boolean planned() {
        return local.next != Backlog.NEVER || remote.next != Backlog.NEVER;
    }

    /// Whether somebody really tried since it is in work.
    boolean tried() {
        return local.tried || remote.tried;
    }

    /// When a recipient was started last.
    long attempted() {
        return Math.max(local.attempted, remote.attempted);
    }

    /// Deliveries that are out or not recorded yet.
    int flying() {
        return local.flying + remote.flying;
    }

    /// Some stand in the line for a slot of a channel.
    void lined(Channel channel) {
        way(channel).lined++;
    }

    /// It is their turn.
    void served(Channel channel) {
        way(channel).lined--;
    }

    /// They stand in no line any more.
    void outOfLine() {
        local.lined = 0;
        remote.lined = 0;
    }

    /// Whether some stand in the line for a slot.
    boolean inLine() {
        return local.lined + remote.lined > 0;
    }
}
