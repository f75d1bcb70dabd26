package qrate.local.deliver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import qrate.address.Addresses;
import qrate.address.Published;
import qrate.address.Resolver;
import qrate.address.Returns;
import qrate.address.Sameness;
import qrate.address.SystemAccounts;
import qrate.address.Users;
import qrate.core.Control;
import qrate.core.Disk;
import qrate.core.Intake;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.local.plan.Deed;
import qrate.local.plan.DotQmail;
import qrate.local.plan.Homes;
import qrate.local.plan.Instructions;
import qrate.local.plan.Planner;
import qrate.local.plan.VirtualUsers;
import qrate.snapshots.Directory;
import qrate.wordings.Wordings;

/// qmail-lspawn: takes jobs, delivers them on a small pool of threads, answers.
public final class LocalSpawner implements Spawner {
    /// Most deliveries that wait; more are answered with `Later` at once.
    public static final int OPEN_DELIVERIES_MAX = 10_000;

    /// How long {@link #close()} waits for deliveries under way, in seconds.
    public static final int DRAIN_SECONDS_MAX = 7;

    /// Most deliveries of one message with common syncs; each has a file open meanwhile.
    static final int TOGETHER_MAX = 50;

    private static final Verdict BROKEN_OFF = new Verdict.Later("Local delivery broke off. (#4.3.0)");

    /// How often the notes of settled deliveries are let go, in milliseconds; one sync a folder serves all of them.
    static final int SETTLE_MILLIS = 1000;

    /// What it works with.
    ///
    /// @param maildirs the maildirs volume, vpopmail's home
    /// @param disk the same volume
    /// @param users folder that holds `cdb`
    /// @param directory says which addresses have mailboxes
    /// @param accounts the system's, where they get mail
    /// @param others delivers as whoever this process is not
    /// @param control for `virtualprograms`
    /// @param forwards takes what is sent on
    /// @param host a name of this system that stays, for file names
    /// @param defaultDelivery what an empty `.qmail` means; empty for `control/defaultdelivery`, else `./Maildir/`
    /// @param concurrency most deliveries at once
    public record Parts(
            Path maildirs,
            Disk disk,
            Path users,
            Directory directory,
            SystemAccounts accounts,
            OtherUsers others,
            Control control,
            Intake forwards,
            Log log,
            InstantSource clock,
            String host,
            String defaultDelivery,
            int concurrency) {}

    private final Log log;
    private final FileChannel lock;
    private final Notes notes;
    private final Users users;
    private final MaildirDelivery maildirs;
    private final LocalDelivery deliveries;
    private final ExecutorService pool;
    private final AtomicInteger open = new AtomicInteger();
    private final int most;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread settling;

    /// Reads the notes and makes visible what a crash left half done.
    ///
    /// @throws IOException when the notes cannot be read or written, or another process delivers into this volume
    public LocalSpawner(Parts parts) throws IOException {
        this(parts, Map.of());
    }

    /// The same, with programs of our own that `.qmail` files of every domain may run, in this process.
    ///
    /// @param known by name
    /// @throws IOException as above
    public LocalSpawner(Parts parts, Map<String, Program> known) throws IOException {
        this.log = parts.log;
        long uid = Planner.ownUid();
        this.lock = lock(parts.maildirs);
        try {
            this.notes = Notes.open(parts.disk, parts.clock, parts.log);
        } catch (IOException e) {
            unlock();
            throw e;
        }
        this.users = new Users(parts.users);
        this.maildirs = new MaildirDelivery(parts.disk, notes, parts.host);
        int recovered = maildirs.recover(log);
        if (recovered > 0) {
            log.line("lspawn: recovered: " + recovered);
        }
        Homes homes = new Homes(parts.maildirs);
        VirtualUsers virtual = new VirtualUsers(parts.directory, homes);
        DotQmail files = new DotQmail(homes);
        Returns returns = new Returns(parts.control, parts.clock);
        Resolver resolver = new Resolver(users, parts.directory, parts.accounts, files, homes.root(), returns);
        Wordings wordings = new Wordings(parts.directory, log);
        Actions actions = new Actions(
                homes,
                Maildirs.noting(maildirs, new TmpCleaner(homes, notes, log)),
                forwards(parts, resolver),
                parts.control,
                parts.clock,
                new QuotaWarnings(
                        homes,
                        new HandMaildirs(
                                parts.disk, parts.host, ProcessHandle.current().pid(), log),
                        wordings,
                        parts.clock,
                        log));
        Programs programs = new Programs(Programs.RUN_MAX, Math.max(1, parts.concurrency / 2), known);
        this.deliveries = new LocalDelivery(
                new Planner(resolver, homes, files, parts.control, parts.defaultDelivery, uid),
                new DotQmailDelivery(files, new Instructions(homes, programs::isKnown), actions, programs, log),
                new VirtualDelivery(virtual, actions, new VacationReplies(parts.forwards, wordings, parts.clock, log)),
                parts.others);
        this.most = OPEN_DELIVERIES_MAX + parts.concurrency;
        this.pool = pool(parts.concurrency);
        this.settling = Thread.ofPlatform().daemon().name("local-settle").start(this::settleUntilClosed);
    }

