package qrate.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import qrate.core.Disk;

/// Reads the ledger from its oldest file to its end, and later what came meanwhile.
///
/// A line that is not ended is not read: it is being written, or was torn. A line that makes no sense is left out.
final class LedgerReader {
    /// Longest line, in bytes: {@link qrate.core.Log#LINE_CHARS_MAX} characters, escaped, and a time.
    static final int LINE_BYTES_MAX = 32 << 10;

    private static final int CHUNK_BYTES = 64 << 10;

    private final Disk disk;
    private String file = "";
    private long offset;

    LedgerReader(Disk disk) {
        this.disk = disk;
    }

    /// Gives each line that was not read yet.
    void read(Consumer<LedgerLine.Stamped> each) throws IOException {
        List<String> days = disk.list(Ledger.FOLDER).stream()
                .filter(name -> Ledger.day(name).isPresent())
                .filter(name -> name.compareTo(file) >= 0)
                .toList();
        for (String day : days) {
            if (!day.equals(file)) {
                file = day;
                offset = 0;
            }
            try (InputStream in = disk.read(Ledger.FOLDER + "/" + day, offset)) {
                lines(in, each);
            } catch (NoSuchFileException _) {
                // swept away since the folder was listed
            }
        }
    }

    /// Gives the text of each line of one day that was not read yet, without its time.
    void read(LocalDate day, Consumer<String> each) throws IOException {
        if (!file.equals(day.toString())) {
            file = day.toString();
            offset = 0;
        }
        try (InputStream in = disk.read(Ledger.FOLDER + "/" + day, offset)) {
            whole(in, line -> each.accept(line.substring(line.indexOf(' ') + 1)));
        } catch (NoSuchFileException _) {
            // nothing happened, or it is too long ago
        }
    }

    private void lines(InputStream in, Consumer<LedgerLine.Stamped> each) throws IOException {
        whole(in, line -> LedgerLine.stamped(line).ifPresent(each));
    }

    private void whole(InputStream in, Consumer<String> each) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        ByteArrayOutputStream begun = new ByteArrayOutputStream(256); // of a line whose end is in a later chunk
        long bytes = 0;
        for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
            int from = 0;
            for (int i = 0; i < length; i++) {
                if (chunk[i] == '\n') {
                    keep(begun, chunk, from, i);
                    each.accept(begun.toString(StandardCharsets.UTF_8));
                    begun.reset();
                    offset += bytes + i + 1 - from;
                    bytes = 0;
                    from = i + 1;
                }
            }
            keep(begun, chunk, from, length);
            bytes += length - from;
        }
    }

    private static void keep(ByteArrayOutputStream line, byte[] chunk, int from, int to) {
        line.write(chunk, from, Math.min(to - from, LINE_BYTES_MAX - line.size()));
    }
}
