package qrate.tcpserver;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import qrate.core.Log;
import qrate.posix.Child;
import qrate.posix.Posix;
import qrate.posix.Redirection;
import qrate.posix.Sockets;

/// The connections of the `tcpserver` command, each with a thread that asks and waits, and a program.
// DEVIATION: a refused client has no process, so its lines carry the number of its connection in place of a pid
final class Connections {
    private final Posix posix;
    private final Sockets sockets;
    private final Options options;
    private final RulesFile rules;
    private final Map<String, String> environment;
    private final Log log;
    private final Semaphore permits;
    private final Crowd crowd;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();

    Connections(Posix posix, Options options, RulesFile rules, Map<String, String> environment, Log log) {
        this.posix = posix;
        this.sockets = new Sockets(posix);
        this.options = options;
        this.rules = rules;
        this.environment = environment;
        this.log = log;
        this.permits = new Semaphore(options.limits().connections());
        this.crowd = new Crowd(options.limits().perAddress());
    }

    /// Waits until one more may run.
    void await() throws InterruptedException {
        permits.acquire();
    }

    /// Says that accepting failed, which the permit was for.
    void stumbled(IOException e) {
        permits.release();
        error("tcpserver: unable to accept: " + e.getMessage());
    }

    /// Runs the program for a connection, with the permit that {@link #await} gave.
    void start(int socket) {
        Thread.ofPlatform().daemon().name("tcpserver-" + socket).start(() -> {
            running.incrementAndGet();
            try {
                status();
                serve(socket, numbers.incrementAndGet());
            } catch (IOException | RuntimeException e) {
                error("tcpserver: drop: " + e.getMessage());
            } finally {
                running.decrementAndGet();
                permits.release();
                status();
            }
        });
    }

    /// `tcpserver: status: n/limit`.
    void status() {
        verbose("tcpserver: status: " + running.get() + "/" + options.limits().connections());
    }

    private void serve(int socket, long number) throws IOException {
        Optional<Sockets.Ends> ends = sockets.ends(socket);
        if (ends.isEmpty()) {
            sockets.close(socket); // gone already
            return;
        }
        InetAddress remote = ends.get().remote().getAddress();
        boolean counted = crowd.enter(remote);
        try {
            Optional<Child> child;
            try {
                child = begin(socket, ends.get(), number, counted);
            } finally {
                sockets.close(socket); // the program has it now, and its end is the client's end
            }
            if (child.isPresent()) {
                Child.End end = child.get().await();
                verbose("tcpserver: end " + child.get().pid() + " status " + end.status());
            }
        } finally {
            if (counted) {
                crowd.leave(remote);
            }
        }
    }

    private Optional<Child> begin(int socket, Sockets.Ends ends, long number, boolean counted) throws IOException {
        if (!options.flags().keepsOptions()) {
            sockets.killOptions(socket);
        }
        if (options.flags().noDelay()) {
            sockets.noDelay(socket);
        }
        if (!counted) {
            deny(new Gathered(ends, "", "", ""), number, " too many connections");
            return Optional.empty();
        }
        if (options.banner().length > 0) {
            sockets.send(socket, options.banner());
        }
        Gathered gathered = Gathered.of(sockets, ends, options.questions());
        Optional<Rules.Match> match = rules.rules().find(ends.remote().getAddress(), gathered.host(), gathered.info());
        return switch (match.map(Rules.Match::rule).orElse(new Rules.Rule.Allow(Map.of()))) {
            case Rules.Rule.Deny _ -> {
                deny(gathered, number, "");
                yield Optional.empty();
            }
            case Rules.Rule.Allow(Map<String, String> variables) -> {
                Redirection connection = new Redirection.Passed(socket);
                Child child = posix.spawn(
                        new Posix.Command(options.program(), gathered.environment(environment, variables)),
                        Map.of(0, connection, 1, connection, 2, new Redirection.Passed(2)));
                introduce(gathered, child.pid());
                verbose("tcpserver: ok " + child.pid() + " " + gathered.forLog());
                yield Optional.of(child);
            }
        };
    }

    private void introduce(Gathered gathered, long pid) {
        verbose("tcpserver: pid " + pid + " from "
                + Ip.text(gathered.ends().remote().getAddress()));
    }

    private void deny(Gathered gathered, long number, String why) {
        introduce(gathered, number);
        verbose("tcpserver: deny " + number + " " + gathered.forLog() + why);
    }

    private void verbose(String line) {
        if (options.verbosity() == Verbosity.VERBOSE) {
            log.line(line);
        }
    }

    private void error(String line) {
        if (options.verbosity() != Verbosity.QUIET) {
            log.line(line);
        }
    }
}
