package qrate.send;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import qrate.address.Routing;
import qrate.ledger.Ledger;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl;
import qrate.queue.Queue.Message;
import qrate.queue.Queue.Owed;
import qrate.send.Active.Order;

/// Decides what is started when, one step after another; knows no thread and no clock of its own.
///
/// A message is in exactly one of four places: among the newcomers, in the backlog until its time, in the line for a
/// slot of a channel, or active. Only an active one may stand in lines as well. Whoever calls {@link #step()} or
/// another method that is not said to be callable from any thread holds the lock of {@link Send}.
final class Scheduler {
    /// Most messages read in one step, so that answers are not kept waiting.
    static final int STEP_READS_MAX = 200;

    /// Most messages in work at once.
    static final int ACTIVE_MAX = 5000;

    private final Send.Hops hops;
    private final Settings settings;
    private final Supplier<Routing> routing;
    private final InstantSource clock;
    private final Ledger ledger;
    private final Settler settler;
    private final Runnable wake;
    private final Queue<Event> inbox = new ConcurrentLinkedQueue<>();
    private final Places places;
    private final Fifo newcomers;
    private final Backlog backlog;
    private final Slots slots;
    private final Map<Long, Active> active;
    private final Flights flights;
    private final Heard heard;
    private final Checkpoint checkpoint;
    private final Draining draining = new Draining();
    /// could not be read when their time came first
    private final Set<Long> unannounced = new HashSet<>();
    private boolean newcomersTurn = true;
    private boolean stopping;

    Scheduler(Send.Hops hops, Settings settings, Supplier<Routing> routing, Surroundings around) {
        this.hops = hops;
        this.settings = settings;
        this.routing = routing;
        this.clock = around.clock();
        this.ledger = around.ledger();
        this.wake = around.wake();
        this.places =
                new Places(new Slots(settings, channel -> hops.spawner(channel).isReady()));
        this.checkpoint = new Checkpoint(hops.queue(), ledger, around.executor());
        this.newcomers = places.newcomers();
        this.backlog = places.backlog();
        this.slots = places.slots();
        this.active = places.active();
        this.heard = Heard.of(hops, routing, around);
        this.flights = new Flights(hops, settings, slots, ledger, heard, this::tell);
        this.settler = new Settler(hops, new Bouncer(settings.bounces(), hops.wordings(), clock), around, this::tell);
    }

    /// What surrounds the scheduler.
    ///
    /// @param executor runs what waits for the disk
    /// @param wake called from any thread when a step has something to do
    /// @param uid who queues messages here, for the log
    record Surroundings(InstantSource clock, Ledger ledger, Executor executor, Runnable wake, int uid) {}

    /// Loads what is owed. Newcomers are listened to first, so that none is missed.
    void load() throws IOException {
        hops.queue().onAccepted(owed -> tell(new Event.Came(owed)));
        ledger.note("running");
        checkpoint.recover();
        hops.queue().owed(this::wait);
    }

    private void wait(Owed owed) {
        Backlog into = owed.held() ? places.held() : backlog;
        if (owed.attempted() == 0) {
            into.add(new Backlog.Entry(owed.id(), owed.birth(), Backlog.UNANNOUNCED, Backlog.UNANNOUNCED));
            return;
        }
        into.add(new Backlog.Entry(
                owed.id(),
                owed.birth(),
                Schedule.next(owed.birth(), owed.attempted(), Channel.LOCAL),
                Schedule.next(owed.birth(), owed.attempted(), Channel.REMOTE)));
    }

    /// Tells of something; from any thread.
    void tell(Event event) {
        inbox.add(event);
        wake.run();
    }

    /// Does everything that is due.
    ///
    /// @return when the next step is due, in milliseconds since 1970, unless {@link #tell} comes first
    long step() {
        long now = clock.millis();
        drain();
        long next = wakeActive(now);
        if (!stopping) {
            for (Channel channel : Channel.values()) {
                serveLine(channel, now);
            }
            next = Math.min(next, pull(now));
        }
        slots.status().ifPresent(ledger::status);
        draining.look(now, slots::isReady, !active.isEmpty() || newcomers.size() > 0 || backlog.due() <= now);
        checkpoint.step(now, active.values());
        heard.step();
        next = Math.min(next, slots.allReady() ? Backlog.NEVER : now + Schedule.READY_LOOK_MILLIS);
        return inbox.isEmpty() ? next : now;
    }

