package qrate.remote.routes;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import qrate.core.State;

/// The hosts that timed out, in a file that every qmail-remote shares with `qmail-tcpto` and `qmail-tcpok`.
///
/// Records of 32 bytes: the address in 16 (IPv4 mapped), the time of the last time-out in milliseconds since 1970 in 8,
/// how many there were in 1, nothing in 7. A hint and no promise: it is not synced, and a record that makes no sense is
/// left out.
public final class TimeoutTable {
    /// Most servers remembered; the one heard of longest ago goes first.
    static final int SERVERS_MAX = 2_000;

    private static final int RECORD_BYTES = 32;
    private static final int ADDRESS_BYTES = 16;
    private static final int MAPPED_BYTES = 12;

    /// One server.
    record Entry(InetAddress server, int times, long lastMillis) {
        static final int TIMES_MAX = 100;
    }

    /// Locks are for processes: threads of one must not meet at the file.
    private static final Object ONE_AT_A_TIME = new Object();

    private final Path file;

    /// @param file made when the first server times out
    public TimeoutTable(Path file) {
        this.file = file;
    }

    /// Where it is: `QRATE_TCPTO`; else `queue/tcpto`; else, for rspawn, which may write to no volume, in its own
    /// temporary folder.
    public static Path file(Map<String, String> environment) {
        String named = environment.getOrDefault("QRATE_TCPTO", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        Path queue = State.of(environment).queue();
        Path folder = Files.isWritable(queue) ? queue : Path.of(System.getProperty("java.io.tmpdir"));
        return folder.resolve("tcpto");
    }

    /// All that is remembered, in the order in which it was heard.
    List<Entry> all() throws IOException {
        synchronized (ONE_AT_A_TIME) {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) == 0) {
                return List.of();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                    FileLock _ = channel.lock(0, Long.MAX_VALUE, true)) {
                return read(channel);
            } catch (NoSuchFileException _) {
                return List.of();
            }
        }
    }

    Optional<Entry> find(InetAddress server) throws IOException {
        return all().stream().filter(entry -> entry.server().equals(server)).findFirst();
    }

    /// Changes what is remembered of one server; nothing else changes meanwhile.
    void change(InetAddress server, UnaryOperator<Optional<Entry>> change) throws IOException {
        synchronized (ONE_AT_A_TIME) {
            try (FileChannel channel = open();
                    FileLock _ = channel.lock()) {
                List<Entry> entries = new ArrayList<>(read(channel));
                Optional<Entry> before = entries.stream()
                        .filter(entry -> entry.server().equals(server))
                        .findFirst();
                Optional<Entry> after = change.apply(before);
                if (after.equals(before)) {
                    return;
                }
                before.ifPresent(entries::remove);
                after.ifPresent(entries::add);
                write(channel, entries.subList(Math.max(0, entries.size() - SERVERS_MAX), entries.size()));
            }
        }
    }

    /// Forgets every server.
    void clear() throws IOException {
        synchronized (ONE_AT_A_TIME) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                try (FileChannel channel = open();
                        FileLock _ = channel.lock()) {
                    write(channel, List.of());
                }
            }
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    private static List<Entry> read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), (long) SERVERS_MAX * RECORD_BYTES));
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
            // until it is full, or the file has shrunk
        }
        bytes.flip();
        List<Entry> entries = new ArrayList<>();
        byte[] address = new byte[ADDRESS_BYTES];
        while (bytes.remaining() >= RECORD_BYTES) {
            int at = bytes.position();
            bytes.get(address);
            long last = bytes.getLong();
            int times = bytes.get();
            bytes.position(at + RECORD_BYTES);
            if (times > 0 && times <= Entry.TIMES_MAX && last > 0) {
                entries.add(new Entry(address(address), times, last));
            }
        }
        return entries;
    }

    /// An IPv4 address comes out of its mapped form by itself.
    private static InetAddress address(byte[] bytes) throws UnknownHostException {
        return InetAddress.getByAddress(bytes);
    }

    private static void write(FileChannel channel, List<Entry> entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(entries.size() * RECORD_BYTES);
        for (Entry entry : entries) {
            byte[] address = entry.server().getAddress();
            int start = bytes.position();
            if (address.length < ADDRESS_BYTES) {
                bytes.put(new byte[MAPPED_BYTES - 2]).putShort((short) 0xffff);
            }
            bytes.put(address).putLong(entry.lastMillis()).put((byte) entry.times());
            bytes.position(start + RECORD_BYTES);
        }
        bytes.flip();
        channel.truncate(bytes.limit());
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }
}
