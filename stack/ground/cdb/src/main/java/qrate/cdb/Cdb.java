package qrate.cdb;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Reads a cdb file, mapped; safe for many threads.
public final class Cdb implements Closeable {
    static final int HEADER_BYTES = 2048;
    static final int TABLES = 256;

    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Runnable unmap;
    private final MemorySegment map;
    private final Path file;

    private Cdb(Path file, Arena arena, Runnable unmap) throws IOException {
        this.file = file;
        this.unmap = unmap;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() < HEADER_BYTES || channel.size() > 0xffffffffL) {
                throw damaged(file);
            }
            this.map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            unmap.run();
            throw e;
        }
    }

    /// Opens a file.
    ///
    /// @throws IOException when it cannot be read or is no cdb
    // the Cdb owns the arena, and its close() closes it
    @SuppressWarnings("MustBeClosedChecker")
    public static Cdb open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        return new Cdb(file, arena, arena::close);
    }

    /// Opens a file that is unmapped once nobody refers to it any more, for readers that replace it under way:
    /// {@link #close()} does nothing.
    ///
    /// @throws IOException when it cannot be read or is no cdb
    public static Cdb openShared(Path file) throws IOException {
        return new Cdb(file, Arena.ofAuto(), () -> {});
    }

    static int hash(byte[] key) {
        int hash = 5381;
        for (byte b : key) {
            hash = (hash + (hash << 5)) ^ (b & 0xff);
        }
        return hash;
    }

    /// The first value stored under a key.
    ///
    /// @throws IOException when the file is damaged
    public Optional<byte[]> get(byte[] key) throws IOException {
        try {
            return find(key);
        } catch (InternalError e) {
            // the JVM's word for a page that is not there: the file was cut short in place while it is mapped
            throw new IOException(file + ": damaged cdb", e);
        }
    }

    private Optional<byte[]> find(byte[] key) throws IOException {
        int hash = hash(key);
        long table = word((hash & 0xff) * 8L);
        long slots = word((hash & 0xff) * 8L + 4);
        // a table without slots has its place too: zeros, as a crash may leave them, are no empty cdb
        if (table < HEADER_BYTES || table + slots * 8 > map.byteSize()) {
            throw damaged(file);
        }
        if (slots == 0) {
            return Optional.empty();
        }
        long slot = (hash >>> 8) % slots;
        for (long tried = 0; tried < slots; tried++, slot = slot + 1 == slots ? 0 : slot + 1) {
            long position = word(table + slot * 8 + 4);
            if (position == 0) {
                return Optional.empty();
            }
            if ((int) word(table + slot * 8) == hash) {
                byte[] found = bytes(position + 8, word(position));
                if (Arrays.equals(found, key)) {
                    return Optional.of(bytes(position + 8 + word(position), word(position + 4)));
                }
            }
        }
        return Optional.empty();
    }

    /// Gives every record, in the order it was written.
    ///
    /// @throws IOException when the file is damaged
    public void forEach(BiConsumer<byte[], byte[]> each) throws IOException {
        long end = word(0);
        for (int i = 1; i < TABLES; i++) {
            end = Math.min(end, word(i * 8L));
        }
        long position = HEADER_BYTES;
        while (position < end) {
            long key = word(position);
            long value = word(position + 4);
            each.accept(bytes(position + 8, key), bytes(position + 8 + key, value));
            position += 8 + key + value;
        }
    }

    private long word(long at) throws IOException {
        if (at < 0 || at + 4 > map.byteSize()) {
            throw damaged(file);
        }
        return Integer.toUnsignedLong(map.get(WORD, at));
    }

    private byte[] bytes(long at, long length) throws IOException {
        if (at + length > map.byteSize()) {
            throw damaged(file);
        }
        return map.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    private static IOException damaged(Path file) {
        return new IOException(file + ": damaged cdb");
    }

    /// Unmaps the file; no other call may be under way or follow.
    @Override
    public void close() {
        unmap.run();
    }
}
