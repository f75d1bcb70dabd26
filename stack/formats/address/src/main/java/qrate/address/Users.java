package qrate.address;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import qrate.cdb.Cdb;

/// Looks recipients up in users/cdb (qmail-users(5), qmail-lspawn(8)): the whole name first, then the longest prefix.
///
/// The file is a snapshot; it is opened again when another one stands in its place, which is looked for once a second,
/// and before it is said that somebody is not in it.
public final class Users implements AutoCloseable {
    private static final int FIELDS = 6;

    /// How long a file may be stale for whoever stands in it, in nanoseconds.
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Seen(Object inode, long modified, long size) {}

    private final Path file;
    private Optional<Seen> seen = Optional.empty();
    private Optional<Cdb> cdb = Optional.empty();
    private long looked;

    /// @param folder `users`, with the file `cdb`; without that file nobody is assigned
    public Users(Path folder) {
        this.file = folder.resolve("cdb");
    }

    /// The user for a local part; empty when none is assigned.
    ///
    /// @throws IOException when the file is there and cannot be read, or is damaged
    public synchronized Optional<User> find(String local) throws IOException {
        if (cdb.isPresent() && System.nanoTime() - looked < RECHECK_NANOS) {
            Optional<User> known = known(local);
            if (known.isPresent()) {
                return known;
            }
        }
        refresh();
        return known(local);
    }

    private Optional<User> known(String local) throws IOException {
        if (cdb.isEmpty()) {
            return Optional.empty();
        }
        byte[] name = bytes("!" + local.toLowerCase(Locale.ROOT));
        Optional<byte[]> exact = cdb.get().get(Arrays.copyOf(name, name.length + 1));
        if (exact.isPresent()) {
            return Optional.of(parse(exact.get(), ""));
        }
        // the record under the empty key lists the characters a wildcard may end in (qmail-newu(8))
        Optional<byte[]> ends = cdb.get().get(new byte[0]);
        byte[] whole = bytes(local);
        boolean sameLength = whole.length == name.length - 1;
        for (int length = name.length - 1; length >= 0; length--) {
            if (length == 0 || ends.isEmpty() || contains(ends.get(), name[length])) {
                Optional<byte[]> found = cdb.get().get(Arrays.copyOf(name, length + 1));
                if (found.isPresent()) {
                    byte[] rest = sameLength
                            ? Arrays.copyOfRange(whole, length, whole.length)
                            : Arrays.copyOfRange(name, length + 1, name.length);
                    return Optional.of(parse(found.get(), new String(rest, StandardCharsets.UTF_8)));
                }
            }
        }
        return Optional.empty();
    }

    private User parse(byte[] value, String rest) throws IOException {
        String[] fields = new String(value, StandardCharsets.UTF_8).split("\0", -1);
        if (fields.length < FIELDS - 1) {
            throw new IOException(file + ": damaged: an entry with " + fields.length + " fields");
        }
        String ext = fields.length < FIELDS ? "" : fields[5];
        try {
            return new User(
                    fields[0], Long.parseLong(fields[1]), Long.parseLong(fields[2]), fields[3], fields[4], ext + rest);
        } catch (NumberFormatException e) {
            throw new IOException(file + ": damaged: uid or gid of " + fields[0] + " is no number", e);
        }
    }

    private void refresh() throws IOException {
        Optional<Seen> now = look();
        looked = System.nanoTime();
        if (now.equals(seen) && now.isPresent() == cdb.isPresent()) {
            return;
        }
        close();
        if (now.isPresent()) {
            cdb = Optional.of(Cdb.open(file));
        }
        seen = now;
    }

    private Optional<Seen> look() throws IOException {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(
                    new Seen(found.fileKey(), found.lastModifiedTime().toMillis(), found.size()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static boolean contains(byte[] set, byte wanted) {
        for (byte b : set) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void close() {
        cdb.ifPresent(Cdb::close);
        cdb = Optional.empty();
        seen = Optional.empty();
    }
}
