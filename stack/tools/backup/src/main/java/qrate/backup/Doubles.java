package qrate.backup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Log;
import qrate.core.State;
import qrate.local.deliver.Held;
import qrate.maildir.MaildirName;
import qrate.queue.Journal;
import qrate.queue.Queue;

/// What a restored queue owes and a restored Maildir holds already, since it was delivered after the queue was copied
/// and before the Maildir was.
final class Doubles {
    private Doubles() {}

    /// Notes each as delivered, so that its delivery is not made again.
    ///
    /// @return how many there were
    static int note(State state, InstantSource clock) throws IOException {
        Map<MaildirName.Delivery, Long> owed = owed(state, clock);
        if (owed.isEmpty() || !Files.isDirectory(state.maildirs())) {
            return 0;
        }
        List<Held> held = new ArrayList<>();
        Files.walkFileTree(state.maildirs(), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                String name = folder.getFileName().toString();
                if (!name.equals("new") && !name.equals("cur")) {
                    return FileVisitResult.CONTINUE;
                }
                String maildir = state.maildirs().relativize(folder.getParent()).toString();
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        String unique = MaildirName.unique(file.getFileName().toString());
                        Optional<MaildirName.Delivery> delivery = MaildirName.delivery(unique);
                        Optional<Long> birth = delivery.map(owed::get);
                        birth.ifPresent(millis -> held.add(
                                new Held(delivery.get().id(), delivery.get().number(), millis, maildir, unique)));
                    }
                }
                return FileVisitResult.SKIP_SUBTREE;
            }
        });
        Held.note(state.maildirs(), held, clock);
        return held.size();
    }

    /// Deliveries that are still owed, and when each message was accepted, in milliseconds since 1970.
    private static Map<MaildirName.Delivery, Long> owed(State state, InstantSource clock) throws IOException {
        Map<MaildirName.Delivery, Long> owed = new HashMap<>();
        if (!Files.isDirectory(state.queue())) {
            return owed;
        }
        List<Long> ids = new ArrayList<>();
        try (Journal journal = Journal.open(state.queue(), clock, Log.silent())) {
            journal.owed(message -> ids.add(message.id()));
            for (long id : ids) {
                Queue.Message message = journal.read(id);
                long birth = message.birth().toEpochMilli();
                for (int i = 0; i < message.states().size(); i++) {
                    if (message.states().get(i) instanceof Queue.State.Pending) {
                        owed.put(new MaildirName.Delivery(birth / 1000, id, i), birth);
                    }
                }
            }
        }
        return owed;
    }
}
