package qrate.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import qrate.core.Envelope;
import qrate.core.Log;
import qrate.core.Spawner;
import qrate.core.Verdict;
import qrate.remote.session.Course;

/// qmail-rspawn: runs deliveries side by side, each on a virtual thread of its own.
public final class RemoteSpawner implements Spawner {
    /// Recipients in one SMTP transaction; every server must take as many (RFC 5321 §4.5.3.1.8).
    static final int RECIPIENTS_MAX = 100;

    /// How long {@link #close()} waits for interrupted deliveries to answer.
    static final Duration FORCE = Duration.ofSeconds(2);

    /// A job at work.
    private final class Flight implements Course {
        private final Job job;
        private final Thread thread = Thread.currentThread();
        private boolean dotted;

        Flight(Job job) {
            this.job = job;
        }

        @Override
        public boolean mayEnd() {
            synchronized (flights) {
                dotted = !ending;
                return dotted;
            }
        }

        @Override
        public void isOver() {
            synchronized (flights) {
                dotted = false;
            }
        }
    }

    private final Deliverer deliverer;
    private final Log log;
    private final Duration drain;
    private final Duration answers;
    private final Set<Flight> flights = new HashSet<>();
    private boolean ending;
    private final Semaphore permits;
    private final SpeakingTurns turns;
    private final ExecutorService jobs = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("remote-", 0).factory());

    public RemoteSpawner(Surroundings surroundings) {
        this(surroundings, Limits.STANDARD);
    }

    RemoteSpawner(Surroundings surroundings, Limits limits) {
        deliverer = new Deliverer(surroundings, limits);
        log = surroundings.log();
        drain = limits.drain();
        answers = limits.answers();
        permits = new Semaphore(limits.jobs(), true);
        turns = new SpeakingTurns(limits, surroundings.clock());
    }

    @Override
    public void start(Job job, Answers answers) {
        try {
            jobs.execute(() -> run(job, answers));
        } catch (RejectedExecutionException _) {
            answer(job.deliveries(), Course.stopped(), answers);
        }
    }

    /// Nothing to forget: no notes are kept of remote deliveries.
    @Override
    public void settled(long id, List<Integer> numbers) {}

    /// One part of the job after the other, over one connection if the server goes along.
    private void run(Job job, Answers answers) {
        List<Delivery> all = job.deliveries();
        int answered = 0;
        Verdict rest = new Verdict.Later("Remote delivery failed, see the log. (#4.3.0)\n");
        try {
            permits.acquire();
            Flight flight = new Flight(job);
            try (SpeakingTurns.Turn turn = turns.take(deliverer.atOnce(), answers, flight)) {
                while (answered < all.size()) {
                    begin(flight);
                    List<Delivery> part = all.subList(answered, Math.min(answered + RECIPIENTS_MAX, all.size()));
                    List<Verdict> verdicts = attempt(job, part, turn);
                    for (int i = 0; i < part.size(); i++) {
                        answered++;
                        answers.answer(part.get(i).number(), verdicts.get(i));
                    }
                }
            } finally {
                end(flight);
                permits.release();
            }
        } catch (InterruptedException _) {
            rest = Course.stopped();
        } catch (IOException | RuntimeException e) {
            log.line("remote: delivery " + job.id() + " to " + job.host() + ": " + e);
        } finally {
            answer(all.subList(answered, all.size()), rest, answers);
        }
    }

    private void begin(Flight flight) throws InterruptedException {
        synchronized (flights) {
            if (ending) {
                throw new InterruptedException();
            }
            flights.add(flight);
        }
    }

    private void end(Flight flight) {
        synchronized (flights) {
            flights.remove(flight);
        }
    }

    private List<Verdict> attempt(Job job, List<Delivery> part, SpeakingTurns.Turn turn) throws InterruptedException {
        Envelope envelope = job.envelope(part.stream().map(Delivery::recipient).toList());
        return deliverer
                .deliver(job.id(), job.host(), envelope, job.body(), turn)
                .endings(part.size());
    }

    private static void answer(List<Delivery> open, Verdict verdict, Answers answers) {
        open.forEach(one -> answers.answer(one.number(), verdict));
    }

    /// Deliveries that wait for hosts that do not answer.
    int waiting() {
        return turns.waiting();
    }

    /// Connections kept for the next message now.
    int idle() {
        return deliverer.idle();
    }

    /// Takes no new jobs and lets the running ones end; then interrupts those that the server cannot have, sends no
    /// more dots, and waits for the answers to those that were sent, each of which would else come twice. Each job
    /// answers.
    @Override
    public void close() {
        jobs.shutdown();
        boolean waited = isEnding();
        try {
            if (!jobs.awaitTermination(waited ? 0 : drain.toMillis(), TimeUnit.MILLISECONDS)) {
                ending();
                if (!jobs.awaitTermination(waited ? 0 : answers.toMillis(), TimeUnit.MILLISECONDS)) {
                    cut();
                    if (!jobs.awaitTermination(FORCE.toMillis(), TimeUnit.MILLISECONDS)) {
                        log.line("remote: deliveries still at work at the end");
                    }
                }
            }
        } catch (InterruptedException _) {
            jobs.shutdownNow();
            Thread.currentThread().interrupt();
        }
        deliverer.close();
    }

    private boolean isEnding() {
        synchronized (flights) {
            return ending;
        }
    }

    /// Whoever calls this has waited, and waits for the answers, before {@link #close()}.
    @Override
    public void ending() {
        synchronized (flights) {
            if (ending) {
                return;
            }
            ending = true;
            for (Flight flight : flights) {
                if (flight.dotted) {
                    log.line("remote: info: message " + flight.job.id() + " to " + flight.job.host()
                            + ": waiting for the answer to its end");
                } else {
                    flight.thread.interrupt();
                }
            }
        }
    }

    private void cut() {
        synchronized (flights) {
            for (Flight flight : flights) {
                if (flight.dotted) {
                    log.line("remote: warning: message " + flight.job.id() + " to " + flight.job.host()
                            + ": no answer to its end, and it is time to stop: it may arrive twice");
                }
            }
        }
        jobs.shutdownNow();
    }
}
