package qrate.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What is done again and again in a thread of its own, until closed: at once, and then so long after each end.
public final class Repeating implements AutoCloseable {
    /// One turn; says itself what fails. What it throws unchecked ends the thread.
    @FunctionalInterface
    public interface Turn {
        /// @throws InterruptedException when it is closed meanwhile
        void run() throws InterruptedException;
    }

    private final Turn turn;
    private final Duration pause;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /// @param name of the thread
    /// @param pause between two turns
    public Repeating(String name, Duration pause, Turn turn) {
        this.turn = turn;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /// Begins.
    public void start() {
        thread.start();
    }

    private void run() {
        try {
            // a turn may have taken the interrupt for its own, as a database does: the latch is what ends it
            do {
                turn.run();
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            // closed
        }
    }

    /// Interrupts a turn that is under way, and waits for its end.
    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
