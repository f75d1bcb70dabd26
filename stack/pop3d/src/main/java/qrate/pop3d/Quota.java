package qrate.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Keeps `maildirsize` (Maildir++) right when messages go: one line with what was taken.
final class Quota {
    private Quota() {}

    /// Notes what has gone; a Maildir without the file has no quota.
    static void took(Path maildir, long bytes, int messages) throws IOException {
        String line = -bytes + " " + -messages + "\n";
        try {
            Files.writeString(
                    maildir.resolve("maildirsize"), line, StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
        } catch (NoSuchFileException _) {
            // no quota
        }
    }
}
