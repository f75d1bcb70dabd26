package qrate.lists;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import qrate.core.Envelope;
import qrate.core.Getopt;
import qrate.core.Intake;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.RealDisk;
import qrate.core.Spool;
import qrate.core.State;
import qrate.core.Verdict;
import qrate.wordings.Wordings;

/// ezmlm's programs by name, each for one list at a time.
public final class Lists {
    private static final int STOP = 99;
    private static final int HARD = 100;
    private static final int SOFT = 111;
    private static final Duration LOCK_WAIT = Duration.ofMillis(50);
    private static final int LOCK_TRIES_MAX = 100;
    private static final Getopt LIST = Getopt.of("", "json");
    private static final String LIST_USAGE = "ezmlm-list [--json] dir";
    private static final Getopt WARN = Getopt.of("dDvVt:l:");
    private static final String WARN_USAGE = "ezmlm-warn [-t days] [-l seconds] dir";

    /// Folders of addresses below a list's own.
    private static final Set<String> BASES = Set.of("mod", "allow", "deny");

    private final InstantSource clock;
    private final Workers usual;

    /// For mail that goes over sure connections only: what lists make of it goes so, too.
    private final Workers secret;

    private final Map<Path, ReentrantLock> locks = new ConcurrentHashMap<>();

    /// @param queue takes what lists send
    public Lists(Intake queue, InstantSource clock, RandomGenerator random, Log log) {
        this(queue, clock, random, log, new House(Optional::empty, Optional::empty, Wordings.builtIn()));
    }

    /// What lists are told of the host that keeps them.
    ///
    /// @param base where links begin that HTTP answers
    /// @param me in whose name it is said what the gate here says of posts
    /// @param wordings what domains say in letters
    public record House(OneClick.Base base, Host me, Wordings wordings) {}

    /// What this host is called, as control `me` says it.
    @FunctionalInterface
    public interface Host {
        /// Empty where it has no name.
        ///
        /// @throws IOException when that cannot be read
        Optional<String> name() throws IOException;
    }

    /// The same in a house.
    public Lists(Intake queue, InstantSource clock, RandomGenerator random, Log log, House house) {
        this.clock = clock;
        Post post = new Post(queue, house.base, house.me);
        Letters letters = new Letters(queue, random, house.wordings);
        this.usual = Workers.by(new Moderation(post, letters, random, log, false));
        this.secret = Workers.by(usual.moderation.requiringTls());
    }

    /// Those who write to one queue.
    private record Workers(Post post, Manage manage, Moderation moderation, Bounces bounces, Complaints complaints) {
        static Workers by(Moderation all) {
            Letters letters = all.letters();
            Log log = all.log();
            return new Workers(
                    all.post(), new Manage(letters, log), all, new Bounces(letters, log), new Complaints(letters, log));
        }
    }

    /// The programs by hand, where there is no way to the queue.
    public static Lists withoutQueue() {
        return new Lists(
                (_, _) -> new Verdict.Later("no way to the queue here"),
                InstantSource.system(),
                new SecureRandom(),
                Log.silent());
    }

    /// An address that can be on a list, in the spelling in which lists keep it; empty when it can be on none.
    public static Optional<String> address(String text) {
        return Subscribers.address(text);
    }

    /// Adds addresses to one of a list's sets.
    ///
    /// @param folder the list's
    /// @param base folder above `subscribers/`: empty, `mod/`, `allow/` or `deny/`
    /// @param addresses as {@link #address} spells them
    public void add(Path folder, String base, List<String> addresses) throws IOException {
        locked(folder, list -> new Subscribers(list.folder(), base).addAll(addresses));
    }

    /// Takes addresses out of one of a list's sets; parameters as {@link #add} has them.
    public void remove(Path folder, String base, List<String> addresses) throws IOException {
        locked(folder, list -> {
            removeAll(new Subscribers(list.folder(), base), addresses);
            return addresses.size();
        });
    }

    /// The addresses of one of a list's sets, in order.
    public List<String> all(Path folder, String base) throws IOException {
        return locked(
                folder,
                list -> new Subscribers(list.folder(), base)
                        .all().stream().sorted().toList());
    }

    private static void removeAll(Subscribers subscribers, List<String> gone) throws IOException {
        for (String address : gone) {
            subscribers.remove(address);
        }
    }

    /// What is done with an open list whose lock is held.
    @FunctionalInterface
    interface Work<T> {
        T with(MailingList list) throws IOException;
    }

    /// What a program does with a message.
    @FunctionalInterface
    private interface OnMail {
        Outcome run(Workers workers, MailingList list, Mail mail) throws IOException;
    }

