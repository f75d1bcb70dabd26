package qrate.cdb;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import qrate.core.DurableFile;

/// Makes a cdb file, in memory, and puts it in place atomically.
public final class CdbWriter {
    private record Pointer(int hash, int position) {}

    private final ByteArrayOutputStream records = new ByteArrayOutputStream();
    private final List<List<Pointer>> tables = new ArrayList<>();

    public CdbWriter() {
        for (int i = 0; i < Cdb.TABLES; i++) {
            tables.add(new ArrayList<>());
        }
    }

    /// Adds a record; a key may come more than once.
    ///
    /// @throws IllegalStateException when the file would grow past what a cdb can hold
    public CdbWriter put(byte[] key, byte[] value) {
        long position = (long) Cdb.HEADER_BYTES + records.size();
        if (position + 8 + key.length + value.length > Integer.MAX_VALUE) {
            throw new IllegalStateException("a cdb holds at most 2 GiB here");
        }
        int hash = Cdb.hash(key);
        tables.get(hash & 0xff).add(new Pointer(hash, (int) position));
        records.writeBytes(words(2).putInt(key.length).putInt(value.length).array());
        records.writeBytes(key);
        records.writeBytes(value);
        return this;
    }

    /// The whole file.
    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer header = words(2 * Cdb.TABLES);
        ByteArrayOutputStream hashTables = new ByteArrayOutputStream();
        for (List<Pointer> table : tables) {
            int slots = table.size() * 2;
            header.putInt(Cdb.HEADER_BYTES + records.size() + hashTables.size()).putInt(slots);
            int[] filled = new int[slots * 2];
            for (Pointer pointer : table) {
                int slot = (pointer.hash >>> 8) % slots;
                while (filled[slot * 2 + 1] != 0) {
                    slot = slot + 1 == slots ? 0 : slot + 1;
                }
                filled[slot * 2] = pointer.hash;
                filled[slot * 2 + 1] = pointer.position;
            }
            ByteBuffer bytes = words(filled.length);
            for (int word : filled) {
                bytes.putInt(word);
            }
            hashTables.writeBytes(bytes.array());
        }
        out.writeBytes(header.array());
        out.writeBytes(records.toByteArray());
        out.writeBytes(hashTables.toByteArray());
        return out.toByteArray();
    }

    /// Writes the file durably and atomically, readable as `permissions` say (`rw-r-----`).
    public void write(Path file, String permissions) throws IOException {
        DurableFile.write(file, toBytes(), permissions);
    }

    private static ByteBuffer words(int count) {
        return ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
    }
}