    private static Actions.Forwards forwards(Parts parts, Resolver resolver) {
        Sameness sameness = new Sameness(parts.control, parts.directory);
        Addresses addresses = new Addresses(parts.control, resolver, new Published(parts.users, parts.clock));
        return new Actions.Forwards(parts.forwards, new Expansion(sameness::keys), addresses::fails);
    }

    /// Two writers of one note log would each undo the other's work.
    private static FileChannel lock(Path maildirs) throws IOException {
        Path folder = Files.createDirectories(maildirs.resolve(Notes.FOLDER));
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // another one in this process; said below as well
        }
        channel.close();
        throw new IOException(maildirs + ": another lspawn delivers here");
    }

    private void unlock() {
        try {
            lock.close();
        } catch (IOException e) {
            log.line("lspawn: warning: " + e);
        }
    }

    private static ThreadPoolExecutor pool(int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("local-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void start(Job job, Answers answers) {
        Trail trail = new Trail(job.body());
        List<Mailing> taken = new ArrayList<>();
        for (Delivery delivery : job.deliveries()) {
            if (open.incrementAndGet() <= most) {
                taken.add(Mailing.of(job, delivery, trail));
            } else {
                open.decrementAndGet();
                answers.answer(delivery.number(), new Verdict.Later("Too many deliveries. (#4.3.2)"));
            }
        }
        Answers counted = (number, verdict) -> {
            open.decrementAndGet();
            answers.answer(number, verdict);
        };
        for (int from = 0; from < taken.size(); from += TOGETHER_MAX) {
            List<Mailing> some = taken.subList(from, Math.min(taken.size(), from + TOGETHER_MAX));
            if (some.size() == 1) {
                execute(some, counted, () -> alone(some.getFirst(), counted));
            } else {
                execute(some, counted, () -> together(some, counted));
            }
        }
    }

    private void execute(List<Mailing> mailings, Answers answers, Runnable work) {
        try {
            pool.execute(work);
        } catch (RejectedExecutionException _) {
            Verdict later = new Verdict.Later(NO_ANSWER + " lspawn, which is stopping (#4.3.2)");
            mailings.forEach(one -> answers.answer(one.delivery().number(), later));
        }
    }

    /// Delivers what goes into mailboxes with common syncs, and starts everything else by itself: a program or a
    /// forward
    /// may take its time.
    private void together(List<Mailing> mailings, Answers answers) {
        List<Actions.ToBox> boxes = new ArrayList<>();
        for (Mailing mailing : mailings) {
            box(mailing)
                    .ifPresentOrElse(
                            box -> boxes.add(new Actions.ToBox(mailing, box)),
                            () -> execute(List.of(mailing), answers, () -> alone(mailing, answers)));
        }
        Optional<List<Verdict>> verdicts = Optional.empty();
        try {
            verdicts = Optional.of(deliveries.deliver(boxes));
        } catch (RuntimeException e) {
            log.line("lspawn: warning: deliveries of "
                    + mailings.getFirst().job().id() + ": " + e);
        } finally {
            for (int i = 0; i < boxes.size(); i++) {
                Mailing mailing = boxes.get(i).mailing();
                if (verdicts.isPresent()) {
                    answers.answer(mailing.delivery().number(), verdicts.get().get(i));
                } else {
                    execute(List.of(mailing), answers, () -> alone(mailing, answers)); // one alone may be the reason
                }
            }
        }
    }

    private Optional<Deed.Box> box(Mailing mailing) {
        try {
            return deliveries.mailbox(mailing);
        } catch (IOException | RuntimeException _) {
            return Optional.empty(); // by itself it says what is wrong
        }
    }

    private void alone(Mailing mailing, Answers answers) {
        Job job = mailing.job();
        Delivery delivery = mailing.delivery();
        Verdict verdict = BROKEN_OFF;
        try {
            verdict = deliveries.deliver(mailing);
        } catch (IOException | RuntimeException e) {
            log.line("lspawn: warning: delivery " + job.id() + " " + delivery.number() + ": " + e);
            verdict = new Verdict.Later("Temporary trouble with local delivery. (#4.3.0)");
        } finally {
            answers.answer(delivery.number(), verdict);
        }
    }

    @Override
    public void settled(long id, List<Integer> numbers) {
        maildirs.settled(id, numbers);
    }

    private void settleUntilClosed() {
        try {
            while (!closing.await(SETTLE_MILLIS, TimeUnit.MILLISECONDS)) {
                settle();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle() {
        try {
            maildirs.settle(log);
        } catch (RuntimeException e) {
            log.line("lspawn: bug: " + e); // and the next second tries again
        }
    }

    /// Lets deliveries under way end, to a deadline; what waits then is answered with `Later`.
    @Override
    public void close() {
        pool.shutdown();
        closing.countDown();
        try {
            if (!pool.awaitTermination(DRAIN_SECONDS_MAX, TimeUnit.SECONDS)) {
                log.line("lspawn: warning: deliveries still under way after " + DRAIN_SECONDS_MAX + " s");
            }
            settling.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        settle();
        notes.close();
        users.close();
        unlock();
    }
}
