package qrate.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Budget;

/// Lists a Maildir without opening a message, and opens one.
///
/// Names are as {@link FileNames} has them. A link is a message like others where it leads to a file of the same
/// mailbox; one that leads elsewhere can be deleted and not read, since who reads may see more than who made it.
public final class MaildirReader {
    /// Most messages listed of one Maildir; the rest waits until some are gone.
    public static final int MESSAGES_MAX = 1_000_000;

    /// What a message costs in a list beside its two names, in bytes of heap, while the list is made.
    private static final int ENTRY_BYTES = 112;

    /// There are more messages than may be held.
    public static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoom() {
            super("more messages than there is room for");
        }
    }

    /// One message.
    ///
    /// @param unique the name without flags; stays while the message lives
    /// @param file where it is, below the Maildir: `new/NAME` or `cur/NAME:2,FLAGS`
    /// @param size in bytes as the name says, else as the file system says, 0 for a link that is not followed;
    ///     whoever reads the message knows better
    public record Entry(String unique, String file, long size) {
        /// The file.
        public Path path(Path maildir) {
            int slash = file.indexOf('/');
            return maildir.resolve(file.substring(0, slash)).resolve(FileNames.path(file.substring(slash + 1)));
        }

        /// Its flags: `S` seen, `R` replied, `T` trashed and so on.
        public String flags() {
            return MaildirName.flags(file);
        }

        /// Whether it stands in `new`.
        public boolean fresh() {
            return file.startsWith("new/");
        }
    }

    private MaildirReader() {}

    /// All messages in `new` and `cur`, by arrival. A missing `new` or `cur` counts as empty.
    ///
    /// `new` is read first, so that a message on its way from `new` to `cur` is seen at least once; seen twice, it
    /// counts as in `cur`.
    ///
    /// @throws IOException when a folder is there and cannot be read
    public static List<Entry> list(Path maildir) throws IOException {
        return list(maildir, Budget.ENDLESS);
    }

    /// The same for a client who may hold so much and no more.
    ///
    /// @param memory what the list takes stays taken
    /// @throws NoRoom when there are more messages than the share allows; nothing stays taken
    public static List<Entry> list(Path maildir, Budget.Share memory) throws IOException {
        Map<String, Entry> found = new HashMap<>();
        long taken = 0;
        boolean whole = false;
        try {
            taken = scan(maildir, "new", found, memory);
            taken += scan(maildir, "cur", found, memory);
            whole = true;
        } finally {
            memory.give(whole ? 0 : taken);
        }
        List<Arrived> sorted = new ArrayList<>(found.size());
        found.values().forEach(entry -> sorted.add(new Arrived(MaildirName.seconds(entry.unique()), entry)));
        sorted.sort(Arrived::compareTo);
        List<Entry> entries = new ArrayList<>(sorted.size());
        sorted.forEach(one -> entries.add(one.entry));
        return entries;
    }

    /// By {@link MaildirName#ARRIVAL}, which takes its time, where the seconds do not tell.
    private record Arrived(long seconds, Entry entry) {
        int compareTo(Arrived other) {
            boolean told = seconds >= 0 && other.seconds >= 0 && seconds != other.seconds;
            return told
                    ? Long.compare(seconds, other.seconds)
                    : MaildirName.ARRIVAL.compare(entry.unique, other.entry.unique);
        }
    }

    /// @return bytes taken
    private static long scan(Path maildir, String folder, Map<String, Entry> found, Budget.Share memory)
            throws IOException {
        long taken = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve(folder))) {
            for (Path path : files) {
                String name = FileNames.of(path);
                if (name.startsWith(".") || found.size() >= MESSAGES_MAX) {
                    continue;
                }
                long size = MaildirName.size(name);
                if (size < 0) {
                    size = sizeOf(maildir, path);
                }
                if (size >= 0) {
                    String unique = MaildirName.unique(name);
                    long cost = ENTRY_BYTES + 2 * Budget.cost(name);
                    if (!memory.take(cost)) {
                        memory.give(taken);
                        throw new NoRoom();
                    }
                    taken += cost;
                    found.put(unique, new Entry(unique, folder + "/" + name, size));
                }
            }
        } catch (NoSuchFileException _) {
            // a Maildir nobody has delivered to yet
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return taken;
    }

    /// Size of a regular file or of a link, or -1 for anything else and for what has gone meanwhile.
    private static long sizeOf(Path maildir, Path path) throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (file.isSymbolicLink()) {
                Optional<Path> target = Links.target(maildir, path);
                return target.isPresent() ? Math.max(0, sizeOf(maildir, target.get())) : 0;
            }
            return file.isRegularFile() ? file.size() : -1;
        } catch (NoSuchFileException _) {
            return -1;
        }
    }

    /// Opens a message.
    ///
    /// @throws NoSuchFileException when it is gone, or is a link to nothing
    /// @throws IOException when it is no file, or a link out of the mailbox
    public static InputStream open(Path maildir, Entry entry) throws IOException {
        Path path = entry.path(maildir);
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (file.isSymbolicLink()) {
            return Links.open(maildir, path);
        }
        if (!file.isRegularFile()) {
            throw new FileSystemException(entry.file(), null, "not a file");
        }
        return Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS);
    }
}
