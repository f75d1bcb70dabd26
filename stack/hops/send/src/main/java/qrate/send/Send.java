package qrate.send;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import qrate.core.Control;
import qrate.core.DomainName;
import qrate.core.Figure;
import qrate.core.Spawner;
import qrate.ledger.Ledger;
import qrate.qcontrol.Channel;
import qrate.qcontrol.Quarantine;
import qrate.qcontrol.QueueControl;
import qrate.qcontrol.Trace;
import qrate.queue.Queue;
import qrate.sendlimits.SendLimits;
import qrate.tlsrpt.TlsTally;
import qrate.wordings.Wordings;

/// qmail-send: takes what the queue owes to the spawners, and their answers back (qmail-send(8)).
///
/// ```
/// var send = new Send(new Send.Hops(journal, lspawn, rspawn), control, clock, new Ledger(log, disk, clock));
/// send.start();
/// …
/// send.close(Duration.ofSeconds(8));   // TERM; the spawners are closed after this
/// ```
public final class Send implements QueueControl, AutoCloseable {
    /// How long {@link #close()} lets deliveries go on.
    public static final Duration CLOSE_MAX = Duration.ofSeconds(8);

    /// How long it waits then for remote deliveries that cannot be broken off any more; the container engine kills
    /// after forty seconds (`stop_grace_period`).
    static final Duration ANSWERS_MAX = Duration.ofSeconds(24);

    /// The hops it stands between. They belong to the caller, who closes them after {@link Send}.
    ///
    /// @param limits hears which deliveries failed for good
    /// @param wordings what senders are told
    /// @param folder where send keeps what it remembers beside the queue and the ledger; nothing for memory alone
    public record Hops(
            Queue queue, Spawner local, Spawner remote, SendLimits limits, Wordings wordings, Optional<Path> folder) {
        /// Where nothing is remembered over a start.
        Hops(Queue queue, Spawner local, Spawner remote, SendLimits limits, Wordings wordings) {
            this(queue, local, remote, limits, wordings, Optional.empty());
        }

        /// Where nobody is limited, and everybody is told the same.
        public Hops(Queue queue, Spawner local, Spawner remote) {
            this(queue, local, remote, SendLimits.off(queue), Wordings.builtIn());
        }

        Spawner spawner(Channel channel) {
            return switch (channel) {
                case LOCAL -> local;
                case REMOTE -> remote;
            };
        }
    }

    /// Longest wait between two looks at the clock, in milliseconds: the ledger is flushed as often.
    private static final long LOOK_MILLIS = 1000;

    private final InstantSource clock;
    private final Ledger ledger;
    private final Ways ways;
    private final Scheduler scheduler;
    private final AdminActions byHand;
    private final Queue queue;
    private final SendLimits limits;
    private final Spawner remote;
    private final Desk desk;
    private final PutAside aside;
    private final Expiry expiry;
    /// Held while something is done by hand that the queue has to write: what one act has taken out, no other misses.
    private final ReentrantLock acts = new ReentrantLock();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread thread;
    private volatile boolean done;

    /// Reads the control files.
    ///
    /// @throws IOException when one cannot be read, or neither `locals` nor `me` is there
    public Send(Hops hops, Control control, InstantSource clock, Ledger ledger) throws IOException {
        this.clock = clock;
        this.ledger = ledger;
        this.ways = new Ways(control, ledger, clock);
        this.thread = Thread.ofPlatform().name("qmail-send").daemon(true).unstarted(this::run);
        Settings settings = Settings.read(control);
        this.scheduler = new Scheduler(
                hops,
                settings,
                ways::current,
                new Scheduler.Surroundings(clock, ledger, executor, () -> LockSupport.unpark(thread), uid()));
        this.byHand = scheduler.byHand();
        this.queue = hops.queue();
        this.limits = hops.limits();
        this.remote = hops.remote();
        this.desk = new Desk(hops.queue(), ways, scheduler.heard().reasons());
        this.expiry = new Expiry(control, clock, ledger);
        this.aside =
                new PutAside(new PutAside.Parts(queue, scheduler, byHand, ledger, expiry::days), this::locked, acts);
        for (Channel channel : Channel.values()) {
            if (settings.most(channel) == 0) {
                ledger.status(channel.word() + " deliveries will be put on hold");
            }
        }
    }

    /// Loads what is owed and begins.
    public void start() throws IOException {
        scheduler.load();
        thread.start();
        ledger.status("running");
    }

    /// TERM: starts nothing any more, waits for the answers of what is out and their record, until the deadline; and
    /// then for remote servers that may have a message and have not said so: it would be sent again.
    ///
    /// @param deadline how long deliveries may go on
    public void close(Duration deadline) {
        expiry.close();
        locked(() -> {
            scheduler.stop();
            return true;
        });
        await(scheduler.places()::busy, deadline);
        if (locked(scheduler::flyingFar) > 0) {
            remote.ending();
            await(scheduler::flyingFar, ANSWERS_MAX);
            int cut = locked(scheduler::flyingFar);
            if (cut > 0) {
                ledger.status("warning: " + cut + " remote deliveries without an answer are cut off and made again");
            }
        }
        done = true;
        LockSupport.unpark(thread);
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        if (!thread.isAlive() && locked(scheduler.places()::busy) == 0) {
            locked(() -> {
                scheduler.settled();
                return true;
            });
        }
        executor.shutdownNow();
        ledger.status("status: exiting");
        ledger.close();
    }

