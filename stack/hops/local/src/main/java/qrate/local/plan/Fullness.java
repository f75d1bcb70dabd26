package qrate.local.plan;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.address.Rooms;
import qrate.core.Address;
import qrate.maildir.MaildirQuota;
import qrate.snapshots.Directory;

/// Which mailboxes are full or nearly so: an empty file for each in `.full`, made by whoever delivers, looked at and
/// taken away by whoever publishes. So nobody looks at a mailbox that has room.
public record Fullness(Homes homes, InstantSource clock) {
    /// Below the maildirs.
    static final String FOLDER = ".full";

    /// A mailbox is nearly full when less than this part of its quota is left.
    private static final long PART = 10;

    private static final int MODE = 02770;

    /// One mark.
    ///
    /// @param home the mailbox's, relative to the maildirs
    record Marked(Path file, Address address, String home) {
        /// Takes it away.
        void forget() {
            try {
                Files.deleteIfExists(file);
            } catch (IOException _) {
                // the next look tries again
            }
        }
    }

    /// Marks a Maildir of the directory in which little is left.
    ///
    /// @return whether it has just become so: of all deliveries that find it, one is told
    public boolean note(Path maildir, MaildirQuota.Limit limit) {
        try {
            return mark(maildir, limit);
        } catch (IOException _) {
            return false; // the message is delivered, or refused, all the same; the next delivery tries again
        }
    }

    private boolean mark(Path maildir, MaildirQuota.Limit limit) throws IOException {
        String[] parts = homes.onDisk(maildir).split("/", -1);
        boolean directory = parts.length == 4 && parts[0].equals("domains") && parts[3].equals("Maildir");
        if (!directory || limit.none() || left(maildir, limit).isEmpty()) {
            return false;
        }
        Path folder = Path.of(homes.root(), FOLDER);
        Path mark = folder.resolve(parts[1] + ":" + parts[2]);
        if (Files.exists(mark)) {
            return false;
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setAttribute(folder, "unix:mode", MODE);
        }
        try {
            Files.createFile(mark);
            return true;
        } catch (FileAlreadyExistsException _) {
            return false; // another delivery was faster
        }
    }

    /// All marks.
    List<Marked> marked() throws IOException {
        List<Marked> all = new ArrayList<>();
        try (DirectoryStream<Path> marks = Files.newDirectoryStream(Path.of(homes.root(), FOLDER), "*:*")) {
            for (Path mark : marks) {
                String[] names = String.valueOf(mark.getFileName()).split(":", 2);
                all.add(new Marked(mark, new Address(names[1], names[0]), "domains/" + names[0] + "/" + names[1]));
            }
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return all;
    }

    /// What is left in a mailbox; empty when that is plenty.
    Optional<Rooms.Room> left(Directory.Route.Mailbox box) {
        try {
            Optional<Path> maildir = homes.home(box.home() + "/Maildir");
            return maildir.isEmpty()
                    ? Optional.empty()
                    : left(maildir.get(), new MaildirQuota.Limit(box.quotaBytes(), box.quotaMessages()));
        } catch (IOException _) {
            return Optional.empty(); // its owner's alone, or gone: delivery will find out
        }
    }

    private Optional<Rooms.Room> left(Path maildir, MaildirQuota.Limit limit) throws IOException {
        if (limit.none()) {
            return Optional.empty();
        }
        MaildirQuota.Usage usage = new MaildirQuota(maildir, clock).usage();
        long bytes = limit.bytes() == 0 ? Long.MAX_VALUE / 10 : Math.max(0, limit.bytes() - usage.bytes());
        long messages = limit.messages() == 0 ? Long.MAX_VALUE / 10 : Math.max(0, limit.messages() - usage.messages());
        boolean nearly = (limit.bytes() > 0 && bytes < limit.bytes() / PART)
                || (limit.messages() > 0 && messages <= limit.messages() / PART);
        return bytes == 0 || messages == 0 || nearly ? Optional.of(new Rooms.Room(bytes, messages)) : Optional.empty();
    }
}
