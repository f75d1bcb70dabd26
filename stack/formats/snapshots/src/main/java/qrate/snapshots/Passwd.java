package qrate.snapshots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/// Accounts of the system as a V7-format passwd file has them (qmail-pw2u(8)).
final class Passwd {
    private static final int FIELDS = 7;

    private Passwd() {}

    /// One account; every text as bytes of ISO 8859-1, so that nothing is lost.
    record Entry(String name, String uid, String gid, String home) {
        /// Whether it is root's, who gets no mail.
        boolean root() {
            return number(uid) == 0;
        }

        private static long number(String digits) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException _) {
                return 0;
            }
        }

        /// Whether its home is there and is its own.
        ///
        /// @return empty when it is not there
        Optional<Boolean> ownsHome(Owners owners) throws IOException {
            OptionalLong owner = owners.of(Path.of(home));
            return owner.isEmpty() ? Optional.empty() : Optional.of(owner.getAsLong() == number(uid));
        }
    }

    /// Who owns a folder.
    @FunctionalInterface
    interface Owners {
        /// @return empty when it is not there
        /// @throws IOException when that cannot be told
        OptionalLong of(Path folder) throws IOException;

        /// As the file system says.
        static Owners real() {
            return folder -> {
                try {
                    return OptionalLong.of(((Integer) Files.getAttribute(folder, "unix:uid")).longValue());
                } catch (NoSuchFileException _) {
                    return OptionalLong.empty();
                }
            };
        }
    }

    /// Reads a line; empty when it is no account.
    static Optional<Entry> parse(String line) {
        String[] fields = line.split(":", FIELDS);
        return line.indexOf('\0') >= 0 || fields.length < FIELDS || fields[0].isEmpty()
                ? Optional.empty()
                : Optional.of(new Entry(fields[0], fields[2], fields[3], fields[5]));
    }
}
