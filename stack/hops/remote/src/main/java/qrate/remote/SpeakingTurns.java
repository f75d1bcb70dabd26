package qrate.remote;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import qrate.core.Lru;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.remote.session.Course;

/// Whose turn it is to speak with another host, so that hosts that do not answer hold up nobody.
///
/// As many deliveries have a turn at once as `concurrencyremote` says. One whose host lets it wait, for an address, a
/// connection or a greeting, gives its turn away after a while, and takes another when the host answers. How many may
/// wait so is bounded:
///
/// | places taken | what is different |
/// | --- | --- |
/// | a quarter | whoever would wait behind another for its host is deferred at once |
/// | half | a host has ten seconds to connect and to greet |
/// | all | a delivery keeps its turn while it waits |
final class SpeakingTurns {
    /// Most deliveries that wait without a turn.
    static final int WAITING_MAX = 400;

    /// Most hosts remembered that did not answer; that which was heard of longest ago goes first.
    static final int HOSTS_MAX = 1_000;

    private static final String ALL = "";

    private final HostPermits permits = new HostPermits();
    private final Duration wait;
    private final Duration patience;
    private final InstantSource clock;
    private final Map<String, Integer> waiting = new HashMap<>();
    private final Map<String, Long> silent = new Lru<>(HOSTS_MAX);
    private int places;

    SpeakingTurns(Limits limits, InstantSource clock) {
        wait = limits.turn();
        patience = limits.patience();
        this.clock = clock;
    }

    /// One delivery's.
    final class Turn implements Course, AutoCloseable {
        private final int atOnce;
        private final Spawner.Answers answers;
        private final Course flight;
        private final long begun = clock.millis();
        private String host = "";
        private boolean had;
        private boolean gaveWay;
        private Optional<Thread> alarm = Optional.empty();

        private Turn(int atOnce, Spawner.Answers answers, Course flight) {
            this.atOnce = atOnce;
            this.answers = answers;
            this.flight = flight;
        }

        /// It is about to ask for a host, which may let it wait.
        void asks(String name) {
            synchronized (SpeakingTurns.this) {
                host = name;
            }
            dials();
        }

        @Override
        public void dials() {
            synchronized (SpeakingTurns.this) {
                if (had && alarm.isEmpty()) {
                    alarm = Optional.of(
                            Thread.ofVirtual().name("remote-patience").start(this::loses));
                }
            }
        }

        private void loses() {
            try {
                Thread.sleep(patience);
            } catch (InterruptedException _) {
                return; // it goes on
            }
            synchronized (SpeakingTurns.this) {
                if (alarm.filter(Thread.currentThread()::equals).isEmpty() || places >= WAITING_MAX) {
                    return;
                }
                had = false;
                gaveWay = true;
                places++;
                waiting.merge(host, 1, Integer::sum);
                answers.waits(true);
            }
            permits.release(ALL);
        }

        @Override
        public boolean mayGoOn() throws InterruptedException {
            boolean back;
            synchronized (SpeakingTurns.this) {
                calm();
                back = leavesItsPlace();
                silent.remove(host);
            }
            if (back) {
                if (!permits.acquire(ALL, atOnce, wait)) {
                    return false;
                }
                synchronized (SpeakingTurns.this) {
                    had = true;
                    answers.waits(false);
                }
            }
            return true;
        }

        private void calm() {
            alarm.ifPresent(Thread::interrupt);
            alarm = Optional.empty();
        }

        private boolean leavesItsPlace() {
            if (!gaveWay) {
                return false;
            }
            gaveWay = false;
            places--;
            waiting.computeIfPresent(host, (_, count) -> count == 1 ? null : count - 1);
            return true;
        }

        @Override
        public boolean mayEnd() {
            return flight.mayEnd();
        }

        @Override
        public void isOver() {
            flight.isOver();
        }

        /// Whether many wait for hosts that do not answer.
        boolean hurries() {
            return waiting() > WAITING_MAX / 2;
        }

        /// Why its host is not asked now, if it is not: others wait for it already, or did so in vain since this
        /// delivery began.
        Optional<Verdict> hopeless() {
            synchronized (SpeakingTurns.this) {
                boolean crowded = waiting.containsKey(host) && places >= WAITING_MAX / 4;
                boolean inVain = silent.containsKey(host) && silent.get(host) >= begun;
                return crowded || inVain
                        ? Optional.of(new Verdict.Later(
                                "Sorry, I wasn't able to establish an SMTP connection: another delivery got no answer from "
                                        + host + ". (#4.4.1)\n"))
                        : Optional.empty();
            }
        }

        /// How many connections its host may have: no further ones while somebody waits for it.
        int connections(int most) {
            synchronized (SpeakingTurns.this) {
                return waiting.containsKey(host) ? 1 : most;
            }
        }

        @Override
        public void close() {
            boolean held;
            synchronized (SpeakingTurns.this) {
                calm();
                if (leavesItsPlace()) {
                    silent.put(host, clock.millis());
                }
                held = had;
                had = false;
            }
            if (held) {
                permits.release(ALL);
            }
        }
    }

    /// Takes a turn, and waits for it: those who have it are under limits of their own.
    ///
    /// @param atOnce how many there are, `concurrencyremote`
    /// @param answers told when it is given away and taken again
    /// @param flight asked before the final dot
    Turn take(int atOnce, Spawner.Answers answers, Course flight) throws InterruptedException {
        Turn turn = new Turn(Math.max(1, atOnce), answers, flight);
        boolean had = false;
        while (!had) {
            had = permits.acquire(ALL, turn.atOnce, wait);
        }
        turn.had = true;
        return turn;
    }

    /// How many wait without a turn.
    synchronized int waiting() {
        return places;
    }
}
