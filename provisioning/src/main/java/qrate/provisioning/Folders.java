package qrate.provisioning;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
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

    /// The password oracle, and the group of those who may read hashes.
    static final int VCHKPW = 7795;

    /// One folder: who owns it, which group, which mode.
    record Folder(String name, int uid, int gid, int mode) {}

    /// Set-group-ID, so that whatever is made below is of the same group; nothing for others.
    static final List<Folder> TABLE = List.of(
            new Folder("control", VADMIN, QMAIL, 02770),
            new Folder("users", VADMIN, QMAIL, 02770),
            new Folder("users/domains", VADMIN, QMAIL, 02770),
            new Folder("passwords", VADMIN, VCHKPW, 02770),
            new Folder("vchkpw", VCHKPW, QMAIL, 02750),
            new Folder("maildirs", VPOPMAIL, VPOPMAIL, 02770),
            new Folder("maildirs/domains", VPOPMAIL, VPOPMAIL, 02770),
            new Folder("maildirs/alias", VPOPMAIL, VPOPMAIL, 02770),
            new Folder("queue", QMAILQ, QMAILQ, 02770),
            new Folder("tls", VADMIN, QMAIL, 02770),
            new Folder("db", VADMIN, VADMIN, 0700),
            new Folder("run", QMAILQ, QMAIL, 02770));

    /// As deep as a Maildir's own folders lie below `maildirs`: messages are never looked at.
    private static final int DEPTH = 5;

    private Folders() {}

    /// Makes folders that are missing, and gives each its owner and mode where that is asked for.
    ///
    /// @param chown whether owners and groups are set; needs CHOWN and FOWNER
    static void make(State state, boolean chown) throws IOException {
        for (Folder folder : TABLE) {
            Path path = state.root().resolve(folder.name());
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

    /// Gives files made just now, by this program, to whoever owns the folder they are in. The rest of the system may
    /// run meanwhile: what goes while it is looked at was not made here.
    static void ownContents(State state) throws IOException {
        for (Folder folder : TABLE) {
            Path path = state.root().resolve(folder.name());
            int uid = (int) Files.getAttribute(path, "unix:uid");
            Files.walkFileTree(path, Set.of(), DEPTH, new Giving(uid, folder.gid()));
        }
    }

    /// Gives away whatever it comes by that is root's.
    private static final class Giving extends SimpleFileVisitor<Path> {
        private final int uid;
        private final int gid;

        Giving(int uid, int gid) {
            this.uid = uid;
            this.gid = gid;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
            return visitFile(folder, attributes);
        }

        @Override
        public FileVisitResult visitFile(Path entry, BasicFileAttributes attributes) throws IOException {
            try {
                boolean mine = (int) Files.getAttribute(entry, "unix:uid", LinkOption.NOFOLLOW_LINKS) == ROOT;
                if (mine && !attributes.isSymbolicLink()) {
                    own(entry, uid, gid);
                }
                return FileVisitResult.CONTINUE;
            } catch (NoSuchFileException e) {
                return visitFileFailed(entry, e);
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path entry, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
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
