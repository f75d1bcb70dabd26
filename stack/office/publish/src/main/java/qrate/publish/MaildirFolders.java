package qrate.publish;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import qrate.core.DurableFiles;
import qrate.core.FolderTree;

/// The folders of mailboxes: `domains/DOMAIN/USER/Maildir` (vpopmail's layout), made and removed.
public final class MaildirFolders {
    /// Owner and group may write, and what is made below belongs to the group too.
    private static final int MODE = 02770;

    /// The folder, beside those of mailboxes, of what is kept of removed ones: on the same disk, so that a rename does.
    /// No mailbox is called so.
    private static final String KEPT = ".deleted";

    private final Path domains;

    /// @param maildirs the volume
    public MaildirFolders(Path maildirs) {
        this.domains = maildirs.resolve("domains");
    }

    /// Where a mailbox lives, relative to the maildirs volume.
    public static String home(String domain, String local) {
        return "domains/" + domain + "/" + local;
    }

    /// Whether something that is no mailbox, such as a list's folder, stands where one would live.
    public boolean isTaken(String domain, String local) {
        Path home = domains.resolve(domain).resolve(local);
        return Files.exists(home, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(home.resolve("Maildir"));
    }

    /// Makes a domain's folder and MaildirFolders, or what is missing of them; durable. Folders are synced when all are
    /// made.
    void make(String domain, Collection<String> locals) throws IOException {
        Path folder = domains.resolve(domain);
        DurableFiles changed = new DurableFiles();
        make(domains, changed);
        make(folder, changed);
        for (String local : locals) {
            Path home = folder.resolve(local);
            Path maildir = home.resolve("Maildir");
            if (!Files.isDirectory(maildir.resolve("tmp"))) {
                make(home, changed);
                make(maildir, changed);
                for (String part : List.of("cur", "new", "tmp")) {
                    make(maildir.resolve(part), changed);
                }
            }
        }
        changed.sync();
    }

    private static void make(Path folder, DurableFiles changed) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setAttribute(folder, "unix:mode", MODE);
            changed.changed(Objects.requireNonNull(folder.getParent()));
        }
    }

    /// Whether a folder of a domain is a mailing list's: it has subscribers (ezmlm-make(1)).
    public boolean isList(String domain, String name) {
        return Files.isDirectory(
                domains.resolve(domain).resolve(name).resolve("subscribers"), LinkOption.NOFOLLOW_LINKS);
    }

    /// Names of a domain's mailing lists.
    ///
    /// @param mailboxes names of its mailboxes, whose folders, of which there may be thousands, are not looked into
    public List<String> lists(String domain, Set<String> mailboxes) {
        Path home = domains.resolve(domain);
        try (Stream<Path> folders = Files.list(home)) {
            return folders.map(folder -> String.valueOf(folder.getFileName()))
                    .filter(name -> !mailboxes.contains(name) && isList(domain, name))
                    .sorted()
                    .toList();
        } catch (IOException _) {
            return List.of(); // a domain without a folder has none
        }
    }

    /// How many messages mailboxes hold, in all folders.
    ///
    /// @return empty where it cannot be counted
    public OptionalLong messages(String domain, List<String> locals) {
        long all = 0;
        for (String local : locals) {
            Path maildir = domains.resolve(domain).resolve(local).resolve("Maildir");
            try (Stream<Path> folders = Files.list(maildir)) {
                List<Path> below = new ArrayList<>(List.of(maildir));
                folders.filter(one -> one.getFileName().toString().startsWith(".")
                                && Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                        .forEach(below::add);
                for (Path folder : below) {
                    all += count(folder.resolve("new")) + count(folder.resolve("cur"));
                }
            } catch (IOException | UncheckedIOException _) {
                return OptionalLong.empty(); // a number that is too low would be worse than none
            }
        }
        return OptionalLong.of(all);
    }

    private static long count(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /// Removes a mailbox, or a whole domain when `local` is empty; nothing happens when it is gone already.
    void remove(String domain, String local) throws IOException {
        FolderTree.remove(domains.resolve(domain).resolve(local));
    }

    /// Puts a mailbox aside, durably, where nobody delivers to it or reads it, until {@link #bringBack} or
    /// {@link #forget}; nothing happens when it is gone already.
    ///
    /// @param number of what is kept
    void keep(String domain, String local, long number) throws IOException {
        Path home = domains.resolve(domain).resolve(local);
        if (Files.exists(home, LinkOption.NOFOLLOW_LINKS)) { // a link, too: it goes, and what it leads to stays
            DurableFiles changed = new DurableFiles();
            make(domains.resolve(domain).resolve(KEPT), changed);
            move(home, kept(domain, number), changed);
        }
    }

    /// Puts what was kept of a mailbox back to where it was, durably; nothing happens when it is back already.
    ///
    /// @throws IOException also where something stands there
    void bringBack(String domain, String local, long number) throws IOException {
        if (Files.exists(kept(domain, number), LinkOption.NOFOLLOW_LINKS)) {
            move(kept(domain, number), domains.resolve(domain).resolve(local), new DurableFiles());
        }
    }

    private static void move(Path from, Path to, DurableFiles changed) throws IOException {
        if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(to.toString()); // a rename takes the place of a folder that is empty
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        changed.changed(Objects.requireNonNull(from.getParent()));
        changed.changed(Objects.requireNonNull(to.getParent()));
        changed.sync();
    }

    /// Removes what was kept of a mailbox, for good.
    public void forget(String domain, long number) throws IOException {
        FolderTree.remove(kept(domain, number));
    }

    /// Whether anything stands where a mailbox would live.
    public boolean isThere(String domain, String local) {
        return Files.exists(domains.resolve(domain).resolve(local), LinkOption.NOFOLLOW_LINKS);
    }

    private Path kept(String domain, long number) {
        return domains.resolve(domain).resolve(KEPT).resolve(Long.toString(number));
    }

    /// Forgets the counted size after a quota changed (Maildir++): whoever delivers next counts anew.
    public void forgetSize(String domain, String local) throws IOException {
        Files.deleteIfExists(domains.resolve(domain).resolve(local).resolve("Maildir/maildirsize"));
    }
}
