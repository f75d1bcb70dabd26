package qrate.spawn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import qrate.core.Log;
import qrate.core.Spawner;

/// Files of the messages that are out with programs, in `queue/mess` where qmail-lspawn and qmail-rspawn look for
/// them.
///
/// A file stands there while any delivery of its message is open, and is a copy: the journal owns the message. So
/// nothing is synced, and whatever a crash has left goes at the next start. Removing is qmail-clean's work.
public final class Mess {
    /// Into how many folders the files are split (qmail's conf-split).
    static final int SPLIT = 23;

    /// Removes the file of a message.
    @FunctionalInterface
    public interface Cleaning {
        /// @throws IOException when it cannot be removed now
        void clean(long id) throws IOException;
    }

    private final Path folder;
    private final Cleaning cleaning;
    private final Log log;
    private final ConcurrentHashMap<Long, Integer> lent = new ConcurrentHashMap<>();

    /// @param folder `queue/mess`
    public Mess(Path folder, Cleaning cleaning, Log log) {
        this.folder = folder;
        this.cleaning = cleaning;
        this.log = log;
    }

    /// A message's file below the folder, as a command names it.
    static String name(long id) {
        return id % SPLIT + "/" + id;
    }

    /// Has everything removed that an earlier process has left.
    ///
    /// @throws IOException when the folder cannot be used
    public void sweep() throws IOException {
        for (int i = 0; i < SPLIT; i++) {
            List<Path> left;
            try (Stream<Path> files = Files.list(Files.createDirectories(folder.resolve(Integer.toString(i))))) {
                left = files.toList();
            }
            for (Path file : left) {
                String digits = file.getFileName().toString();
                if (digits.matches("[0-9]{1,18}")) {
                    clean(Long.parseLong(digits));
                }
            }
        }
    }

    /// Puts a message there for one more job; the same job gives it back.
    void lend(Spawner.Job job) throws IOException {
        try {
            lent.compute(job.id(), (id, count) -> {
                if (count == null) {
                    write(job);
                    return 1;
                }
                return count + 1;
            });
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void write(Spawner.Job job) {
        Path file = folder.resolve(name(job.id()));
        try (InputStream in = job.body().open()) {
            Files.copy(in, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(file, FileTime.from(job.birth()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Ends what {@link #lend} began; the last one has the file removed.
    void giveBack(long id) {
        // in the map's own step: nobody can lend the message again before its old file is gone
        lent.compute(id, (_, count) -> {
            if (count != null && count > 1) {
                return count - 1;
            }
            clean(id);
            return null;
        });
    }

    private void clean(long id) {
        try {
            cleaning.clean(id);
        } catch (IOException e) {
            log.line("warning: unable to clean up mess/" + name(id) + ": " + e.getMessage()
                    + "; it goes at the next start");
        }
    }
}