    /// Programs for `.qmail` files inside local delivery: lists are below the home of the file, and nowhere else.
    public Map<String, Program> inDelivery() {
        return programs(false);
    }

    /// The same and `ezmlm-sub`, `ezmlm-unsub`, `ezmlm-list` by hand: any folder, or the address of a list.
    public Map<String, Program> byHand() {
        Map<String, Program> all = new TreeMap<>(programs(true));
        all.put("ezmlm-sub", addresses("ezmlm-sub", Subscribers::addAll));
        all.put("ezmlm-unsub", addresses("ezmlm-unsub", Lists::removeAll));
        all.put("ezmlm-list", this::list);
        return all;
    }

    private Map<String, Program> programs(boolean anywhere) {
        Map<String, Program> all = new TreeMap<>();
        all.put("ezmlm-send", onMail("ezmlm-send", anywhere, (who, list, mail) -> who.post.post(list, mail)));
        all.put("ezmlm-store", onMail("ezmlm-store", anywhere, (who, list, mail) -> who.moderation.store(list, mail)));
        all.put("ezmlm-manage", onMail("ezmlm-manage", anywhere, (who, list, mail) -> who.manage.manage(list, mail)));
        all.put("ezmlm-get", onMail("ezmlm-get", anywhere, (who, list, mail) -> who.manage.getOnly(list, mail)));
        all.put(
                "ezmlm-moderate",
                onMail("ezmlm-moderate", anywhere, (_, list, mail) -> usual.moderation.moderate(list, mail)));
        all.put(
                "ezmlm-return",
                onMail("ezmlm-return", anywhere, (who, list, mail) -> who.bounces.returned(list, mail)));
        all.put(
                "ezmlm-complaint",
                onMail("ezmlm-complaint", anywhere, (who, list, mail) -> who.complaints.complained(list, mail)));
        all.put("ezmlm-clean", (arguments, io) -> {
            return on("ezmlm-clean", arguments, anywhere, io, list -> usual.moderation.clean(list, clock.instant()));
        });
        all.put("ezmlm-warn", (arguments, io) -> warn(arguments, anywhere, io));
        return all;
    }

    private Program onMail(String name, boolean anywhere, OnMail action) {
        return (arguments, io) -> {
            try (Spool.Held body = Spool.temporary().all(io.in())) {
                Mail mail = Mail.of(io.environment(), body, clock.instant());
                Workers workers = io.environment().containsKey(Envelope.REQUIRETLS_VARIABLE) ? secret : usual;
                return on(name, arguments, anywhere, io, list -> action.run(workers, list, mail));
            }
        };
    }

    private int warn(List<String> arguments, boolean anywhere, Program.Stdio io) {
        Getopt.Given given;
        try {
            given = WARN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(io, anywhere, WARN_USAGE);
        }
        if (!Stream.of("t", "l").flatMap(name -> given.all(name).stream()).allMatch(n -> n.matches("[0-9]{1,6}"))) {
            return usage(io, anywhere, WARN_USAGE);
        }
        Duration wait = given.last("t").map(Long::valueOf).map(Duration::ofDays).orElse(Bounces.WAIT);
        Duration lock =
                given.last("l").map(Long::valueOf).map(Duration::ofSeconds).orElse(wait.dividedBy(50));
        List<String> rest = given.operands();
        int code = on("ezmlm-warn", rest, anywhere, io, list -> usual.bounces.warn(list, clock.instant(), wait, lock));
        // its line stands behind the one that posts or answers, which a failure here would have done once more
        return anywhere || !reaches(rest, io) ? code : 0;
    }

    private static boolean reaches(List<String> arguments, Program.Stdio io) {
        try {
            return arguments.size() == 1
                    && folder(arguments.getFirst(), false, io.environment()).isPresent();
        } catch (IOException _) {
            return false;
        }
    }

    /// Opens the list that the last argument names and runs the work; options before it are ezmlm's and are not needed.
    private int on(String name, List<String> arguments, boolean anywhere, Program.Stdio io, Work<Outcome> work) {
        List<String> rest = arguments.stream().filter(a -> !a.startsWith("-")).toList();
        if (rest.size() != 1) {
            return usage(io, anywhere, name + " dir");
        }
        try {
            Optional<Path> folder = folder(rest.getFirst(), anywhere, io.environment());
            if (folder.isEmpty()) {
                return fatal(io, name, SOFT, rest.getFirst() + ": not below the home folder (#4.3.5)");
            }
            return switch (locked(folder.get(), work)) {
                case Outcome.Done _ -> 0;
                case Outcome.Stop _ -> STOP;
                case Outcome.Refused(String why) -> fatal(io, name, HARD, why);
                case Outcome.Later(String why) -> fatal(io, name, SOFT, why);
            };
        } catch (IOException e) {
            return fatal(io, name, SOFT, "unable to use the list: " + e.getMessage() + " (#4.3.0)");
        }
    }

