package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import qrate.core.State;

/// Opens the directory for a command that runs beside the admin service, or without one.
public final class Opening {
    /// File below `db/` with the token of the admin service that has the database open.
    public static final String LOCAL_TOKEN = "local-token";

    /// Where the admin service is when `QRATE_ADMIN_URL` does not say.
    public static final String ADMIN_URL = "http://127.0.0.1:8080";

    /// Longest wait for an admin service that starts or is busy.
    private static final long WAIT_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);

    private static final long PAUSE_MILLIS = 250;

    private Opening() {}

    /// How a command comes to the directory: {@link #open}, or a test's own.
    @FunctionalInterface
    public interface Opener {
        /// Opens it, whoever has the database.
        EditableDirectory open(Map<String, String> environment) throws IOException;
    }

    /// Opens the directory by the admin service where one answers, since it has the database open; else the
    /// database itself. One that is just starting or is busy is waited for.
    public static EditableDirectory open(Map<String, String> environment) throws IOException {
        State state = State.of(environment);
        Settings settings = Settings.of(environment, state);
        long end = System.nanoTime() + WAIT_NANOS_MAX;
        while (true) {
            RemoteDirectory.Presence presence = RemoteDirectory.Presence.AWAY;
            Path token = state.db().resolve(LOCAL_TOKEN);
            String url = environment.getOrDefault("QRATE_ADMIN_URL", ADMIN_URL);
            if (Files.exists(token)) {
                RemoteDirectory remote =
                        new RemoteDirectory(url, Files.readString(token).strip());
                presence = remote.presence();
                if (presence == RemoteDirectory.Presence.READY) {
                    return remote;
                }
                remote.close();
            }
            boolean over = System.nanoTime() - end > 0;
            // at the end the lock of the embedded database says whether it is open elsewhere
            if (presence == RemoteDirectory.Presence.AWAY || (over && settings.embedded())) {
                try {
                    return Domains.open(state, settings, InstantSource.system());
                } catch (Database.Locked e) {
                    if (over) {
                        throw away(Files.exists(token), url, e);
                    }
                }
            } else if (over) {
                throw new Trouble(
                        "the admin service at " + url + " has too much to do to answer", Trouble.Saved.NOTHING, null);
            }
            pause();
        }
    }

    private static Trouble away(boolean serving, String url, Database.Locked e) {
        return new Trouble(
                serving
                        ? "the admin service has the directory open and does not answer at " + url
                                + " (QRATE_ADMIN_URL says where)"
                        : "another program has the directory open: an admin service that is just starting, or a command",
                Trouble.Saved.NOTHING,
                e);
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
