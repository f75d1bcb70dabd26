package qrate.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/// What was taken over already, durably: `db/import/record`, one line a thing, each with its check sum.
///
/// Only this says that a thing was taken: that it is not here may mean that somebody removed it since.
final class ImportRecord implements AutoCloseable {
    private final Map<String, String> known = new HashMap<>();
    private final Optional<FileChannel> file;
    private final ChangeListener steps;

    private ImportRecord(Optional<FileChannel> file, ChangeListener steps) {
        this.file = file;
        this.steps = steps;
    }

    /// Reads it; what is put into it is forgotten again.
    static ImportRecord reading(Path folder) throws IOException {
        ImportRecord notes = new ImportRecord(Optional.empty(), ChangeListener.unheard());
        Path file = folder.resolve("record");
        if (Files.exists(file)) {
            notes.load(Files.readAllBytes(file));
        }
        return notes;
    }

    /// Opens it for writing, for one import at a time; a torn end is cut off.
    ///
    /// @throws IOException when another import runs
    static ImportRecord writing(Path folder, Target target) throws IOException {
        target.folder(folder);
        Path path = folder.resolve("record");
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = file.tryLock();
            if (lock == null) {
                throw new IOException("another import is running");
            }
            target.own(path);
            ImportRecord notes = new ImportRecord(Optional.of(file), target.steps());
            int whole = notes.load(Files.readAllBytes(path));
            file.truncate(whole);
            file.position(whole);
            return notes;
        } catch (java.nio.channels.OverlappingFileLockException e) {
            file.close();
            throw new IOException("another import is running", e);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// @return bytes up to the end of the last whole line
    private int load(byte[] content) {
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '\n') {
                String line = new String(content, from, i - from, UTF_8);
                int tab = line.indexOf('\t');
                if (line.length() < 9 || tab < 9 || !line.startsWith(sum(line.substring(9)) + " ")) {
                    return from;
                }
                known.put(line.substring(9, tab), line.substring(tab + 1));
                from = i + 1;
            }
        }
        return from;
    }

    private static String sum(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }

    boolean has(String key) {
        return known.containsKey(key);
    }

    /// What was noted about a thing.
    Optional<String> get(String key) {
        return Optional.ofNullable(known.get(key));
    }

    /// Whether what was noted about something begins so.
    boolean names(String beginning) {
        return known.values().stream().anyMatch(value -> value.startsWith(beginning));
    }

    /// Notes one thing; durable on return.
    void put(String key, String value) throws IOException {
        put(Map.of(key, value));
    }

    /// Notes several things; durable on return.
    void put(Map<String, String> things) throws IOException {
        StringBuilder lines = new StringBuilder();
        things.forEach((key, value) -> {
            String line = clean(key) + "\t" + clean(value);
            lines.append(sum(line)).append(' ').append(line).append('\n');
            known.put(clean(key), clean(value));
        });
        if (file.isPresent() && !things.isEmpty()) {
            steps.at("record " + things.size());
            ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(UTF_8));
            while (bytes.hasRemaining()) {
                file.get().write(bytes);
            }
            file.get().force(false);
            steps.at("recorded " + things.size());
        }
    }

    private static String clean(String text) {
        return text.replace('\t', ' ').replace('\n', ' ');
    }

    @Override
    public void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
        }
    }
}
