package qrate.images.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Daemon;
import qrate.core.Log;
import qrate.core.State;
import qrate.directory.Actor;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.Settings;
import qrate.webhooks.Notice;

/// What there is to tell of what a process says of itself.
class NoticesTest {
    @Test
    void aPartThatHasTwoProblemsIsOneThing() {
        try (Daemon daemon = new Daemon(Map.of(), Log.silent())) {
            daemon.health().watch("disk", () -> Optional.of("almost full: 5 KiB are left for db"));
            daemon.health().watch("disk", () -> Optional.of("almost full: 5 KiB are left for users"));
            daemon.health().watch("tls", Optional::empty);
            daemon.health().watch("send", () -> Optional.of("stands still"));
            assertEquals(
                    Map.of(
                            new Notice.About(Notice.Event.PROBLEM, "disk"),
                            "almost full: 5 KiB are left for db; almost full: 5 KiB are left for users",
                            new Notice.About(Notice.Event.PROBLEM, "send"),
                            "stands still"),
                    Notices.problems(daemon.health()));
        }
    }

    @Test
    void whoSignsInFromANetworkThatHeNeverCameFromIsToldForAnHour(@TempDir Path folder) throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-12-01T10:00:00Z"));
        try (Domains domains = Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), now::get)) {
            domains.apply(new Edit.AddDomain("example.test", new Password.Clear("correct horse")));
            signIn(domains, "192.0.2.1");
            assertEquals(Map.of(), Notices.logins(domains.logins()), "the first one is new to nobody");
            now.set(now.get().plus(Duration.ofHours(2)));
            signIn(domains, "192.0.2.77");
            signIn(domains, "198.51.100.1");
            assertEquals(
                    Map.of(
                            new Notice.About(Notice.Event.LOGIN, "postmaster@example.test from 198.51.100.1"),
                            "signed in by PAGES from a network that was never seen before"),
                    Notices.logins(domains.logins()));
            now.set(now.get().plus(Duration.ofHours(1)));
            assertEquals(Map.of(), Notices.logins(domains.logins()));
        }
    }

    private static void signIn(Domains domains, String from) throws IOException {
        domains.as(new Actor("postmaster@example.test", Actor.Door.PAGE, from))
                .signIns()
                .begin("secret of " + from, "", Duration.ofHours(1));
    }
}
