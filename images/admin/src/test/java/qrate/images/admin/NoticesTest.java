package qrate.images.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.core.Daemon;
import qrate.core.Log;
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
}
