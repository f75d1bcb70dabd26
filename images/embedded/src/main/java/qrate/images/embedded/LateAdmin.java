package qrate.images.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import qrate.admin.Admin;
import qrate.core.Daemon;
import qrate.core.Log;

/// The admin door, open as soon as its database lets it; no mail and no login waits for that.
public final class LateAdmin implements AutoCloseable {
    /// How long between two tries.
    static final Duration RETRY_EVERY = Duration.ofSeconds(5);

    /// Opens the door and adds its parts to a daemon of its own.
    @FunctionalInterface
    interface Opening {
        Admin open(Daemon daemon) throws IOException;
    }

    private final Opening opening;
    private final Log log;
    private final Daemon parts;
    private final Thread retries;
    private volatile Optional<Admin> admin;

    private LateAdmin(Opening opening, Log log) {
        this.opening = opening;
        this.log = log;
        this.parts = new Daemon(log);
        this.retries = Thread.ofVirtual().name("admin-retry").unstarted(this::retry);
        this.admin = attempt();
    }

    /// Tries once, and goes on trying behind the scenes if that fails.
    static LateAdmin start(Opening opening, Log log) {
        LateAdmin late = new LateAdmin(opening, log);
        if (late.admin.isEmpty()) {
            late.retries.start();
        }
        return late;
    }

    /// The door, once it is open.
    public Optional<Admin> door() {
        return admin;
    }

    private Optional<Admin> attempt() {
        try {
            return Optional.of(opening.open(parts));
        } catch (IOException | RuntimeException e) {
            log.line("admin: alert: unable to start, will try again: " + e.getMessage());
            parts.close();
            return Optional.empty();
        }
    }

    private void retry() {
        try {
            while (admin.isEmpty()) {
                Thread.sleep(RETRY_EVERY);
                admin = attempt();
            }
        } catch (InterruptedException _) {
            // closed before the door was open
        }
    }

    @Override
    public void close() {
        retries.interrupt();
        try {
            retries.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        parts.close();
    }
}