    /// Starts nothing any more.
    void stop() {
        stopping = true;
        slots.exiting();
    }

    /// The end, with nothing on its way: the ledger has everything.
    void settled() {
        drain();
        checkpoint.close();
        heard.close();
    }

    Optional<String> problem() {
        return draining.problem(clock.millis());
    }

    /// How attempts ended; from any thread.
    Heard heard() {
        return heard;
    }

    /// Where every message is.
    Places places() {
        return places;
    }

    /// Remote jobs that are out.
    int flyingFar() {
        return slots.flying(Channel.REMOTE);
    }

    void drain() {
        Set<Active> touched = new LinkedHashSet<>();
        for (Event event = inbox.poll(); event != null; event = inbox.poll()) {
            switch (event) {
                case Event.Came(var owed) -> {
                    if (owed.held()) {
                        wait(owed);
                    } else {
                        newcomers.add(owed.id(), owed.birth());
                    }
                }
                case Event.Answered(var a, var answer) -> {
                    if (a.answered(answer)) {
                        touched.add(a);
                        draining.ended();
                    } else {
                        ledger.status("internal error: delivery report out of range");
                    }
                }
                case Event.Waits(var flight, var waits) -> slots.waits(flight, waits);
                case Event.Settled settled -> {
                    settled(settled);
                    touched.add(settled.active());
                }
                case Event.Ended ended -> ended(ended);
                case Event.Rested(var a, var trouble) -> {
                    if (!trouble.isEmpty()) {
                        ledger.status("warning: trouble recording the attempt of msg " + a.id() + ": " + trouble);
                    }
                    a.rested();
                    sleep(a);
                }
            }
        }
        touched.forEach(this::advance);
    }

    /// Writes down the answers that came meanwhile, or sees what is to be done next.
    void advance(Active a) {
        if (a.atDisk() || clock.millis() < a.troubled()) {
            return;
        }
        if (a.troubled() > 0) {
            a.calmed();
        }
        if (a.hasAnswers()) {
            settler.settle(a, a.recording());
        } else if (a.idle()) {
            rest(a);
        }
    }

    private void settled(Event.Settled event) {
        Active a = event.active();
        if (event.trouble().isPresent()) {
            ledger.status("alert: unable to record deliveries of msg " + a.id() + ": "
                    + event.trouble().get() + "; will try again in 10 seconds");
            a.unrecorded(event.answers(), clock.millis() + Schedule.TROUBLE_MILLIS);
            return;
        }
        a.recorded();
        event.answers().forEach(answer -> flights.land(a, answer));
        for (Channel channel : Channel.values()) {
            a.recipients().plan(channel);
        }
    }

    private void rest(Active a) {
        if (a.order() != Order.NONE || a.recipients().over()) {
            a.ending();
            settler.end(a);
        } else if (a.recipients().tried()) {
            a.resting();
            settler.deferred(a, a.recipients().attempted());
        } else {
            sleep(a);
        }
    }

    /// Back to the backlog; what is owed on a channel that was not due keeps its time.
    private void sleep(Active a) {
        if (a.order() != Order.NONE) {
            rest(a);
            return;
        }
        active.remove(a.id());
        (a.held() ? places.held() : backlog).add(a.entry());
    }

    private void ended(Event.Ended event) {
        Active a = event.active();
        event.notes().forEach(ledger::note);
        event.lines().forEach(ledger::line);
        long later = clock.millis() + Schedule.TROUBLE_MILLIS;
        if (!event.over() && a.order() != Order.NONE) {
            a.unended(later); // promised to an administrator: nothing of it is started meanwhile
            return;
        }
        a.ended();
        active.remove(a.id());
        if (!event.over()) {
            (a.held() ? places.held() : backlog).add(a.entry(later));
        }
    }

    /// Deferred recipients of active messages whose time has come, and answers whose record failed.
    private long wakeActive(long now) {
        long next = Backlog.NEVER;
        for (Active a : List.copyOf(active.values())) {
            if (a.troubled() > now) {
                next = Math.min(next, a.troubled());
            } else if (a.troubled() > 0) {
                advance(a);
            }
            for (Channel channel : Channel.values()) {
                if (!stopping && a.mayStart() && a.recipients().wake(channel, now)) {
                    flights.start(a, channel, now);
                } else if (!stopping) {
                    long due = a.recipients().next(channel);
                    next = Math.min(next, due > now ? due : Backlog.NEVER);
                }
            }
        }
        return next;
    }

