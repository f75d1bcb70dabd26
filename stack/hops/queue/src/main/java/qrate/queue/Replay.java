package qrate.queue;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.core.Disk;
import qrate.core.Log;

/// The restart: reads every segment into the index, finds the torn tail, sets aside what is damaged, deletes bodies
/// that nobody owes. Every step can be cut short by a crash and is done again by the next restart.
final class Replay {
    /// Folder of what was damaged.
    static final String ASIDE = "corrupt";

    private static final int CHUNK_BYTES = 64 << 10;

    private final Disk disk;
    private final Log log;
    private final Index index;
    private final Segments segments;
    private final LedgerGap touched;
    private final long now;
    private long nextId = 1;
    private long lostBytes;
    private boolean damaged;

    Replay(Journal.World world, Index index, Segments segments, LedgerGap touched) {
        this.disk = world.disk();
        this.log = world.log();
        // an id in microseconds outruns no clock, so a queue begun anew gives none of the old queue's ids
        this.now = world.clock().millis() * 1000;
        this.index = index;
        this.segments = segments;
        this.touched = touched;
    }

    /// Reads everything.
    ///
    /// @return the first id that was never given out
    long run() throws IOException {
        for (String folder : List.of(Segment.FOLDER, Bodies.FOLDER, ASIDE)) {
            if (!disk.exists(folder)) {
                disk.makeFolder(folder);
            }
        }
        disk.syncFolder("");
        List<Long> numbers = disk.list(Segment.FOLDER).stream()
                .map(Segment::number)
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .toList();
        for (int i = 0; i < numbers.size(); i++) {
            segment(numbers.get(i), i == numbers.size() - 1);
        }
        sweep();
        // a queue that was restored from a copy must not give out what the old one gave out after the copy was made
        nextId = Math.max(nextId, now);
        // records that are lost may have held higher ids, known to a Maildir by now
        return nextId + lostBytes / Frame.BYTES_MIN;
    }

    private void segment(long number, boolean last) throws IOException {
        String file = Segment.file(number);
        long size = disk.size(file);
        byte[] head;
        try (InputStream in = disk.read(file, 0)) {
            head = in.readNBytes(Segment.HEADER_BYTES);
        }
        Optional<Segment.Header> header = Segment.Header.parse(head).filter(h -> h.number() == number);
        header.ifPresent(h -> nextId = Math.max(nextId, h.nextId()));
        if (size < Segment.HEADER_BYTES || (header.isEmpty() && size == Segment.HEADER_BYTES)) {
            segments.taken(number);
            if (last) {
                forget(file);
            } else {
                aside(file, 0, size);
            }
            return;
        }
        long tag = header.isPresent() ? header.get().tag() : firstTag(file);
        Segment segment = new Segment(number, tag, size);
        if (header.isEmpty()) {
            segment.pinned = !aside(file, 0, Segment.HEADER_BYTES);
        }
        segments.found(segment, header.isPresent());
        records(segment, last && header.isPresent());
    }

    /// Deletes a segment that was begun and never used, if that can be done now.
    private void forget(String file) {
        try {
            disk.delete(file);
        } catch (IOException e) {
            log.line("queue: warning: unable to delete the empty " + file + ": " + e.getMessage());
        }
    }

    /// A segment whose header is gone is known by its first record.
    private long firstTag(String file) throws IOException {
        try (InputStream in = disk.read(file, Segment.HEADER_BYTES)) {
            byte[] tag = in.readNBytes(8);
            return tag.length == 8 ? java.nio.ByteBuffer.wrap(tag).getLong() : 0;
        }
    }

    private void records(Segment segment, boolean last) throws IOException {
        try (InputStream in = disk.read(segment.file(), Segment.HEADER_BYTES)) {
            FrameScanner scanner = new FrameScanner(in, segment.tag());
            for (FrameScanner.Found found = scanner.next(); ; found = scanner.next()) {
                switch (found) {
                    case FrameScanner.Found.End(long offset) -> {
                        segment.size = offset;
                        return;
                    }
                    case FrameScanner.Found.Whole whole -> record(segment, whole.offset(), whole.content());
                    case FrameScanner.Found.Damage(long offset, long length, boolean tail)
                    when tail && last -> {
                        log.line("queue: status: " + segment.file() + ": cutting a torn end of " + length + " bytes");
                        lostBytes += length;
                        segment.size = offset; // the committer cuts it before it writes
                        return;
                    }
                    case FrameScanner.Found.Damage(long offset, long length, boolean _) ->
                        segment.pinned |= !aside(segment.file(), offset, length);
                }
            }
        }
    }

    private void record(Segment segment, int offset, byte[] content) {
        try {
            Entry entry = Entry.decode(content);
            if (entry instanceof Entry.Message) {
                Entry.envelope(content);
            }
            nextId = Math.max(nextId, entry.id() + 1);
            Index.Place place = new Index.Place(segment, offset, Frame.HEAD_BYTES + content.length);
            touched.applied(entry, place, index.apply(entry, place));
        } catch (Entry.Nonsense e) {
            log.line("queue: alert: " + segment.file() + ": record at " + offset + ": " + e.getMessage());
            segment.pinned |= !aside(segment.file(), offset, Frame.HEAD_BYTES + content.length);
        }
    }

    /// Copies a damaged part to a file of its own, once; false if that cannot be done now, which stops nothing.
    private boolean aside(String file, long offset, long length) {
        damaged = true;
        lostBytes += length;
        HexFormat hex = HexFormat.of();
        String copy = ASIDE + "/" + file.substring(file.indexOf('/') + 1) + "-" + hex.toHexDigits(offset);
        log.line("queue: alert: " + file + ": " + length + " damaged bytes at " + offset + " set aside in " + copy);
        try {
            if (disk.exists(copy) && disk.size(copy) == length) {
                return true;
            }
            disk.delete(copy);
            try (Disk.Appender out = disk.create(copy);
                    InputStream in = disk.read(file, offset)) {
                byte[] chunk = new byte[CHUNK_BYTES];
                for (long left = length; left > 0; ) {
                    int n = in.read(chunk, 0, (int) Math.min(left, chunk.length));
                    if (n < 0) {
                        throw new EOFException(file + " has shrunk");
                    }
                    out.write(chunk, 0, n);
                    left -= n;
                }
                out.sync();
            }
            disk.syncFolder(ASIDE);
            return true;
        } catch (IOException e) {
            log.line("queue: alert: unable to set aside " + copy + ": " + e.getMessage());
            return false;
        }
    }

    /// Deletes bodies that no message owns; after damage they are set aside, since their record may be what was
    /// damaged.
    private void sweep() {
        try {
            for (String name : disk.list(Bodies.FOLDER)) {
                OptionalLong id = Bodies.id(name);
                if (id.isEmpty() || index.get(id.getAsLong()).isEmpty()) {
                    nextId = Math.max(nextId, id.orElse(0) + 1);
                    if (damaged) {
                        disk.rename(Bodies.FOLDER + "/" + name, ASIDE + "/body-" + name);
                    } else {
                        disk.delete(Bodies.FOLDER + "/" + name);
                    }
                }
            }
        } catch (IOException e) {
            log.line("queue: warning: unable to sweep bodies: " + e.getMessage());
        }
    }
}
