package qrate.backup;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;

/// The list of what a backup holds: a file of lines, the first three about the backup, the last with the sum of all
/// before it, so that a cut or changed list is seen before anything is believed.
final class Manifest {
    /// Its name in a backup.
    static final String FILE = "MANIFEST";

    /// Folder of the files in a backup.
    static final String STATE = "state";

    private static final String FIRST = "qrate-backup 1";
    private static final String FROZEN = "frozen ";
    private static final String MAILDIRS = "maildirs ";
    private static final String END = "end ";

    /// Longest line, in characters: a path has at most 4,096 bytes, each at most three characters.
    private static final int LINE_CHARS_MAX = 16 << 10;

    private Manifest() {}

    /// What takes the lines of a manifest.
    interface Reader {
        void entry(ManifestEntry entry) throws IOException;
    }

    /// What a whole manifest says of itself.
    ///
    /// @param frozen the moment that the copy of the queue shows
    /// @param maildirs where the Maildirs lay, which `users/assign` names in full
    /// @param sum of the list, in hexadecimal
    record Head(Instant frozen, String maildirs, String sum) {}

    /// Writes a list, line by line.
    static final class Writer implements AutoCloseable {
        private final Path file;
        private final BufferedWriter out;
        private final MessageDigest digest = sha256();

        Writer(Path backup, Instant frozen, Path maildirs) throws IOException {
            this.file = backup.resolve(FILE);
            this.out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            line(FIRST);
            line(FROZEN + frozen);
            line(MAILDIRS + maildirs);
        }

        void add(ManifestEntry entry) throws IOException {
            line(entry.line());
        }

        /// Writes the end; durable on return.
        ///
        /// @return the sum of the list
        String end() throws IOException {
            String sum = HexFormat.of().formatHex(digest.digest());
            out.write(END + sum + "\n");
            out.close();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            return sum;
        }

        private void line(String text) throws IOException {
            digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
            out.write(text + "\n");
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /// Reads a list to its end.
    ///
    /// @throws IOException when it is cut, changed, or of a kind that this version does not know
    static Head read(Path backup, Reader reader) throws IOException {
        MessageDigest digest = sha256();
        try (BufferedReader in = Files.newBufferedReader(backup.resolve(FILE))) {
            if (!FIRST.equals(next(in, digest))) {
                throw damaged(backup, "does not begin with " + FIRST);
            }
            Instant frozen = frozen(backup, next(in, digest));
            String maildirs = next(in, digest);
            if (!maildirs.startsWith(MAILDIRS)) {
                throw damaged(backup, "does not say where the Maildirs lay");
            }
            while (true) {
                String line = line(in);
                if (line.startsWith(END)) {
                    String sum = HexFormat.of().formatHex(digest.digest());
                    if (!line.equals(END + sum) || in.read() >= 0) {
                        throw damaged(backup, "was changed: its sum is another");
                    }
                    return new Head(frozen, maildirs.substring(MAILDIRS.length()), sum);
                }
                digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
                reader.entry(ManifestEntry.parse(line));
            }
        } catch (NoSuchFileException e) {
            throw new IOException(backup + ": is no backup: it has no " + FILE, e);
        }
    }

    private static String next(BufferedReader in, MessageDigest digest) throws IOException {
        String line = line(in);
        digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        return line;
    }

    private static String line(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException(FILE + " is cut: it has no end");
            }
            if (line.length() == LINE_CHARS_MAX) {
                throw new IOException(FILE + " was changed: a line is too long");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    private static Instant frozen(Path backup, String line) throws IOException {
        try {
            return Instant.parse(line.substring(Math.min(FROZEN.length(), line.length())));
        } catch (DateTimeException e) {
            throw damaged(backup, "does not say when it was made");
        }
    }

    private static IOException damaged(Path backup, String what) {
        return new IOException(backup.resolve(FILE) + " " + what);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
