package qrate.backup;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import qrate.core.DurableFile;
import qrate.core.FolderTree;
import qrate.core.State;
import qrate.snapshots.Assignments;

/// Makes an empty state what a backup says.
final class Restore {
    private static final String LEDGER = "queue/ledger/";

    /// Makes the folders of a state that are missing.
    @FunctionalInterface
    interface Folders {
        void make(State state) throws IOException;
    }

    private final State state;
    private final Folders folders;
    private final boolean chown;
    private final InstantSource clock;

    /// @param chown whether what is restored is given to the owner of the folder that it is in
    Restore(State state, Folders folders, boolean chown, InstantSource clock) {
        this.state = state;
        this.folders = folders;
        this.chown = chown;
        this.clock = clock;
    }

    /// Why nothing can be restored here, or empty.
    Optional<String> obstacle(Verified backup) throws IOException {
        if (Files.exists(state.run().resolve("send.sock"))) {
            return Optional.of(state.root() + " is in use: stop it first");
        }
        Path largest = Files.exists(state.maildirs()) ? state.maildirs() : state.root();
        long room = Files.exists(largest) ? largest.toFile().getUsableSpace() : Long.MAX_VALUE;
        if (room < backup.bytes()) {
            return Optional.of("no room: " + backup.bytes() + " bytes are needed, " + room + " are free");
        }
        if (Files.exists(state.restoring())) {
            return Optional.empty(); // of a restore that was cut off
        }
        for (String top : backup.tops()) {
            Optional<Path> first = firstFile(state.root().resolve(top));
            if (first.isPresent()) {
                return Optional.of(first.get() + " is there already: a restore needs an empty state");
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> firstFile(Path top) throws IOException {
        if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.walk(top)) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .findFirst();
        }
    }

    /// Does it.
    ///
    /// @return how many deliveries were found made that the queue still owes
    /// @throws IOException when it could not be finished; it can be begun again
    int run(Verified backup) throws IOException {
        folders.make(state);
        if (Files.exists(state.restoring())) {
            for (String top : backup.tops()) {
                empty(state.root().resolve(top));
            }
            folders.make(state);
        }
        DurableFile.write(state.restoring(), new byte[0]);
        List<ManifestEntry> made = new ArrayList<>();
        Manifest.read(backup.backup(), entry -> {
            put(backup, entry);
            if (entry.kind() == ManifestEntry.Kind.FOLDER) {
                made.add(entry);
            }
        });
        for (ManifestEntry folder : made.reversed()) {
            Path path = state.root().resolve(folder.path());
            Files.setPosixFilePermissions(path, Copies.permissions(folder.mode()));
            DurableFile.syncFolder(path);
        }
        assignments(backup.head().maildirs());
        int doubles = Doubles.note(state, clock);
        for (String top : chown ? backup.tops() : List.<String>of()) {
            own(state.root().resolve(top));
        }
        if (Files.isWritable(state.root())) { // in containers each folder is a volume
            DurableFile.syncFolder(state.root());
        }
        Files.delete(state.restoring());
        DurableFile.syncFolder(state.queue());
        return doubles;
    }

    /// Takes away what a restore that was cut off has made; the mark stays.
    private void empty(Path top) throws IOException {
        if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(top);
            return;
        }
        try (Stream<Path> below = Files.list(top)) {
            for (Path path : below.toList()) {
                if (!path.equals(state.restoring())) {
                    FolderTree.remove(path);
                }
            }
        }
    }

    private void put(Verified backup, ManifestEntry entry) throws IOException {
        Path path = state.root().resolve(entry.path());
        Path from = backup.backup().resolve(Manifest.STATE).resolve(entry.path());
        switch (entry.kind()) {
            case FOLDER -> Files.createDirectories(path);
            case LINK -> Files.createSymbolicLink(path, entry.target());
            case FILE -> {
                if (entry.name().startsWith(LEDGER)) {
                    ledger(from, path, backup.head().frozen());
                } else {
                    copy(from, path);
                }
                Files.setPosixFilePermissions(path, Copies.permissions(entry.mode()));
                Files.setLastModifiedTime(path, FileTime.from(entry.modified(), TimeUnit.NANOSECONDS));
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }
        }
    }

    /// `Files.copy` asks access(2) first, which knows nothing of the capability by which root's restore reads.
    private static void copy(Path from, Path to) throws IOException {
        try (InputStream in = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS);
                OutputStream out = Files.newOutputStream(to)) {
            in.transferTo(out);
        }
    }

    /// `users/assign` names homes in full; here they lie elsewhere.
    private void assignments(String before) throws IOException {
        Path assign = state.users().resolve("assign");
        if (!Files.exists(assign) || before.equals(state.maildirs().toString())) {
            return;
        }
        String text = Files.readString(assign);
        String moved = text.replace(":" + before + "/", ":" + state.maildirs() + "/");
        DurableFile.write(assign, moved.getBytes(StandardCharsets.UTF_8));
        List<String> lines = moved.lines().filter(line -> !line.equals(".")).toList();
        Assignments.toCdb(lines).write(state.users().resolve("cdb"), "rw-r-----");
    }

    /// The ledger was copied after the queue: what it says of later is no part of what is restored.
    private static void ledger(Path from, Path to, Instant frozen) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(from, StandardCharsets.ISO_8859_1);
                BufferedWriter out = Files.newBufferedWriter(to, StandardCharsets.ISO_8859_1)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!isAfter(line, frozen)) {
                    out.write(line + "\n");
                }
            }
        }
    }

    private static boolean isAfter(String line, Instant frozen) {
        try {
            return Instant.parse(line.substring(0, Math.max(line.indexOf(' '), 0)))
                    .isAfter(frozen);
        } catch (DateTimeException _) {
            return false;
        }
    }

    /// Gives everything below a folder to the folder's owner and group. Nothing runs here yet, and links are given,
    /// not followed. In mailboxes and lists, where two services share the group only, it may what the owner may:
    /// in one process, from which a backup may come, one user does both.
    private static void own(Path top) throws IOException {
        Object uid = Files.getAttribute(top, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Object gid = Files.getAttribute(top, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        boolean shared = top.endsWith("maildirs");
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                return visitFile(folder, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                if (!path.equals(top)) {
                    Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                    Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
                    if (shared && !attributes.isSymbolicLink()) {
                        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
                        Files.setAttribute(path, "unix:mode", mode | (mode & 0700) >> 3);
                    }
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
