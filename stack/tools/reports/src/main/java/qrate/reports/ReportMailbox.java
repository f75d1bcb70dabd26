package qrate.reports;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import qrate.maildir.FileNames;
import qrate.message.Parts;

/// The reports in a Maildir. It is only read.
final class ReportMailbox {
    /// Most messages that are read, the newest.
    static final int MESSAGES_MAX = 20_000;

    /// Largest message that is read: reports of the largest senders have some 200 KB.
    static final int MESSAGE_BYTES_MAX = 8 << 20;

    /// What becomes of an attachment.
    @FunctionalInterface
    interface Reading {
        /// Takes it, and says whether it is a report.
        boolean isReport(Parts.Leaf attachment, ReportOrigin origin) throws IOException;
    }

    private final Path maildir;
    private final String me;
    private int messages;
    private int unreadable;
    private int left;

    /// A message.
    ///
    /// @param at when it came
    record Letter(Path file, Instant at, long bytes) {
        /// Its name without its flags, which it keeps for ever.
        String name() {
            String name = FileNames.of(file);
            int colon = name.indexOf(':');
            return colon < 0 ? name : name.substring(0, colon);
        }
    }

    /// @param me our name, as the gate writes it
    ReportMailbox(Path maildir, String me) {
        this.maildir = maildir;
        this.me = me;
    }

    /// Reads what came since then, the oldest first.
    ///
    /// @param reads takes an attachment, and says whether it is a report
    /// @throws IOException when the Maildir cannot be read
    void read(Instant since, Reading reads) throws IOException {
        for (Letter letter : letters(since)) {
            read(letter, reads);
        }
    }

    /// What came since then, the oldest first.
    ///
    /// @throws IOException when the Maildir cannot be read
    List<Letter> letters(Instant since) throws IOException {
        List<Letter> all = new ArrayList<>();
        for (String folder : List.of("new", "cur")) {
            collect(maildir.resolve(folder), since, all);
        }
        all.sort(Comparator.comparing(Letter::at).reversed());
        left = Math.max(0, all.size() - MESSAGES_MAX);
        return List.copyOf(all.subList(0, all.size() - left).reversed());
    }

    private static void collect(Path folder, Instant since, List<Letter> all) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                letter(file).filter(one -> !one.at.isBefore(since)).ifPresent(all::add);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException _) {
            // an empty mailbox may have no folders yet
        }
    }

    private static Optional<Letter> letter(Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return found.isRegularFile()
                    ? Optional.of(new Letter(file, found.lastModifiedTime().toInstant(), found.size()))
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty(); // somebody has read it and moved it meanwhile
        }
    }

    /// Reads one.
    void read(Letter letter, Reading reads) throws IOException {
        byte[] message;
        try (InputStream in = Files.newInputStream(letter.file, LinkOption.NOFOLLOW_LINKS)) {
            message = in.readNBytes(MESSAGE_BYTES_MAX + 1);
        } catch (NoSuchFileException _) {
            return; // somebody has read it and moved it meanwhile
        }
        messages++;
        if (message.length > MESSAGE_BYTES_MAX) {
            unreadable++;
            return;
        }
        List<Parts.Leaf> attachments = MailParts.of(message);
        if (attachments.isEmpty()) {
            return;
        }
        ReportOrigin origin = ReportOrigin.of(message, me, letter.at);
        boolean broken = false;
        for (Parts.Leaf attachment : attachments) {
            broken |= !reads.isReport(attachment, origin);
        }
        unreadable += broken ? 1 : 0;
    }

    /// How many messages were read.
    int messages() {
        return messages;
    }

    /// How many have an attachment that is no report, or are too large.
    int unreadable() {
        return unreadable;
    }

    /// How many were left out, because there are too many.
    int left() {
        return left;
    }
}
