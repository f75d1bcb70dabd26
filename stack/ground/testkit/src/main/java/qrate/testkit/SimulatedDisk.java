package qrate.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.core.Disk;

/// A disk in memory that keeps only what was synced, and may lose, keep or tear the rest at a crash.
///
/// The crash comes at a chosen step (each call that changes the disk is one): the step has its effect or not, as the
/// seed says, every later call fails, and {@link #restart()} gives the disk as the next boot finds it. A rename is
/// atomic: a crash shows the old name or the new one. Bytes that were not synced may be there in part, with garbage
/// in the last sector.
public final class SimulatedDisk implements Disk {
    /// The simulated machine stopped; nothing may catch it but the test.
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1L;

        Crash(long step) {
            super("crash at step " + step);
        }
    }

    private static final int SECTOR_BYTES = 512;

    private static final class Inode {
        byte[] synced = new byte[0];
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        /// most zeros that may stand behind its end
        int ahead;
    }

    /// A change of names that is not durable yet: a full name each, and what it points to then (null: gone).
    private record NameChange(Map<String, Inode> after) {}

    private final Random random;
    private final Map<String, Inode> durable = new TreeMap<>();
    private final TreeSet<String> folders = new TreeSet<>(List.of(""));
    private final Map<String, Inode> names = new TreeMap<>();
    private final List<NameChange> pending = new ArrayList<>();
    private long step;
    private long crashAt = Long.MAX_VALUE;
    private boolean down;
    private IOException fault;
    private long room = Long.MAX_VALUE;

    /// @param seed decides what a crash leaves of what was not synced: the same seed, the same crash
    public SimulatedDisk(long seed) {
        this.random = new Random(seed);
    }

    /// Steps taken so far.
    public synchronized long steps() {
        return step;
    }

    /// Crashes at the given step from the start of this disk's life; 0 is the first.
    public synchronized void crashAt(long steps) {
        this.crashAt = steps;
    }

    /// Crashes now, between two steps.
    public synchronized void crash() {
        down = true;
    }

    /// Whether the crash has come.
    public synchronized boolean down() {
        return down;
    }

    /// Makes every change fail with this exception until it is called with null: a full, broken or read-only disk.
    public synchronized void fault(IOException exception) {
        this.fault = exception;
    }

    /// Lets only so many more bytes be written; then writes fail as on a full disk.
    public synchronized void room(long bytes) {
        this.room = bytes;
    }

    /// Flips one synced bit, as a failing disk does.
    public synchronized void corrupt(String file, int offset) throws IOException {
        Inode inode = inode(file);
        byte[] bytes = inode.content.toByteArray();
        bytes[offset] ^= 0x10;
        inode.content = copy(bytes);
        inode.synced = bytes;
    }

    /// The disk as the next boot finds it.
    public synchronized SimulatedDisk restart() {
        SimulatedDisk next = new SimulatedDisk(random.nextLong());
        Map<String, Inode> found = new TreeMap<>(durable);
        for (NameChange change : pending) {
            if (random.nextBoolean()) {
                change.after.forEach((name, inode) -> {
                    if (inode == null) {
                        found.remove(name);
                    } else {
                        found.values().removeIf(other -> other == inode);
                        found.put(name, inode);
                    }
                });
            }
        }
        next.folders.addAll(folders);
        Map<Inode, Inode> copies = new HashMap<>();
        found.forEach((name, inode) -> {
            Inode copy = copies.computeIfAbsent(inode, this::survivor);
            next.durable.put(name, copy);
            next.names.put(name, copy);
        });
        return next;
    }

    /// What is left of a file: the synced bytes, and none, some or all of the others, the last sector perhaps torn.
    private Inode survivor(Inode inode) {
        Inode copy = new Inode();
        byte[] all = inode.content.toByteArray();
        int from = Math.min(inode.synced.length, all.length);
        byte[] left = all;
        switch (random.nextInt(4)) {
            case 0 -> left = inode.synced;
            case 1 -> {
                /* everything made it */
            }
            case 2 -> left = Arrays.copyOf(all, from + random.nextInt(all.length - from + 1));
            default -> {
                left = Arrays.copyOf(all, from + random.nextInt(all.length - from + 1));
                for (int i = Math.max(from, left.length - SECTOR_BYTES); i < left.length; i++) {
                    left[i] = random.nextBoolean() ? 0 : (byte) random.nextInt();
                }
            }
        }
        if (inode.ahead > 0) {
            left = amongZeros(left, from, inode.ahead);
        }
        copy.synced = left;
        copy.content = copy(left);
        return copy;
    }

    /// Where zeros stood before, each sector that was not synced made it or did not, and zeros are left behind the end.
    private byte[] amongZeros(byte[] left, int from, int ahead) {
        byte[] bytes = Arrays.copyOf(left, left.length + random.nextInt(ahead + 1));
        for (int sector = from / SECTOR_BYTES * SECTOR_BYTES; sector < left.length; sector += SECTOR_BYTES) {
            if (random.nextBoolean()) {
                Arrays.fill(bytes, Math.max(from, sector), Math.min(left.length, sector + SECTOR_BYTES), (byte) 0);
            }
        }
        return bytes;
    }

    private static ByteArrayOutputStream copy(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.max(32, bytes.length));
        out.writeBytes(bytes);
        return out;
    }

    @Override
    public synchronized void makeFolder(String folder) throws IOException {
        change(() -> {
            for (int i = folder.indexOf('/'); i >= 0; i = folder.indexOf('/', i + 1)) {
                folders.add(folder.substring(0, i));
            }
            folders.add(folder);
        });
    }

    @Override
    public synchronized Appender create(String file) throws IOException {
        check();
        if (names.containsKey(file)) {
            throw new FileAlreadyExistsException(file);
        }
        if (!folders.contains(folderOf(file))) {
            throw new NoSuchFileException(folderOf(file));
        }
        Inode inode = new Inode();
        change(() -> rename(Map.of(file, inode)));
        return new SimulatedAppender(inode);
    }

    @Override
    public synchronized Appender append(String file, long keep) throws IOException {
        Inode inode = inode(file);
        change(() -> {
            byte[] bytes = Arrays.copyOf(inode.content.toByteArray(), (int) keep);
            inode.content = copy(bytes);
            // a cut tail may come back after a crash only as the synced bytes it was
        });
        return new SimulatedAppender(inode);
    }

    @Override
    public synchronized InputStream read(String file, long offset) throws IOException {
        check();
        byte[] bytes = inode(file).content.toByteArray();
        int from = (int) Math.min(offset, bytes.length);
        return new ByteArrayInputStream(bytes, from, bytes.length - from);
    }

    @Override
    public synchronized long size(String file) throws IOException {
        check();
        return inode(file).content.size();
    }

    @Override
    public synchronized boolean exists(String name) throws IOException {
        check();
        return names.containsKey(name) || folders.contains(name);
    }

    @Override
    public synchronized List<String> list(String folder) throws IOException {
        check();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        TreeSet<String> found = new TreeSet<>();
        for (String name : names.keySet()) {
            if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
                found.add(name.substring(prefix.length()));
            }
        }
        for (String name : folders) {
            if (name.length() > prefix.length() && name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
                found.add(name.substring(prefix.length()));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Inode inode = inode(from);
        if (!folders.contains(folderOf(to))) {
            throw new NoSuchFileException(folderOf(to));
        }
        change(() -> {
            Map<String, Inode> after = new HashMap<>();
            after.put(from, null);
            after.put(to, inode);
            rename(after);
        });
    }

    @Override
    public synchronized void delete(String file) throws IOException {
        check();
        if (names.containsKey(file)) {
            change(() -> {
                Map<String, Inode> after = new HashMap<>();
                after.put(file, null);
                rename(after);
            });
        }
    }

    @Override
    public synchronized void syncFolder(String folder) throws IOException {
        change(() -> {
            for (int i = 0; i < pending.size(); i++) {
                NameChange change = pending.get(i);
                if (change.after.keySet().stream()
                        .anyMatch(name -> folderOf(name).equals(folder))) {
                    change.after.forEach((name, inode) -> {
                        if (inode == null) {
                            durable.remove(name);
                        } else {
                            durable.put(name, inode);
                        }
                    });
                    pending.remove(i--);
                }
            }
        });
    }

    @Override
    public boolean canSyncAll() {
        return true;
    }

    @Override
    public synchronized void syncAll() throws IOException {
        change(() -> {
            names.values().forEach(inode -> inode.synced = inode.content.toByteArray());
            durable.clear();
            durable.putAll(names);
            pending.clear();
        });
    }

    private void rename(Map<String, Inode> after) {
        after.forEach((name, inode) -> {
            if (inode == null) {
                names.remove(name);
            } else {
                names.put(name, inode);
            }
        });
        pending.add(new NameChange(after));
    }

    private Inode inode(String file) throws IOException {
        check();
        Inode inode = names.get(file);
        if (inode == null) {
            throw new NoSuchFileException(file);
        }
        return inode;
    }

    private static String folderOf(String name) {
        int slash = name.lastIndexOf('/');
        return slash < 0 ? "" : name.substring(0, slash);
    }

    private void check() {
        if (down) {
            throw new Crash(step);
        }
    }

    private void change(Runnable effect) throws IOException {
        check();
        if (fault != null) {
            throw new IOException(fault.getMessage(), fault);
        }
        if (step++ == crashAt) {
            if (random.nextBoolean()) {
                effect.run();
            }
            down = true;
            throw new Crash(step - 1);
        }
        effect.run();
    }

    private final class SimulatedAppender implements Appender {
        private final Inode inode;

        SimulatedAppender(Inode inode) {
            this.inode = inode;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            synchronized (SimulatedDisk.this) {
                if (length > room) {
                    int part = (int) room;
                    change(() -> inode.content.write(bytes, offset, part));
                    room = 0;
                    throw new IOException("No space left on device");
                }
                change(() -> inode.content.write(bytes, offset, length));
                room -= length;
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                change(() -> inode.synced = inode.content.toByteArray());
            }
        }

        @Override
        public void keepAhead(int bytes) {
            synchronized (SimulatedDisk.this) {
                inode.ahead = bytes;
            }
        }

        @Override
        public long size() {
            synchronized (SimulatedDisk.this) {
                return inode.content.size();
            }
        }

        @Override
        public void close() {
            // nothing is flushed by closing
        }
    }
}
