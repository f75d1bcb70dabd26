package qrate.provisioning;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.State;

/// The folders of a state, and in containers whose they are.
final class Folders {
    static final int ROOT = 0;
    static final int QMAILD = 7791;
    static final int QMAILR = 7792;
    static final int QMAILQ = 7793;
    static final int VADMIN = 7794;
    static final int VPOPMAIL = 7789;

    /// Shared group of control, users, tls and run.
    static final int QMAIL = 7790;

    /// Who gets certificates.
    static final int QMAILT = 7796;

    /// The password oracle, and the group of those who may read hashes.
    static final int VCHKPW = 7795;

    /// Who holds the keys that mail is signed with.
    static final int QMAILK = 7797;

    /// The gate.
    static final int QMAILG = 7798;

    /// One folder: who owns it, which group, which mode.
    record Folder(String name, int uid, int gid, int mode) {}

    /// Set-group-ID, so that whatever is made below is of the same group; nothing for others.
    static final List<Folder> TABLE = List.of(
            new Folder("control", VADMIN, QMAIL, 02770),
            new Folder("users", VADMIN, QMAIL, 02770),
            new Folder("users/domains", VADMIN, QMAIL, 02770),
            new Folder("passwords", VADMIN, VCHKPW, 02770),
            new Folder("vchkpw", VCHKPW, QMAIL, 02750),
            new Folder("keys", QMAILK, QMAILK, 0700),
            new Folder("signer", QMAILK, QMAIL, 02750),
            new Folder("gate", QMAILG, QMAIL, 02750),
            new Folder("gate/reports", QMAILG, QMAIL, 02770),
            new Folder("maildirs", VPOPMAIL, VPOPMAIL, 02770),
            new Folder("maildirs/domains", VPOPMAIL, VPOPMAIL, 02770),
            new Folder("maildirs/alias", VPOPMAIL, VPOPMAIL, 02770),
            new Folder("queue", QMAILQ, QMAILQ, 02770),
            new Folder("tls", QMAILT, QMAIL, 02770),
            new Folder("db", VADMIN, VADMIN, 0700),
            new Folder("run", QMAILQ, QMAIL, 02770));

    /// As deep as a Maildir's own folders lie below `maildirs`: messages are never looked at.
    private static final int DEPTH = 5;

    private static final int OTHERS = 07;
    private static final String UP = "./qrate down, then ./qrate up";

    private Folders() {}

    /// Makes folders that are missing, and gives each its owner and mode where that is asked for.
    ///
    /// @param chown whether owners and groups are set; needs CHOWN and FOWNER
    /// @throws IOException when one is a link of somebody who may write there only; a volume may be root's
    ///     link to another disk
    static void make(State state, boolean chown) throws IOException {
        for (Folder folder : TABLE) {
            Path path = state.root().resolve(folder.name());
            boolean inVolume = folder.name().indexOf('/') >= 0;
            if (Files.isSymbolicLink(path)
                    && (inVolume || (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) != ROOT)) {
                throw new IOException(path + ": is a link, and should be a folder");
            }
            boolean made = !Files.exists(path);
            Files.createDirectories(path);
            if (chown) {
                own(path, folder.uid(), folder.gid());
            }
            if ((made || chown) && mode(path) != folder.mode()) {
                Files.setAttribute(path, "unix:mode", folder.mode());
            }
        }
    }

