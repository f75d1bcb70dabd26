package qrate.core;

import java.security.Security;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/// The parts of a daemon in the order they were started; TERM closes them in the opposite order: the doors first, so
/// that
/// nothing new comes in while the rest finishes.
public final class Daemon implements AutoCloseable {
    /// How long a door that could not accept waits: too few descriptors, say, may be enough a moment later.
    private static final int STUMBLE_MILLIS = 100;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Log log;
    private final Health health;
    private final Figures figures;

    /// A daemon whose health is known in this process only.
    public Daemon(Log log) {
        this(Map.of(), log);
    }

    /// @param environment `QRATE_HEALTH` names the file of its problems, `QRATE_FIGURES` that of its figures
    public Daemon(Map<String, String> environment, Log log) {
        this.log = log;
        this.health = Health.of(environment, log);
        this.figures = Figures.of(environment, log);
        health.afterEachLook(_ -> figures.write());
        lookUpAnew();
    }

    /// What its parts say of themselves.
    public Health health() {
        return health;
    }

    /// What an operator watches of its parts.
    public Figures figures() {
        return figures;
    }

    /// A service that comes back may have another address, or had none a moment ago: the JVM would hold on to the old
    /// one for 30 seconds, and to "unknown host" for ten, and mail would be deferred as long.
    private static void lookUpAnew() {
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /// Waits a moment, for a thread that could not accept a connection.
    public static void stumble() {
        try {
            Thread.sleep(STUMBLE_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Adds a part that has been started.
    public <T extends AutoCloseable> T add(T part) {
        synchronized (parts) {
            parts.push(part);
        }
        return part;
    }

    /// Waits until the process is told to end, then closes every part; returns only when the process ends.
    ///
    /// @return never normally: the JVM ends with the signal's own status
    public int untilTerm() throws InterruptedException {
        health.start();
        add(new QuietHeap());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("term").unstarted(this::close));
        new CountDownLatch(1).await();
        return 0;
    }

    /// Closes every part, last started first; one that fails is logged and does not keep the others from closing.
    @Override
    public void close() {
        health.close();
        figures.close();
        while (true) {
            AutoCloseable part;
            synchronized (parts) {
                part = parts.poll();
            }
            if (part == null) {
                return;
            }
            try {
                part.close();
            } catch (Exception e) {
                log.line("qrate: warning: " + part.getClass().getSimpleName() + " did not close: " + e);
            }
        }
    }
}