    /// A wrong call in a `.qmail` file is no reason to refuse a message.
    private static int usage(Program.Stdio io, boolean anywhere, String usage) {
        int code = usage(io, usage);
        return anywhere ? code : SOFT;
    }

    private static int usage(Program.Stdio io, String usage) {
        io.err().println(usage.split(" ", 2)[0] + ": usage: " + usage);
        return HARD;
    }

    private static int fatal(Program.Stdio io, String name, int code, String why) {
        io.err().println(name + ": fatal: " + Log.escape(why));
        return code;
    }

    private static Optional<Path> folder(String name, boolean anywhere, Map<String, String> environment)
            throws IOException {
        try {
            if (anywhere && name.indexOf('@') > 0 && name.indexOf('/') < 0) {
                return MailingList.folder(State.of(environment).maildirs(), name);
            }
            Path home = Path.of(environment.getOrDefault("HOME", "")).toAbsolutePath();
            Path folder = (anywhere ? Path.of("").toAbsolutePath() : home)
                    .resolve(name)
                    .normalize();
            if (anywhere) {
                return Optional.of(folder);
            }
            return folder.toRealPath().startsWith(home.toRealPath()) && !folder.equals(home)
                    ? Optional.of(folder)
                    : Optional.empty();
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// Opens a list and runs work while nobody else changes it, in this process or another.
    <T> T locked(Path folder, Work<T> work) throws IOException {
        ReentrantLock mine = locks.computeIfAbsent(folder.toRealPath(), _ -> new ReentrantLock());
        mine.lock();
        try (FileChannel channel =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(channel)) {
            if (!lock.isValid()) {
                throw new IOException("lock: lost");
            }
            return work.with(MailingList.open(new ListFolder(new RealDisk(folder))));
        } finally {
            mine.unlock();
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        for (int i = 0; i < LOCK_TRIES_MAX; i++) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return lock;
                }
                Thread.sleep(LOCK_WAIT);
            } catch (OverlappingFileLockException _) {
                pause(); // another part of this process has it
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("stopped while another program held the list", e);
            }
        }
        throw new IOException("lock: another program holds the list");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(LOCK_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while another part held the list", e);
        }
    }

    @FunctionalInterface
    private interface Change {
        void to(Subscribers subscribers, List<String> addresses) throws IOException;
    }

    /// `ezmlm-sub dir [address…]`: addresses in arguments or, without any, one a line on standard input.
    private Program addresses(String name, Change change) {
        return (arguments, io) -> {
            if (arguments.isEmpty()) {
                return usage(io, name + " dir [address...]");
            }
            List<String> given = arguments.subList(1, arguments.size());
            List<String> all = given.isEmpty()
                    ? new String(io.in().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                            .toList()
                    : given;
            List<String> addresses = new ArrayList<>();
            for (String text : all) {
                Optional<String> address = Subscribers.address(text);
                if (address.isEmpty()) {
                    return fatal(io, name, HARD, text + ": no address");
                }
                addresses.add(address.get());
            }
            return onBase(name, arguments.getFirst(), io, subscribers -> change.to(subscribers, addresses));
        };
    }

    private int list(List<String> arguments, Program.Stdio io) {
        Getopt.Given given;
        try {
            given = LIST.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(io, LIST_USAGE);
        }
        if (given.operands().size() != 1) {
            return usage(io, LIST_USAGE);
        }
        return onBase("ezmlm-list", given.operand(0), io, s -> {
            List<String> all = s.all().stream().sorted().toList();
            if (given.has("json")) {
                JsonWriter.print(all, io.out());
            } else {
                all.forEach(io.out()::println);
            }
        });
    }

    @FunctionalInterface
    private interface WithSubscribers {
        void run(Subscribers subscribers) throws IOException;
    }

    /// `dir` is a list, or a list's `mod`, `allow` or `deny`; so is `list@host` and `list@host/mod`.
    private int onBase(String name, String dir, Program.Stdio io, WithSubscribers work) {
        String path = dir.endsWith("/") ? dir.substring(0, dir.length() - 1) : dir;
        int slash = path.lastIndexOf('/');
        boolean below = slash >= 0 && BASES.contains(path.substring(slash + 1));
        String base = below ? path.substring(slash + 1) + "/" : "";
        String whole = below ? path.substring(0, slash) : dir;
        return on(name, List.of(whole), true, io, list -> {
            work.run(new Subscribers(list.folder(), base));
            return new Outcome.Done();
        });
    }
}
