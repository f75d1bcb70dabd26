package qrate.maildir;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import qrate.core.Disk;
import qrate.core.Program;

/// The layout of a Maildir: `tmp`, `new`, `cur`.
public final class Maildir {
    /// The three folders, in the order they are made: who finds `tmp` finds the others.
    public static final List<String> FOLDERS = List.of("cur", "new", "tmp");

    /// How old a file in `tmp` must be to count as left behind (maildir(5)).
    public static final Duration TMP_AGE_MAX = Duration.ofHours(36);

    /// The folder for spam of a Maildir++.
    public static final String JUNK = ".Junk";

    /// A file in each folder of a Maildir++, by which programs tell it from a mailbox.
    private static final String FOLDER_MARK = "maildirfolder";

    private static final int SET_GROUP = 02000;

    private Maildir() {}

    /// Whether a Maildir that is missing may be made: {@link #JUNK} of one that is there, always.
    ///
    /// @param make whether any other may be
    public static boolean mayMake(Disk disk, String maildir, boolean make) throws IOException {
        return make || (isJunk(maildir) && disk.exists(above(maildir) + "/new"));
    }

    private static boolean isJunk(String maildir) {
        return maildir.endsWith("/" + JUNK);
    }

    private static String above(String maildir) {
        return maildir.substring(0, maildir.lastIndexOf('/'));
    }

    /// Makes what is missing of a Maildir, durably; its modes follow the umask, its group the folder above. With
    /// {@link #JUNK} goes the Maildir that it is a folder of.
    public static void make(Disk disk, String maildir) throws IOException {
        if (isJunk(maildir)) {
            if (!disk.exists(above(maildir) + "/tmp")) {
                make(disk, above(maildir));
            }
            disk.makeFolder(maildir);
            try {
                disk.create(maildir + "/" + FOLDER_MARK).close();
            } catch (FileAlreadyExistsException _) {
                // by another delivery of this moment, or a reader
            }
        }
        for (String folder : FOLDERS) {
            disk.makeFolder(maildir + "/" + folder);
        }
        disk.syncFolder(maildir);
        for (int slash = maildir.lastIndexOf('/'); slash > 0; slash = maildir.lastIndexOf('/', slash - 1)) {
            disk.syncFolder(maildir.substring(0, slash));
        }
        disk.syncFolder("");
    }

    /// Deletes what was left behind in `tmp` by writers that died.
    ///
    /// @param keep names that are not leftovers, whatever their age
    /// @return how many were deleted
    public static int cleanTmp(Path maildir, Instant now, Predicate<String> keep) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve("tmp"))) {
            for (Path file : files) {
                if (isOld(file, now) && !keep.test(file.getFileName().toString()) && Files.deleteIfExists(file)) {
                    deleted++;
                }
            }
        } catch (NoSuchFileException _) {
            // nothing to clean
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return deleted;
    }

    private static boolean isOld(Path file, Instant now) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            Instant used = found.lastModifiedTime().toInstant();
            return !found.isDirectory() && used.plus(TMP_AGE_MAX).isBefore(now);
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    /// For its owner alone, but where a folder gives its group to all that is in it, as the maildirs do.
    private static FileAttribute<?>[] modes(Path above) throws IOException {
        boolean shared = ((Integer) Files.getAttribute(above, "unix:mode") & SET_GROUP) != 0;
        return shared
                ? new FileAttribute<?>[0]
                : new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                };
    }

    /// `maildirmake dir` (maildirmake(1)): exit 0, 111 when it cannot, 100 for wrong usage.
    public static Program maildirmake() {
        return (arguments, stdio) -> {
            if (arguments.size() != 1) {
                stdio.err().println("maildirmake: usage: maildirmake dir");
                return 100;
            }
            try {
                Path maildir = Path.of(arguments.getFirst());
                FileAttribute<?>[] modes = modes(maildir.toAbsolutePath().getParent());
                Files.createDirectory(maildir, modes);
                for (String folder : FOLDERS) {
                    Files.createDirectory(maildir.resolve(folder), modes);
                }
                return 0;
            } catch (IOException | IllegalArgumentException e) {
                stdio.err().println("maildirmake: fatal: unable to make " + arguments.getFirst() + ": " + e);
                return 111;
            }
        };
    }
}
