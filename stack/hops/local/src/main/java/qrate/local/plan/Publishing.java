package qrate.local.plan;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import qrate.core.Log;

/// Publishes what is new in the Maildirs, again and again.
public final class Publishing implements AutoCloseable {
    /// How long a `.qmail` file that somebody puts there may be unknown to the door.
    public static final Duration EVERY = Duration.ofSeconds(2);

    private final Publication publication;
    private final Log log;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private String trouble = "";

    private Publishing(Publication publication, Log log) {
        this.publication = publication;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("publish-dotqmail").unstarted(this::run);
    }

    /// Starts; what cannot be read or written is in the log once, and tried again.
    public static Publishing start(Publication publication, Log log) {
        Publishing publishing = new Publishing(publication, log);
        publishing.thread.start();
        return publishing;
    }

    private void run() {
        try {
            do {
                once();
            } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void once() {
        String now = "";
        try {
            publication.publish();
        } catch (IOException | RuntimeException e) {
            now = e.toString();
        }
        if (!now.equals(trouble) && !now.isEmpty()) {
            log.line("admin: warning: the .qmail files of domains cannot be published, so that smtpd knows the"
                    + " older ones: " + now);
        }
        trouble = now;
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