    /// Why the queue does not drain.
    public Optional<String> problem() {
        return locked(scheduler::problem);
    }

    /// Which domain of ours a large provider refuses, since when, and what to do.
    public Optional<String> refused() {
        return scheduler.heard().refused().problem();
    }

    /// Counts what filters had put aside into the room that there is for it; meanwhile it takes more.
    public void fill(QuarantineRoom shelf) {
        Thread.ofVirtual().name("quarantine-count").start(() -> shelf.fill(aside));
    }

    /// What an operator watches: how many messages wait, since when, and what came of deliveries.
    public List<Figure.Sample> samples() {
        List<Figure.Sample> all =
                new ArrayList<>(locked(() -> scheduler.places().samples(clock.millis())));
        all.add(Figure.SENDERS_STOPPED.of(limits.stopped()));
        return all;
    }

    private void await(Supplier<Integer> open, Duration longest) {
        Instant end = Instant.now().plus(longest);
        while (thread.isAlive() && locked(open) > 0 && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void close() {
        close(CLOSE_MAX);
    }

    /// HUP: reads `locals` and `virtualdomains` again, at once.
    public void reread() {
        ways.reread();
    }

    /// ALRM: every message is due now.
    public void retryNow() {
        locked(() -> {
            byHand.retryAll();
            return true;
        });
    }

    private void run() {
        while (!done) {
            long next;
            try {
                next = locked(scheduler::step);
            } catch (RuntimeException e) {
                // a bug; the message concerned is still owed, and the others go on
                ledger.status("alert: internal error in the scheduler: " + e);
                next = clock.millis() + LOOK_MILLIS;
            }
            expiry.look(aside);
            ledger.flushIfDue();
            long wait = Math.min(LOOK_MILLIS, next - clock.millis());
            if (wait > 0 && !done) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait));
            }
        }
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private static int uid() {
        try {
            return (Integer) Objects.requireNonNullElse(Files.getAttribute(Path.of("/proc/self"), "unix:uid"), 0);
        } catch (IOException | UnsupportedOperationException _) {
            return 0; // no such thing here; the log then says root
        }
    }

    // ---- QueueControl

    @Override
    public Stat stat() {
        return locked(scheduler::stat);
    }

    @Override
    public List<Item> list(int limit, long after) {
        return desk.list(locked(() -> scheduler.waiting(Math.clamp(limit, 0, LIST_MESSAGES_MAX), after)));
    }

    @Override
    public void retryAll() {
        retryNow();
    }

    @Override
    public boolean retry(long id) {
        return locked(() -> byHand.retry(id));
    }

    @Override
    public boolean hold(long id, boolean held) throws IOException {
        acts.lock();
        try {
            if (!queue.hold(id, held)) {
                return false;
            }
            locked(() -> {
                if (held) {
                    byHand.hold(id);
                } else {
                    byHand.release(id);
                }
                return true;
            });
            if (held) {
                aside.keep(id, clock.instant());
            }
            return true;
        } finally {
            acts.unlock();
        }
    }

    @Override
    public Quarantine quarantine() {
        return aside;
    }

    @Override
    public Trace trace() {
        return ledger.trace();
    }

    @Override
    public List<String> tls(LocalDate day) throws IOException {
        TlsTally tally = new TlsTally();
        ledger.deliveries(
                day,
                (address, said) -> tally.add(DomainName.ascii(address.substring(address.lastIndexOf('@') + 1)), said));
        return tally.words();
    }

    @Override
    public List<Traffic> traffic(LocalDate day) throws IOException {
        return ledger.traffic(day);
    }

    @Override
    public List<RefusedDomain> refusedDomains() {
        return scheduler.heard().refused().all();
    }

    @Override
    public List<Sender> senders() {
        return limits.senders();
    }

    @Override
    public boolean letSend(String login) throws IOException {
        return limits.letSend(login);
    }

    @Override
    public long freeze(Freeze what) throws IOException {
        return switch (what) {
            case BEGIN -> queue.freeze(FREEZE_MAX);
            case KEEP -> queue.keepFrozen(FREEZE_MAX) ? 1 : 0;
            case END -> queue.keepFrozen(Duration.ZERO) ? 1 : 0;
        };
    }

    @Override
    public boolean bounce(long id) {
        return order(id, Active.Order.BOUNCE);
    }

    private boolean order(long id, Active.Order order) {
        acts.lock();
        try {
            return locked(() -> byHand.order(id, order));
        } finally {
            acts.unlock();
        }
    }

    @Override
    public boolean drop(long id) {
        return order(id, Active.Order.DROP);
    }
}
