package qrate.pop3d;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Which Maildirs have a session now; one each (RFC 1939 §8). The lock is this process's alone: two pop3d processes
/// on one volume do not see each other, and then the worst is that a message is deleted under a reader, who is told.
final class Boxes {
    private final Set<Path> open = ConcurrentHashMap.newKeySet();

    boolean take(Path maildir) {
        return open.add(maildir);
    }

    void release(Path maildir) {
        open.remove(maildir);
    }
}
