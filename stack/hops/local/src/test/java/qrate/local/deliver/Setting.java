package qrate.local.deliver;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import qrate.address.User;
import qrate.cdb.CdbWriter;
import qrate.core.Address;
import qrate.core.Body;
import qrate.core.Control;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.RealDisk;
import qrate.core.Recipient;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.local.plan.Planner;
import qrate.maildir.MaildirReader;
import qrate.snapshots.Directory;

/// A LocalSpawner on folders of its own, with a directory in memory and a queue that keeps what is forwarded.
final class Setting implements AutoCloseable {
    static final Instant BIRTH = Instant.parse("2026-06-01T12:00:00Z");
    static final int CONCURRENCY = 8;
    static final String MESSAGE = "Subject: hello\n\nhello\n";

    record Forwarded(Envelope envelope, String content) {}

    final Path root;
    final Map<String, Directory.Route> routes = new ConcurrentHashMap<>();
    /// Who is not in the newest snapshot any more.
    final Set<String> deleted = ConcurrentHashMap.newKeySet();
    /// Whether the queue takes nothing.
    volatile boolean full;

    final List<Forwarded> forwarded = new CopyOnWriteArrayList<>();
    final java.io.ByteArrayOutputStream logged = new java.io.ByteArrayOutputStream();
    final Map<String, qrate.core.Program> known = new ConcurrentHashMap<>();
    final Map<String, User> accounts = new ConcurrentHashMap<>();
    final Map<String, Verdict> others = new ConcurrentHashMap<>();
    private final CdbWriter assigned = new CdbWriter();
    private Optional<LocalSpawner> spawner = Optional.empty();
    private long nextId = 1;

    Setting(Path root) throws IOException {
        this.root = root;
        for (String folder : List.of("maildirs/alias", "users", "control")) {
            Files.createDirectories(root.resolve(folder));
        }
    }

    Path maildirs() {
        return root.resolve("maildirs");
    }

    /// Adds a line of users/assign.
    void assign(String key, String user, String home, String dash, String ext) throws IOException {
        assign(key, user, Long.toString(Planner.ownUid()), home, dash, ext);
    }

    void assign(String key, String user, String uid, String home, String dash, String ext) throws IOException {
        assigned.put(utf8("!" + key), utf8(String.join("\0", user, uid, "1", home, dash, ext) + "\0"));
        assigned.write(root.resolve("users/cdb"), "rw-r-----");
    }

    /// A domain of the directory with one mailbox.
    void domain(String domain, String user) throws IOException {
        assign(domain + "-", domain, "domains/" + domain, "-", "");
        Files.createDirectories(maildirs().resolve("domains/" + domain));
        route(user + "@" + domain, mailbox(domain, user, 0, List.of(), true));
    }

    static Directory.Route mailbox(String domain, String user, long quota, List<String> copies, boolean keep) {
        return new Directory.Route.Mailbox(
                user + "@" + domain, "domains/" + domain + "/" + user, quota, 0, copies, keep);
    }

    void route(String address, Directory.Route route) {
        routes.put(address, route);
    }

    void put(String file, String content) throws IOException {
        Path path = maildirs().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    /// What the directory says.
    Directory directory() {
        return new Routes();
    }

    LocalSpawner spawner() throws IOException {
        if (spawner.isEmpty()) {
            Log log = new Log(new PrintStream(logged, true), Log.Stamp.NONE, InstantSource.system());
            spawner = Optional.of(new LocalSpawner(
                    new LocalSpawner.Parts(
                            maildirs(),
                            new RealDisk(maildirs()),
                            root.resolve("users"),
                            new Routes(),
                            local -> Optional.ofNullable(accounts.get(local)),
                            (mailing, user, _) -> Optional.ofNullable(others.get(user.name())),
                            new Control(root.resolve("control"), InstantSource.system()),
                            (envelope, body) -> {
                                if (full) {
                                    return new Verdict.Later("the queue is full");
                                }
                                forwarded.add(new Forwarded(envelope, content(body)));
                                return new Verdict.Delivered("ok 1 qp 2");
                            },
                            log,
                            InstantSource.system(),
                            "mail.example.test",
                            "",
                            CONCURRENCY),
                    known));
        }
        return spawner.get();
    }

    /// Delivers a message of its own to one recipient.
    Verdict deliver(String recipient) throws Exception {
        return deliver("sender@example.com", MESSAGE, recipient);
    }

    Verdict deliver(String sender, String message, String recipient) throws Exception {
        return deliver(nextId++, sender, message, recipient);
    }

    Verdict deliver(long id, String sender, String message, String recipient) throws Exception {
        return deliver(job(id, sender, message, recipient)).getFirst();
    }

    static Spawner.Job job(long id, String sender, String message, String... recipients) {
        List<Spawner.Delivery> deliveries = new ArrayList<>();
        for (String recipient : recipients) {
            deliveries.add(new Spawner.Delivery(deliveries.size(), Recipient.of(recipient)));
        }
        return new Spawner.Job(id, BIRTH, sender, "", Body.of(utf8(message)), "", deliveries);
    }

    List<Verdict> deliver(Spawner.Job job) throws Exception {
        Map<Integer, Verdict> verdicts = new ConcurrentHashMap<>();
        CountDownLatch open = new CountDownLatch(job.deliveries().size());
        spawner().start(job, (number, verdict) -> {
            if (verdicts.put(number, verdict) != null) {
                throw new AssertionError("answered twice: " + number);
            }
            open.countDown();
        });
        if (!open.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("not answered: " + verdicts);
        }
        return verdicts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }

    List<MaildirReader.Entry> list(String maildir) throws IOException {
        return MaildirReader.list(maildirs().resolve(maildir));
    }

    String read(String maildir, int index) throws IOException {
        return Files.readString(
                maildirs().resolve(maildir).resolve(list(maildir).get(index).file()));
    }

    void restart() {
        close();
        spawner = Optional.empty();
    }

    @Override
    public void close() {
        spawner.ifPresent(LocalSpawner::close);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String content(Body body) {
        try (java.io.InputStream in = body.open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private final class Routes implements Directory {
        @Override
        public Route route(Address address) {
            Route found = routes.get(address.toString());
            if (found != null) {
                return found;
            }
            boolean ours = routes.keySet().stream().anyMatch(a -> a.endsWith("@" + address.domain()));
            return ours ? new Route.NoSuchUser() : new Route.NotOurs();
        }

        @Override
        public Route newest(Address address) {
            return deleted.contains(address.toString()) ? new Route.NoSuchUser() : route(address);
        }
    }
}
