package qrate.local.deliver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
import qrate.local.plan.DotQmail;
import qrate.local.plan.Homes;
import qrate.local.plan.Instructions;
import qrate.local.plan.Planner;
import qrate.local.plan.VirtualUsers;
import qrate.snapshots.Directory;
import qrate.wordings.Wordings;

/// qmail-lspawn: takes jobs, delivers them on a small pool of threads, answers.
public final class LocalSpawner implements Spawner {
    /// Most deliveries that wait or run; more are answered with `Later` at once.
    public static final int OPEN_DELIVERIES_MAX = 10_000;

    /// How long {@link #close()} waits for deliveries under way, in seconds.
    public static final int DRAIN_SECONDS_MAX = 7;

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
                new LinkedBlockingQueue<>(OPEN_DELIVERIES_MAX),
                Thread.ofPlatform().name("local-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void start(Job job, Answers answers) {
        for (Delivery delivery : job.deliveries()) {
            try {
                pool.execute(() -> run(job, delivery, answers));
            } catch (RejectedExecutionException _) {
                String why = pool.isShutdown()
                        ? NO_ANSWER + " lspawn, which is stopping (#4.3.2)"
                        : "Too many deliveries. (#4.3.2)";
                answers.answer(delivery.number(), new Verdict.Later(why));
            }
        }
    }

    private void run(Job job, Delivery delivery, Answers answers) {
        Verdict verdict = new Verdict.Later("Local delivery broke off. (#4.3.0)");
        try {
            verdict = deliveries.deliver(Mailing.of(job, delivery));
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
