package qrate.posix;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Log;

/// Tells systemd that the process is ready, how it is, that it still looks after itself, and that it ends
/// (sd_notify(3)).
/// Whoever was started without `NOTIFY_SOCKET` has no supervisor, and tells nobody.
///
/// ```
/// Supervisor.of(posix, environment, clock, log).ifPresent(supervisor -> {
///     daemon.health().afterEachLook(supervisor::looked);
///     daemon.add(supervisor); // last, and so the first to be closed
/// });
/// ```
public final class Supervisor implements AutoCloseable {
    /// Longest status, in characters.
    static final int STATUS_CHARS_MAX = 300;

    /// How often the watchdog is told at most.
    static final Duration WATCHDOG_EVERY = Duration.ofSeconds(1);

    /// A process looks after itself every five seconds: a watchdog that waits for less than that three times is too
    /// strict.
    static final Duration WATCHDOG_MIN = Duration.ofSeconds(15);

    private final Datagrams datagrams;
    private final boolean watchdog;
    private final InstantSource clock;
    private final Log log;
    private boolean ready;
    private boolean ending;
    private boolean deaf;
    private String said = "";
    private Instant due = Instant.MIN;

    private Supervisor(Datagrams datagrams, boolean watchdog, InstantSource clock, Log log) {
        this.datagrams = datagrams;
        this.watchdog = watchdog;
        this.clock = clock;
        this.log = log;
    }

    /// The one that the environment names: `NOTIFY_SOCKET`, and `WATCHDOG_USEC` for this process (`WATCHDOG_PID`).
    public static Optional<Supervisor> of(Posix posix, Map<String, String> environment, InstantSource clock, Log log) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (socket.isEmpty()) {
            return Optional.empty();
        }
        if (!socket.matches("[/@].+")) {
            log.line("systemd: NOTIFY_SOCKET: " + socket + " is neither a file nor a name: nobody is told");
            return Optional.empty();
        }
        String own = Long.toString(ProcessHandle.current().pid());
        String limit = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean watched = limit.matches("[1-9][0-9]{0,17}")
                && environment.getOrDefault("WATCHDOG_PID", own).equals(own);
        if (watched && Long.parseLong(limit) < WATCHDOG_MIN.toMillis() * 1000) {
            log.line("systemd: warning: WatchdogSec is less than " + WATCHDOG_MIN.toSeconds()
                    + " seconds: a process that is well may be ended");
        }
        return Optional.of(new Supervisor(new Datagrams(posix, socket), watched, clock, log));
    }

    /// The process has looked at itself, and is ready since the first time: whoever hangs while it looks says nothing,
    /// and
    /// the watchdog ends it. What is wrong and could be said is no reason for that.
    public synchronized void looked(List<String> problems) {
        if (ending) {
            return;
        }
        StringBuilder message = new StringBuilder(ready ? "" : "READY=1\n");
        String status = status(problems);
        if (!status.equals(said)) {
            message.append("STATUS=").append(status).append('\n');
        }
        if (watchdog && !clock.instant().isBefore(due)) {
            message.append("WATCHDOG=1\n");
        }
        if (!message.isEmpty() && tell(message.toString())) {
            ready = true;
            said = status;
            due = clock.instant().plus(WATCHDOG_EVERY);
        }
    }

    private static String status(List<String> problems) {
        if (problems.isEmpty()) {
            return "all is well";
        }
        String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)";
        String first = Log.escape(problems.getFirst());
        return "not well: " + (first.length() > STATUS_CHARS_MAX ? first.substring(0, STATUS_CHARS_MAX) : first) + more;
    }

    private boolean tell(String message) {
        try {
            datagrams.offer(message.getBytes(UTF_8));
            deaf = false;
            return true;
        } catch (IOException e) {
            if (!deaf) {
                log.line("systemd: cannot be told: " + e.getMessage());
            }
            deaf = true; // said once; the next look tries again
            return false;
        }
    }

    /// Says that the process ends now.
    @Override
    public synchronized void close() throws IOException {
        ending = true;
        tell("STOPPING=1\nSTATUS=ends, after what is under way\n");
        datagrams.close();
    }
}
