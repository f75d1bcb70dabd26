package qrate.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import qrate.core.DurableFile;
import qrate.core.Log;
import qrate.core.Lru;
import qrate.core.Reasons;

/// Who has come before, so that strangers can be put off once (RFC 6647). For any number of threads.
///
/// What it knows stands in memory, and in a file that is written every few minutes while something changes and at the
/// end. Without that file strangers wait once more, and nothing else happens.
final class Greylist implements AutoCloseable {
    /// Most triples remembered, and most origins; one more takes the place of what was not seen for longest.
    static final int ENTRIES_MAX = 30_000;

    /// How long a triple that was put off is expected again.
    static final Duration RETRY_MAX = Duration.ofDays(2);

    /// How long what has passed is known, from its last message on.
    static final Duration KNOWN_MAX = Duration.ofDays(36);

    /// How often an origin passes before all that comes from it does.
    static final int PASSES = 5;

    /// How far apart passes must be to count as more than one.
    static final Duration PASSES_APART = Duration.ofHours(1);

    /// How long what changed may stand in memory alone.
    static final Duration WRITTEN_EVERY = Duration.ofMinutes(5);

    private static final long MAGIC = 0x5172_4752_4559_0001L;
    private static final int ENTRY_BYTES = Long.BYTES + Long.BYTES + 1;
    private static final long FILE_BYTES_MAX = 64 + 2L * ENTRIES_MAX * ENTRY_BYTES;

    private final Path file;
    private final InstantSource clock;
    private final Log log;
    private final Lru<Long, Seen> triples = new Lru<>(ENTRIES_MAX);
    private final Lru<Long, Seen> origins = new Lru<>(ENTRIES_MAX);
    private final Object writer = new Object();
    private Instant written;
    private boolean changed;

    /// @param second of a triple that waits its first message, of all else its last that counted
    /// @param passes how often it has passed; of a triple at most once
    private record Seen(long second, int passes) {}

    /// A message's origin, sender and first recipient (RFC 6647 §2.3, §5).
    ///
    /// @param origin a network, or a domain that vouches for the client
    record Triple(String origin, String sender, String recipient) {}

    private Greylist(Path file, InstantSource clock, Log log) {
        this.file = file;
        this.clock = clock;
        this.log = log;
        this.written = clock.instant();
    }

    /// Reads what the file has; one that is missing or damaged counts as empty.
    static Greylist open(Path file, InstantSource clock, Log log) {
        Greylist list = new Greylist(file, clock, log);
        list.load();
        return list;
    }

    /// Tells of a message.
    ///
    /// @param delay how long strangers wait
    /// @return how long this one has still to wait; nothing when it may pass
    Optional<Duration> ask(Triple triple, Duration delay) {
        long origin = key(triple.origin);
        long whole = key(triple.origin + "\0" + triple.sender + "\0" + triple.recipient);
        Optional<Duration> wait = ask(origin, whole, delay);
        writeWhenDue();
        return wait;
    }

    private synchronized Optional<Duration> ask(long origin, long whole, Duration delay) {
        long now = clock.instant().getEpochSecond();
        changed = true;
        Seen known = origins.get(origin);
        boolean isKnown = known != null && isWithin(known.second, KNOWN_MAX, now);
        if (isKnown && known.passes >= PASSES) {
            origins.put(origin, new Seen(now, known.passes));
            return Optional.empty();
        }
        Seen seen = triples.get(whole);
        Duration longest = seen != null && seen.passes > 0 ? KNOWN_MAX : RETRY_MAX;
        if (seen == null || !isWithin(seen.second, longest, now)) {
            triples.put(whole, new Seen(now, 0));
            return Optional.of(delay);
        }
        Duration left = delay.minusSeconds(now - seen.second);
        if (seen.passes == 0 && left.isPositive()) {
            return Optional.of(left);
        }
        triples.put(whole, new Seen(now, 1));
        if (!isKnown) {
            origins.put(origin, new Seen(now, 1));
        } else if (!isWithin(known.second, PASSES_APART.minusSeconds(1), now)) {
            origins.put(origin, new Seen(now, known.passes + 1));
        }
        return Optional.empty();
    }

    /// A clock that went back makes strangers of all.
    private static boolean isWithin(long second, Duration longest, long now) {
        return second <= now && now - second <= longest.toSeconds();
    }

    private static long key(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(text.toLowerCase(Locale.ROOT).getBytes(UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java has it
        }
    }

    private void writeWhenDue() {
        synchronized (this) {
            if (clock.instant().isBefore(written.plus(WRITTEN_EVERY))) {
                return;
            }
            written = clock.instant();
        }
        Thread.ofVirtual().name("greylist").start(this::write);
    }

    private void write() {
        synchronized (writer) {
            byte[] content;
            synchronized (this) {
                if (!changed) {
                    return;
                }
                changed = false;
                content = content();
            }
            try {
                DurableFile.write(file, content, "rw-------");
            } catch (IOException e) {
                log.line("gate: warning: unable to keep the greylist, will try again: " + Reasons.of(e));
                synchronized (this) {
                    changed = true;
                }
            }
        }
    }

    private byte[] content() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(MAGIC);
            put(triples, out);
            put(origins, out);
            out.writeLong(crc(bytes.toByteArray(), bytes.size()));
        } catch (IOException e) {
            throw new IllegalStateException(e); // into memory
        }
        return bytes.toByteArray();
    }

    private static void put(Map<Long, Seen> entries, DataOutputStream out) throws IOException {
        out.writeInt(entries.size());
        for (Map.Entry<Long, Seen> entry : entries.entrySet()) {
            out.writeLong(entry.getKey());
            out.writeLong(entry.getValue().second);
            out.writeByte(entry.getValue().passes);
        }
    }

    private static long crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    private void load() {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new IOException("it is too long");
            }
            byte[] content = Files.readAllBytes(file);
            int length = content.length - Long.BYTES;
            if (length < Long.BYTES || ByteBuffer.wrap(content).getLong(length) != crc(content, length)) {
                throw new IOException("it is damaged");
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
            if (in.readLong() != MAGIC) {
                throw new IOException("it is of another form");
            }
            take(in, triples);
            take(in, origins);
        } catch (NoSuchFileException _) {
            // the first start
        } catch (IOException e) {
            triples.clear();
            origins.clear();
            log.line("gate: warning: the greylist begins anew: " + file.getFileName() + ": " + Reasons.of(e));
        }
    }

    private static void take(DataInputStream in, Map<Long, Seen> entries) throws IOException {
        for (int left = in.readInt(); left > 0; left--) {
            entries.put(in.readLong(), new Seen(in.readLong(), in.readByte()));
        }
    }

    /// Writes what is not written yet.
    @Override
    public void close() {
        write();
    }
}