    /// Gives files made just now, by this program, to whoever owns the folder they are in. The rest of the
    /// system may run meanwhile: what goes while it is looked at was not made here, and each name is opened
    /// from its own folder, never through a link, so that nobody leads this program elsewhere.
    static void ownContents(State state) throws IOException {
        for (Folder folder : TABLE) {
            if (folder.name().indexOf('/') >= 0) {
                continue; // below one of the others
            }
            try (DirectoryStream<Path> names =
                    Files.newDirectoryStream(state.root().resolve(folder.name()))) {
                if (!(names instanceof SecureDirectoryStream<Path> below)) {
                    throw new IOException("this system's folders cannot be walked without following links");
                }
                UserPrincipalLookupService numbers =
                        state.root().getFileSystem().getUserPrincipalLookupService();
                UserPrincipal owner = below.getFileAttributeView(PosixFileAttributeView.class)
                        .readAttributes()
                        .owner();
                GroupPrincipal group = numbers.lookupPrincipalByGroupName(Integer.toString(folder.gid()));
                new Giving(numbers.lookupPrincipalByName(Integer.toString(ROOT)), owner, group).below(below, DEPTH);
            }
        }
    }

    /// Gives away whatever it comes by that is root's.
    private record Giving(UserPrincipal root, UserPrincipal owner, GroupPrincipal group) {
        void below(SecureDirectoryStream<Path> folder, int depth) throws IOException {
            try {
                for (Path entry : folder) {
                    PosixFileAttributeView view = folder.getFileAttributeView(
                            entry.getFileName(), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                    one(folder, entry.getFileName(), view, depth);
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }

        private void one(SecureDirectoryStream<Path> folder, Path name, PosixFileAttributeView view, int depth)
                throws IOException {
            Optional<PosixFileAttributes> before = attributes(view);
            if (before.isEmpty()) {
                return;
            }
            try {
                give(folder, name, view, before.get(), depth);
            } catch (NoSuchFileException _) {
                // it went meanwhile; one of its name and number may have come since, which was not made here
            } catch (FileSystemException e) {
                Object key = before.get().fileKey();
                if (attributes(view).filter(now -> now.fileKey().equals(key)).isPresent()) {
                    throw e;
                }
                // it is another thing by now, a link perhaps: nothing that was made here
            }
        }

        private static Optional<PosixFileAttributes> attributes(PosixFileAttributeView view) throws IOException {
            try {
                return Optional.of(view.readAttributes());
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        }

        private void give(
                SecureDirectoryStream<Path> folder,
                Path name,
                PosixFileAttributeView view,
                PosixFileAttributes found,
                int depth)
                throws IOException {
            boolean giveable = found.isRegularFile() || found.isDirectory(); // to open a pipe may take for ever
            if (giveable && found.owner().equals(root)) {
                view.setOwner(owner);
                view.setGroup(group);
            }
            if (found.isDirectory() && depth > 1) {
                try (SecureDirectoryStream<Path> below = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    below(below, depth - 1);
                }
            }
        }
    }

    /// What is not as {@link #make} leaves it, each with the command that mends it.
    ///
    /// @param owners whether each has the owner and group of the table, as in containers
    static Map<String, String> wrong(State state, boolean owners) throws IOException {
        Map<String, String> wrong = new LinkedHashMap<>();
        for (Folder folder : TABLE) {
            Path path = state.root().resolve(folder.name());
            if (!Files.isDirectory(path)) {
                wrong.put(path + " is missing", UP);
            } else if (owners && !isAs(folder, path)) {
                wrong.put(path + " has not the owner, group and mode that it should have", UP);
            } else if ((mode(path) & OTHERS) != 0) {
                wrong.put("everybody on this machine gets into " + path, "chmod o-rwx " + path);
            }
        }
        return wrong;
    }

    private static boolean isAs(Folder folder, Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid") == folder.uid()
                && (int) Files.getAttribute(path, "unix:gid") == folder.gid()
                && mode(path) == folder.mode();
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & 07777;
    }

    private static void own(Path path, int uid, int gid) throws IOException {
        // a change of owner takes set-group-ID away from programs, so nothing is written that is so already
        if ((int) Files.getAttribute(path, "unix:uid") != uid) {
            Files.setAttribute(path, "unix:uid", uid);
        }
        if ((int) Files.getAttribute(path, "unix:gid") != gid) {
            Files.setAttribute(path, "unix:gid", gid);
        }
    }
}
