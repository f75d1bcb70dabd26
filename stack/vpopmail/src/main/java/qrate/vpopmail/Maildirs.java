package qrate.vpopmail;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.List;
import java.util.Objects;
import qrate.core.DurableFile;

/// The folders of mailboxes: `domains/DOMAIN/USER/Maildir` (vpopmail's layout), made and removed.
///
/// Programs of a mailbox's owner may rename folders while they are removed here: removal goes by open folders, and
/// follows no link.
final class Maildirs {
    /// Owner and group may write, and what is made below belongs to the group too.
    private static final int MODE = 02770;

    /// Further looks at a folder that was not empty after all.
    private static final int LOOKS_MAX = 100;

    private final Path domains;

    Maildirs(Path maildirs) {
        this.domains = maildirs.resolve("domains");
    }

    /// Where a mailbox lives, relative to the maildirs volume.
    static String home(String domain, String local) {
        return "domains/" + domain + "/" + local;
    }

    /// Makes a domain's folder if it is missing.
    void makeDomain(String domain) throws IOException {
        make(domains);
        make(domains.resolve(domain));
    }

    /// Whether something that is no mailbox, such as a list's folder, stands where one would live.
    boolean isTaken(String domain, String local) {
        Path home = domains.resolve(domain).resolve(local);
        return Files.exists(home, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(home.resolve("Maildir"));
    }

    /// Makes a Maildir, or what is missing of it; durable.
    void make(String domain, String local) throws IOException {
        Path home = domains.resolve(domain).resolve(local);
        if (Files.isDirectory(home.resolve("Maildir/tmp"))) {
            return;
        }
        makeDomain(domain);
        make(home);
        Path maildir = home.resolve("Maildir");
        make(maildir);
        for (String part : List.of("cur", "new", "tmp")) {
            make(maildir.resolve(part));
        }
    }

    private static void make(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setAttribute(folder, "unix:mode", MODE);
            DurableFile.syncFolder(Objects.requireNonNull(folder.getParent()));
        }
    }

    /// Removes a mailbox, or a whole domain when `local` is empty; nothing happens when it is gone already.
    void remove(String domain, String local) throws IOException {
        Path parent = local.isEmpty() ? domains : domains.resolve(domain);
        String name = local.isEmpty() ? domain : local;
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
            if (!(stream instanceof SecureDirectoryStream<Path> folder)) {
                throw new IOException("this system cannot remove folders safely");
            }
            remove(folder, Path.of(name));
        } catch (NoSuchFileException _) {
            return;
        }
        DurableFile.syncFolder(parent);
    }

    /// Removes whatever has a name. A session of its owner may take files away meanwhile, or put one where this has
    /// been already.
    private static void remove(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        for (int more = LOOKS_MAX; ; more--) {
            try {
                removeOnce(parent, name);
                return;
            } catch (NoSuchFileException _) {
                return; // this one, since each below has its own look
            } catch (DirectoryNotEmptyException e) {
                if (more == 0) {
                    throw e;
                }
            }
        }
    }

    private static void removeOnce(SecureDirectoryStream<Path> parent, Path name) throws IOException {
        boolean isFolder = parent.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
        if (!isFolder) {
            parent.deleteFile(name);
            return;
        }
        try (SecureDirectoryStream<Path> folder = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (Path entry : folder) {
                remove(folder, Objects.requireNonNull(entry.getFileName()));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        parent.deleteDirectory(name);
    }

    /// Forgets the counted size after a quota changed (Maildir++): whoever delivers next counts anew.
    void forgetSize(String domain, String local) throws IOException {
        Files.deleteIfExists(domains.resolve(domain).resolve(local).resolve("Maildir/maildirsize"));
    }
}
