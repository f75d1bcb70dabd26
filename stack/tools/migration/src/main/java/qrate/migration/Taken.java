package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Which messages of one mailbox were taken, durably: a file of 64-bit hashes of their names, appended to.
///
/// Bytes that a crash leaves at its end are hashes of no message.
final class Taken implements AutoCloseable {
    private final Set<Long> hashes;
    private final Optional<FileChannel> file;
    private final ChangeListener steps;

    private Taken(Set<Long> hashes, Optional<FileChannel> file, ChangeListener steps) {
        this.hashes = hashes;
        this.file = file;
        this.steps = steps;
    }

    /// Reads the file; what is added is forgotten again.
    static Taken reading(Path path) throws IOException {
        return new Taken(load(path), Optional.empty(), ChangeListener.unheard());
    }

    /// Opens the file to add to it.
    static Taken writing(Path path, Target target) throws IOException {
        target.folder(Objects.requireNonNull(path.getParent()));
        Set<Long> known = load(path);
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            target.own(path);
            long whole = file.size() / Long.BYTES * Long.BYTES;
            file.truncate(whole);
            file.position(whole);
            return new Taken(known, Optional.of(file), target.steps());
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static Set<Long> load(Path path) throws IOException {
        Set<Long> known = new HashSet<>();
        if (Files.exists(path)) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
            while (bytes.remaining() >= Long.BYTES) {
                known.add(bytes.getLong());
            }
        }
        return known;
    }

    /// Never 0.
    static long hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(UTF_8));
            return ByteBuffer.wrap(digest).getLong() | 1;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    boolean has(long hash) {
        return hashes.contains(hash);
    }

    /// Notes messages; durable on return.
    void add(Set<Long> more) throws IOException {
        hashes.addAll(more);
        if (file.isPresent() && !more.isEmpty()) {
            ByteBuffer bytes = ByteBuffer.allocate(more.size() * Long.BYTES);
            more.forEach(bytes::putLong);
            bytes.flip();
            steps.at("note " + more.size());
            while (bytes.hasRemaining()) {
                file.get().write(bytes);
            }
            file.get().force(false);
            steps.at("noted " + more.size());
        }
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
