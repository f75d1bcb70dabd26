package qrate.maildir;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import qrate.core.LineReader;
import qrate.maildir.MaildirReader.Entry;

/// The sizes of a Maildir's messages as they are sent: from their names, from a file that keeps what was counted
/// before, and counted where neither knows.
///
/// The file, `qrate-sizes`, has a line a message, `OCTETS NAME`, in the order of {@link MaildirName#ARRIVAL}. It is
/// replaced whole; where it is missing, or anything in it is wrong, messages are counted again.
public final class SentSizes {
    static final String FILE = "qrate-sizes";

    /// A larger file is none of ours.
    private static final long FILE_BYTES_MAX = 512L << 20;

    private static final int LINE_BYTES_MAX = 1024;
    private static final long UNKNOWN = -1;

    private final Path maildir;
    private final List<Entry> entries;
    private final long[] sizes;
    private boolean looked;

    /// Reads one message.
    @FunctionalInterface
    public interface Source {
        /// @param index in the list
        InputStream open(int index) throws IOException;
    }

    /// @param entries as {@link MaildirReader#list} gives them
    public SentSizes(Path maildir, List<Entry> entries) {
        this.maildir = maildir;
        this.entries = entries;
        this.sizes = entries.stream().mapToLong(SentSizes::said).toArray();
    }

    /// What a name says; nothing when that cannot be.
    private static long said(Entry entry) {
        return possible(entry, MaildirName.sentSize(entry.unique()));
    }

    private static long possible(Entry entry, long octets) {
        return octets >= entry.size() && octets <= 2 * entry.size() + 2 ? octets : UNKNOWN;
    }

    /// Of one message, which is read if need be; of one that cannot be read what its file has.
    public long of(int index, Source source) {
        if (sizes[index] == UNKNOWN && !count(index, source)) {
            return entries.get(index).size();
        }
        return sizes[index];
    }

    /// Makes all of them known.
    ///
    /// @param pulse called after each message that had to be read
    public void all(Source source, Runnable pulse) {
        if (looked) {
            return;
        }
        looked = true;
        if (Arrays.stream(sizes).noneMatch(size -> size == UNKNOWN)) {
            return;
        }
        try {
            read();
        } catch (IOException _) {
            // then they are counted
        }
        boolean counted = false;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == UNKNOWN) {
                counted |= count(i, source);
                pulse.run();
            }
        }
        if (counted) {
            try {
                write();
            } catch (IOException _) {
                // a full disk, or not ours to write: the next time counts again
            }
        }
    }

    private boolean count(int index, Source source) {
        try (InputStream message = source.open(index)) {
            sizes[index] = SentSize.of(message);
            return true;
        } catch (IOException _) {
            return false; // whoever asks for the message is told
        }
    }

    private void read() throws IOException {
        Path file = maildir.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > FILE_BYTES_MAX) {
            return;
        }
        LineReader lines = new LineReader(LINE_BYTES_MAX, LineReader.Ending.LF);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS))) {
            int at = 0;
            for (Optional<byte[]> line = lines.read(in); line.isPresent(); line = lines.read(in)) {
                String[] parts = new String(line.get(), StandardCharsets.ISO_8859_1).split(" ", 2);
                if (parts.length < 2) {
                    return;
                }
                while (at < sizes.length
                        && MaildirName.ARRIVAL.compare(entries.get(at).unique(), parts[1]) < 0) {
                    at++;
                }
                if (at < sizes.length
                        && sizes[at] == UNKNOWN
                        && entries.get(at).unique().equals(parts[1])) {
                    sizes[at] = possible(entries.get(at), Long.parseLong(parts[0]));
                }
            }
        } catch (NumberFormatException e) {
            throw new IOException("a line that is none", e);
        }
    }

    private void write() throws IOException {
        Path fresh = maildir.resolve("tmp")
                .resolve(FILE + "." + ProcessHandle.current().pid() + "."
                        + Thread.currentThread().threadId());
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(fresh))) {
            for (int i = 0; i < sizes.length; i++) {
                String unique = entries.get(i).unique();
                boolean kept = sizes[i] != UNKNOWN && said(entries.get(i)) == UNKNOWN && unique.indexOf('\n') < 0;
                if (kept) {
                    out.write((sizes[i] + " " + unique + "\n").getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        Files.move(fresh, maildir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
