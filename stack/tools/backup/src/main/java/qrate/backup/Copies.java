package qrate.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import qrate.maildir.MaildirName;

/// Puts files into a backup: as a second name of the same file in the backup before, where that has it, else as a copy
/// that is durable and known by its sum.
final class Copies implements Tree.Visitor {
    private static final int CHUNK_BYTES = 256 << 10;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> PRIVATE_FOLDER = PosixFilePermissions.fromString("rwx------");

    /// What is done while files are copied, before each: a freeze wants to be kept.
    interface Pulse {
        void beat() throws IOException;
    }

    /// The backup before.
    ///
    /// @param folder its `state`
    /// @param known by {@link #key}
    record Before(Path folder, Map<String, ManifestEntry> known) {
        static Before none() {
            return new Before(Path.of("/"), Map.of());
        }

        static Before of(Path backup) throws IOException {
            Map<String, ManifestEntry> known = new HashMap<>();
            Manifest.read(backup, entry -> {
                if (entry.kind() == ManifestEntry.Kind.FILE) {
                    known.put(key(entry.name()), entry);
                }
            });
            return new Before(backup.resolve(Manifest.STATE), known);
        }
    }

    private final Path target;
    private final Before before;
    private final Manifest.Writer manifest;
    private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    private Predicate<Path> skip = _ -> false;
    private Pulse pulse = () -> {};
    private Optional<List<ManifestEntry>> staged = Optional.empty();
    private long files;
    private long bytes;
    private long copied;

    /// @param target the new backup's `state`, which is made
    Copies(Path target, Before before, Manifest.Writer manifest) throws IOException {
        this.target = target;
        this.before = before;
        this.manifest = manifest;
        Files.createDirectory(target, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
    }

    /// Leaves out what fits, from now on.
    void skip(Predicate<Path> names) {
        this.skip = names;
    }

    /// Does something before each file, from now on.
    void pulse(Pulse next) {
        this.pulse = next;
    }

    /// From now on what is put in counts only once it is said to: for files that must fit together.
    Staged stage() {
        return new Staged();
    }

    /// What was put in since {@link #stage()}.
    final class Staged {
        private final List<ManifestEntry> entries = new ArrayList<>();
        private final long filesBefore = files;
        private final long bytesBefore = bytes;
        private final long copiedBefore = copied;

        private Staged() {
            staged = Optional.of(entries);
        }

        void keep() throws IOException {
            staged = Optional.empty();
            for (ManifestEntry entry : entries) {
                manifest.add(entry);
            }
        }

        void undo() throws IOException {
            staged = Optional.empty();
            for (ManifestEntry entry : entries.reversed()) {
                Files.delete(target.resolve(entry.path()));
            }
            files = filesBefore;
            bytes = bytesBefore;
            copied = copiedBefore;
        }
    }

    private void add(ManifestEntry entry) throws IOException {
        if (staged.isPresent()) {
            staged.get().add(entry);
        } else {
            manifest.add(entry);
        }
    }

    /// What was put in so far, in words.
    String sums() {
        return files + " files, " + bytes + " bytes, of which " + copied + " were copied";
    }

    /// What stays of a name when a message moves from `new` to `cur` or gets flags.
    static String key(String name) {
        int cut = name.lastIndexOf('/');
        String folder = name.substring(0, Math.max(cut, 0));
        boolean message = folder.endsWith("/new") || folder.endsWith("/cur");
        return message ? folder.substring(0, folder.length() - 4) + "//" + unique(name.substring(cut + 1)) : name;
    }

    /// What stays of an encoded file name while flags change.
    static String unique(String encoded) {
        return MaildirName.unique(encoded.replace("%3A", ":"));
    }

    @Override
    public boolean skips(Path name) {
        return skip.test(name);
    }

    @Override
    public void folder(Path name, PosixFileAttributes attributes) throws IOException {
        Path made = target.resolve(name);
        if (!Files.isDirectory(made, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(made, PosixFilePermissions.asFileAttribute(PRIVATE_FOLDER));
            add(entry(ManifestEntry.Kind.FOLDER, attributes, 0, "-", name));
        }
    }

    @Override
    public void link(Path file, Path name, PosixFileAttributes attributes) throws IOException {
        Path leads = Files.readSymbolicLink(file);
        Files.createSymbolicLink(target.resolve(name), leads);
        add(entry(ManifestEntry.Kind.LINK, attributes, 0, ManifestEntry.encodeTarget(leads), name));
    }

    @Override
    public void file(SecureDirectoryStream<Path> in, Path name, PosixFileAttributes attributes) throws IOException {
        pulse.beat();
        String encoded = ManifestEntry.encode(name);
        Optional<ManifestEntry> same = Optional.ofNullable(before.known.get(key(encoded)))
                .filter(entry -> entry.size() == attributes.size() && entry.modified() == nanos(attributes));
        Path made = target.resolve(name);
        if (same.isPresent() && linked(made, same.get())) {
            bytes += attributes.size();
            add(entry(
                    ManifestEntry.Kind.FILE,
                    attributes,
                    attributes.size(),
                    same.get().sum(),
                    name));
        } else {
            copy(in, name, attributes, made);
        }
        files++;
    }

    private boolean linked(Path made, ManifestEntry same) throws IOException {
        Path old = before.folder.resolve(same.path());
        try {
            if (Files.size(old) == same.size()) {
                Files.createLink(made, old);
                return true;
            }
        } catch (NoSuchFileException | UnsupportedOperationException _) {
            // not there any more, or a place without hard links
        }
        return false;
    }

    private void copy(SecureDirectoryStream<Path> in, Path name, PosixFileAttributes attributes, Path made)
            throws IOException {
        MessageDigest digest = Manifest.sha256();
        long size = 0;
        try (SeekableByteChannel from = in.newByteChannel(
                        name.getFileName(), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                FileChannel to = FileChannel.open(
                        made,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PRIVATE))) {
            while (from.read(chunk.clear()) >= 0) {
                chunk.flip();
                size += chunk.remaining();
                digest.update(chunk.duplicate());
                while (chunk.hasRemaining()) {
                    to.write(chunk);
                }
            }
            to.force(false);
        }
        Files.setLastModifiedTime(made, FileTime.from(nanos(attributes), TimeUnit.NANOSECONDS));
        bytes += size;
        copied += size;
        add(entry(ManifestEntry.Kind.FILE, attributes, size, HexFormat.of().formatHex(digest.digest()), name));
    }

    private static ManifestEntry entry(
            ManifestEntry.Kind kind, PosixFileAttributes attributes, long size, String sum, Path name) {
        return new ManifestEntry(
                kind, mode(attributes.permissions()), size, nanos(attributes), sum, ManifestEntry.encode(name));
    }

    private static long nanos(PosixFileAttributes attributes) {
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
    }

    static int mode(Set<PosixFilePermission> permissions) {
        List<PosixFilePermission> bits = List.of(PosixFilePermission.values());
        return permissions.stream().mapToInt(bit -> 0400 >> bits.indexOf(bit)).sum();
    }

    static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = new HashSet<>(Set.of(PosixFilePermission.values()));
        List<PosixFilePermission> bits = List.of(PosixFilePermission.values());
        permissions.removeIf(bit -> (mode & 0400 >> bits.indexOf(bit)) == 0);
        return permissions;
    }
}
