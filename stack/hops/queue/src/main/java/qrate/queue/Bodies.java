package qrate.queue;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;
import qrate.core.Body;
import qrate.core.Disk;

/// Bodies too large for a record: a file each, durable before the record that names it.
final class Bodies {
    /// Folder of the files.
    static final String FOLDER = "bodies";

    private static final int CHUNK_BYTES = 64 << 10;

    private final Disk disk;
    private final Set<Long> unrecorded = new HashSet<>();

    Bodies(Disk disk) {
        this.disk = disk;
    }

    static String file(long id) {
        return FOLDER + "/" + HexFormat.of().toHexDigits(id);
    }

    /// The message a file belongs to, or empty for a file that is no body.
    static OptionalLong id(String name) {
        return Segment.number(name);
    }

    /// Writes a body, and makes it and its name durable; it counts as unrecorded until {@link #recorded}.
    Entry.Stored.File write(long id, Body body) throws IOException {
        synchronized (unrecorded) {
            unrecorded.add(id);
        }
        CRC32C crc = new CRC32C();
        long size = 0;
        try (Disk.Appender file = disk.create(file(id));
                InputStream in = body.open()) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                size += n;
                if (size > body.size()) {
                    break;
                }
                crc.update(chunk, 0, n);
                file.write(chunk, 0, n);
            }
            if (size != body.size()) {
                throw new EOFException("the message has not the size it was said to have");
            }
            file.sync();
        }
        disk.syncFolder(FOLDER);
        return new Entry.Stored.File(size, (int) crc.getValue());
    }

    /// Says that a file is named by a record now, or never will be.
    void recorded(long id) {
        synchronized (unrecorded) {
            unrecorded.remove(id);
        }
    }

    /// Whether a file is being written, or its record is.
    boolean unrecorded(long id) {
        synchronized (unrecorded) {
            return unrecorded.contains(id);
        }
    }

    void delete(long id) throws IOException {
        disk.delete(file(id));
    }

    /// A stored body; its end is only reached when size and check agree.
    Body body(long id, Entry.Stored.File stored) {
        return new Body() {
            @Override
            public long size() {
                return stored.size();
            }

            @Override
            public InputStream open() throws IOException {
                return new Checked(disk.read(file(id), 0), stored);
            }
        };
    }

    private static final class Checked extends FilterInputStream {
        private final Entry.Stored.File stored;
        private final CRC32C crc = new CRC32C();
        private long size;

        Checked(InputStream in, Entry.Stored.File stored) {
            super(in);
            this.stored = stored;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = super.read(into, offset, length);
            if (n > 0) {
                size += n;
                crc.update(into, offset, n);
            }
            boolean over = n < 0 || size >= stored.size();
            if (over && (size != stored.size() || (int) crc.getValue() != stored.crc())) {
                throw new IOException("damaged body");
            }
            return n;
        }

        @Override
        public long skip(long bytes) throws IOException {
            return readNBytes((int) Math.min(bytes, CHUNK_BYTES)).length;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