    private void serveLine(Channel channel, long now) {
        for (int i = 0; i < STEP_READS_MAX && slots.free(channel) > 0; i++) {
            Optional<Slots.Waiting> waiting = slots.take(channel);
            if (waiting.isEmpty()) {
                return;
            }
            Backlog.Entry entry = waiting.get().entry();
            Active a = active.get(entry.id());
            if (a == null) {
                attempt(entry, waiting.get().fresh(), false, now);
            } else {
                a.recipients().served(channel);
                flights.start(a, channel, now);
                advance(a);
            }
        }
    }

    /// Reads messages whose time has come, newcomers and backlog in turn, while a slot is free.
    private long pull(long now) {
        for (int i = 0; i < STEP_READS_MAX; i++) {
            boolean due = backlog.due() <= now;
            if (newcomers.size() == 0 && !due) {
                return backlog.due();
            }
            if (slots.free(Channel.LOCAL) + slots.free(Channel.REMOTE) == 0 || active.size() >= ACTIVE_MAX) {
                return Backlog.NEVER; // an answer will come first
            }
            boolean fresh = newcomers.size() > 0 && (newcomersTurn || !due);
            newcomersTurn = !fresh;
            Backlog.Entry entry = fresh ? newcomers.take() : backlog.take();
            attempt(entry, fresh, fresh || entry.local() == Backlog.UNANNOUNCED, now);
        }
        return now;
    }

    /// Reads a message; when that fails it goes back to the backlog for a while.
    Optional<Active> read(Backlog.Entry entry, boolean fresh) {
        try {
            Message message = hops.queue().read(entry.id());
            Routing ways = routing.get();
            List<Routing.Route> routes = message.envelope().recipients().stream()
                    .map(recipient -> ways.route(recipient.address()))
                    .toList();
            return Optional.of(new Active(message, routes, fresh));
        } catch (qrate.queue.Queue.Gone _) {
            ledger.line("end msg " + entry.id()); // its end was durable, and the answer to that was lost
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            ledger.status("warning: trouble reading msg " + entry.id() + ": " + e + "; will try again later");
            long later = clock.millis() + Schedule.TROUBLE_MILLIS;
            backlog.add(new Backlog.Entry(entry.id(), entry.birth(), later, later));
            return Optional.empty();
        }
    }

    /// The first lines of a message in the log.
    void announce(Active a) {
        announce(a.message());
    }

    void announce(Message message) {
        settler.announce(message);
    }

    private void attempt(Backlog.Entry entry, boolean fresh, boolean first, long now) {
        Optional<Active> read = read(entry, fresh);
        if (read.isEmpty() && first) {
            unannounced.add(entry.id());
        }
        read.ifPresent(a -> {
            if (first || unannounced.remove(a.id())) {
                announce(a);
            }
            place(a, entry, now);
        });
    }

    /// Starts a message that was just read, or puts it in line, or back to wait.
    private void place(Active a, Backlog.Entry entry, long now) {
        if (a.recipients().over()) {
            active.put(a.id(), a);
            rest(a);
            return;
        }
        List<Channel> wanted = a.recipients().due(entry, now, slots::isReady);
        if (wanted.isEmpty()) {
            backlog.add(a.entry());
        } else if (!a.recipients().planned() && wanted.stream().allMatch(channel -> slots.free(channel) == 0)) {
            // a place in line remembers no times, so this is for those who have none
            slots.line(wanted.getFirst(), a.id(), a.birth(), a.isFresh());
        } else {
            active.put(a.id(), a);
            wanted.forEach(channel -> flights.start(a, channel, now));
        }
    }

    /// What an administrator asks of it.
    AdminActions byHand() {
        return new AdminActions(this, places, ledger, wake);
    }

    QueueControl.Stat stat() {
        drain();
        return places.stat(settings);
    }

    List<Desk.Waiting> waiting(int limit, long after) {
        drain();
        return places.waiting(limit, after);
    }
}
