package qrate.local.deliver;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import qrate.core.Disk;
import qrate.core.Log;
import qrate.core.RealDisk;

/// A delivery that a Maildir holds, though the queue that owes it does not know: after both were restored from copies
/// of different moments.
///
/// @param id queue id
/// @param number index of the recipient in the envelope
/// @param birthMillis when the queue took the message, in milliseconds since 1970
/// @param maildir relative to the maildirs
/// @param name the file's, without flags
public record Held(long id, int number, long birthMillis, String maildir, String name) {
    /// Notes deliveries as made; durable on return. Notes that stood there before are of another system, and go.
    ///
    /// @param maildirs where nothing is delivered to meanwhile
    public static void note(Path maildirs, List<Held> held, InstantSource clock) throws IOException {
        Disk disk = new RealDisk(maildirs);
        for (String name : disk.list(Notes.FOLDER)) {
            disk.delete(Notes.FOLDER + "/" + name);
        }
        if (held.isEmpty()) {
            return;
        }
        try (Notes notes = Notes.open(disk, clock, Log.silent())) {
            long now = clock.millis();
            notes.write(held.stream()
                    .map(one -> new Notes.Note(
                            new Notes.Key(one.id, one.number, one.birthMillis), now, one.maildir, one.name))
                    .toList());
        }
    }
}
