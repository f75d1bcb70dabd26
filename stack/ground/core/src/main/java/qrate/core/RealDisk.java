package qrate.core;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// {@link Disk} on a folder of the file system.
public final class RealDisk implements Disk {
    /// Makes all of a file system durable at once, where that can be trusted.
    public interface Whole {
        /// Whether it can be used now.
        boolean usable();

        /// @throws IOException when something on the file system may not be durable
        void sync() throws IOException;
    }

    private final Path root;
    private final Optional<Whole> whole;

    /// @param root that every name is relative to
    public RealDisk(Path root) {
        this(root, Optional.empty());
    }

    /// @param whole of the file system that the folder is on
    public RealDisk(Path root, Optional<Whole> whole) {
        this.root = root;
        this.whole = whole;
    }

    @Override
    public boolean canSyncAll() {
        return whole.isPresent() && whole.get().usable();
    }

    @Override
    public void syncAll() throws IOException {
        whole.orElseThrow(() -> new IOException("not on this disk")).sync();
    }

    @Override
    public void makeFolder(String folder) throws IOException {
        Files.createDirectories(at(folder));
    }

    @Override
    public Appender create(String file) throws IOException {
        return new FileAppender(FileChannel.open(at(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), 0);
    }

    @Override
    public Appender append(String file, long keep) throws IOException {
        FileChannel channel = FileChannel.open(at(file), StandardOpenOption.WRITE);
        try {
            channel.truncate(keep);
            return new FileAppender(channel, keep);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public InputStream read(String file, long offset) throws IOException {
        FileChannel channel = FileChannel.open(at(file), StandardOpenOption.READ);
        try {
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// One read for most: a stream would look for its place and its end as well.
    @Override
    public byte[] read(String file, long offset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(at(file), StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
                // a part may come
            }
            return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
        }
    }

    @Override
    public long size(String file) throws IOException {
        return Files.size(at(file));
    }

    @Override
    public boolean exists(String name) throws IOException {
        return exists(at(name));
    }

    /// Never `Files.exists`, which says no as well when it cannot tell: local delivery takes a file that is gone from
    /// `tmp` for one that has arrived.
    private static boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    @Override
    public List<String> list(String folder) throws IOException {
        Path path = at(folder);
        if (!exists(path)) {
            return List.of();
        }
        if (!Files.isDirectory(path)) {
            throw new NotDirectoryException(folder);
        }
        try (Stream<Path> names = Files.list(path)) {
            return names.map(p -> p.getFileName().toString()).sorted().toList();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(at(from), at(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String file) throws IOException {
        Files.deleteIfExists(at(file));
    }

    @Override
    public void syncFolder(String folder) throws IOException {
        DurableFile.syncFolder(at(folder));
    }

    private Path at(String name) {
        Path path = root.resolve(name).normalize();
        if (!path.startsWith(root.normalize())) {
            throw new IllegalArgumentException("outside the disk: " + Log.escape(name));
        }
        return path;
    }

    private static final class FileAppender implements Appender {
        private static final int ZEROS_BYTES = 32 << 10;

        private final FileChannel channel;
        private long size;
        private int ahead;
        /// where the zeros end
        private long end;

        FileAppender(FileChannel channel, long size) {
            this.channel = channel;
            this.size = size;
            this.end = size;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            put(ByteBuffer.wrap(bytes, offset, length), size);
            size += length;
            if (size > end) {
                end = size;
                zeros();
            }
        }

        private void put(ByteBuffer rest, long at) throws IOException {
            for (long next = at; rest.hasRemaining(); ) {
                next += channel.write(rest, next);
            }
        }

        @Override
        public void keepAhead(int bytes) {
            ahead = bytes;
            zeros();
        }

        private void zeros() {
            if (ahead > 0) {
                try {
                    // in pieces: the JDK keeps a buffer outside the heap of what one write takes
                    ByteBuffer zeros = ByteBuffer.allocate(Math.min(ahead, ZEROS_BYTES));
                    for (long at = size; at < size + ahead; at += zeros.limit()) {
                        put(zeros.clear().limit((int) Math.min(zeros.capacity(), size + ahead - at)), at);
                    }
                    end = size + ahead;
                } catch (IOException _) {
                    // a full disk, say: what is written itself finds out, and the next write tries again
                }
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public void close() throws IOException {
            try (channel) {
                if (ahead > 0) {
                    channel.truncate(size);
                }
            }
        }
    }
}
