package qrate.pop3d;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which Maildirs have a session now; one each (RFC 1939 §8). A session that is silent, as that of a phone that lost
/// its network, loses its box to the next one. The lock is this process's alone: two pop3d processes on one volume do
/// not see each other, and then the worst is that a message is deleted under a reader, who is told.
final class MaildropLocks {
    /// How long a session is left alone with its box after its last sign of life.
    static final Duration SILENT_MAX = Duration.ofMinutes(1);

    private final Map<Path, Hold> open = new ConcurrentHashMap<>();
    private final InstantSource clock;

    MaildropLocks(InstantSource clock) {
        this.clock = clock;
    }

    /// A session's hold on its box, until another takes it.
    static final class Hold {
        private final InstantSource clock;
        private Instant heard;
        private boolean lost;
        private boolean ending;

        private Hold(InstantSource clock) {
            this.clock = clock;
            this.heard = clock.instant();
        }

        /// Notes a sign of life.
        ///
        /// @return false when the box is another's by now
        synchronized boolean heard() {
            heard = clock.instant();
            return !lost;
        }

        /// Begins to carry out deletions, after which nobody takes the box before they are done.
        ///
        /// @return false when the box is another's by now
        synchronized boolean end() {
            ending = !lost;
            return ending;
        }

        private synchronized boolean lose() {
            lost = lost || (!ending && clock.instant().isAfter(heard.plus(SILENT_MAX)));
            return lost;
        }
    }

    /// Takes a box that nobody has, or a silent session.
    Optional<Hold> take(Path maildir) {
        Hold mine = new Hold(clock);
        Hold holder = open.compute(maildir, (_, other) -> other == null || other.lose() ? mine : other);
        return Optional.of(holder).filter(mine::equals);
    }

    void release(Path maildir, Hold hold) {
        open.remove(maildir, hold);
    }
}
