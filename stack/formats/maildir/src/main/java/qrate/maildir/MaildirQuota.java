package qrate.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Maildir++ quota of one Maildir, kept in `maildirsize`.
///
/// The first line is the limit (`10000000S,1000C`), each further one a change of bytes and messages. Writers append
/// one short line a change, so nobody locks. The sum is counted anew from the names when the file is missing, has
/// another limit or has grown long, and before anyone is refused, unless it was counted moments ago.
/// Where we have no limit, one that another program wrote into the first line counts, as with all who keep this file.
public final class MaildirQuota {
    /// From this size in bytes on the file is written anew.
    public static final int FILE_BYTES_MAX = 5120;

    /// How long a count is trusted when it says that the box is full.
    public static final Duration COUNT_TRUSTED = Duration.ofMinutes(15);

    private static final String FILE = "maildirsize";
    private static final int DEFINITION_CHARS_MAX = 100;
    private static final Pattern PART = Pattern.compile("([0-9]{1,18})([SC])");

    /// A limit.
    ///
    /// @param bytes most bytes, 0 for no limit
    /// @param messages most messages, 0 for no limit
    public record Limit(long bytes, long messages) {
        /// Whether there is none.
        public boolean none() {
            return bytes == 0 && messages == 0;
        }

        private boolean allows(Usage usage) {
            return (bytes == 0 || usage.bytes <= bytes) && (messages == 0 || usage.messages <= messages);
        }

        /// As a first line has it; what it does not say, or says in a way of its own, is no limit.
        private static Limit of(String definition) {
            long bytes = 0;
            long messages = 0;
            for (String part : definition.strip().split(",", -1)) {
                Matcher matcher = PART.matcher(part);
                if (matcher.matches()) {
                    long number = Long.parseLong(matcher.group(1));
                    bytes = matcher.group(2).equals("S") ? number : bytes;
                    messages = matcher.group(2).equals("C") ? number : messages;
                }
            }
            return new Limit(bytes, messages);
        }

        private String definition() {
            List<String> parts = new ArrayList<>();
            if (bytes > 0) {
                parts.add(bytes + "S");
            }
            if (messages > 0) {
                parts.add(messages + "C");
            }
            return String.join(",", parts);
        }
    }

    /// What a Maildir holds.
    public record Usage(long bytes, long messages) {
        Usage plus(long moreBytes, long moreMessages) {
            return new Usage(bytes + moreBytes, messages + moreMessages);
        }
    }

    private record Kept(Limit limit, Usage usage, int lines, long modifiedMillis) {}

    private final Path maildir;
    private final InstantSource clock;

    public MaildirQuota(Path maildir, InstantSource clock) {
        this.maildir = maildir;
        this.clock = clock;
    }

    /// Whether anyone keeps count here: a limit of ours, or a file of another program. Where nobody does everything
    /// fits, and no change need be noted.
    public boolean isKept(Limit own) throws IOException {
        return !own.none() || attributes(maildir.resolve(FILE)).isPresent();
    }

    /// Whether a message of so many bytes still fits.
    ///
    /// @param own ours; none for the one that another program keeps here, if any
    public boolean fits(Limit own, long bytes) throws IOException {
        Limit limit = effective(own);
        return fits(limit, bytes, () -> recount(limit));
    }

    /// The same for whoever only asks: nothing is written.
    public boolean hasRoom(Limit own, long bytes) throws IOException {
        return fits(effective(own), bytes, this::count);
    }

    /// Our limit, else the one that the file begins with.
    public Limit effective(Limit own) throws IOException {
        if (!own.none()) {
            return own;
        }
        try (BufferedReader file = Files.newBufferedReader(maildir.resolve(FILE), StandardCharsets.ISO_8859_1)) {
            char[] first = new char[DEFINITION_CHARS_MAX];
            int length = file.read(first);
            return length <= 0
                    ? own
                    : Limit.of(new String(first, 0, length).lines().findFirst().orElse(""));
        } catch (NoSuchFileException _) {
            return own;
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
        return Optional.ofNullable(
                file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class));
    }

    @FunctionalInterface
    private interface Count {
        Usage now() throws IOException;
    }

    private boolean fits(Limit limit, long bytes, Count count) throws IOException {
        if (limit.none()) {
            return true;
        }
        Optional<Kept> kept = read().filter(k -> k.limit.equals(limit));
        if (kept.isPresent() && limit.allows(kept.get().usage.plus(bytes, 1))) {
            return true;
        }
        boolean justCounted = kept.isPresent()
                && kept.get().lines == 1
                && clock.millis() - kept.get().modifiedMillis < COUNT_TRUSTED.toMillis();
        return !justCounted && limit.allows(count.now().plus(bytes, 1));
    }

    /// What the Maildir holds, as the file says; empty where there is none, since nothing is counted for a look.
    public Optional<Usage> noted() throws IOException {
        return read().map(Kept::usage);
    }

    /// What the Maildir holds, as the file says; counted when there is none.
    public Usage usage() throws IOException {
        Optional<Kept> kept = read();
        return kept.isPresent() ? kept.get().usage : count();
    }

    /// Notes a change, if anyone keeps count here.
    ///
    /// @param bytes negative for messages that went
    /// @param messages negative for messages that went
    public void changed(long bytes, long messages) throws IOException {
        try {
            Files.writeString(
                    maildir.resolve(FILE),
                    bytes + " " + messages + "\n",
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (NoSuchFileException _) {
            // nobody keeps count here
        }
    }

    /// The file's content; empty when it is missing, too long or not in the format, so that it is counted anew.
    private Optional<Kept> read() throws IOException {
        Path file = maildir.resolve(FILE);
        try {
            Optional<BasicFileAttributes> attributes = attributes(file);
            if (attributes.isEmpty() || attributes.get().size() >= FILE_BYTES_MAX) {
                return Optional.empty();
            }
            long modified = attributes.get().lastModifiedTime().toMillis();
            List<String> lines =
                    Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
            if (lines.size() < 2) {
                return Optional.empty();
            }
            Usage sum = new Usage(0, 0);
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.strip().split(" +", -1);
                if (words.length != 2) {
                    return Optional.empty();
                }
                sum = sum.plus(Long.parseLong(words[0]), Long.parseLong(words[1]));
            }
            return sum.bytes < 0 || sum.messages < 0
                    ? Optional.empty()
                    : Optional.of(new Kept(Limit.of(lines.getFirst()), sum, lines.size() - 1, modified));
        } catch (NoSuchFileException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private Usage recount(Limit limit) throws IOException {
        Usage counted = count();
        Path fresh = maildir.resolve("tmp")
                .resolve(FILE + "." + ProcessHandle.current().pid() + "."
                        + Thread.currentThread().threadId());
        Files.writeString(
                fresh,
                limit.definition() + "\n" + counted.bytes + " " + counted.messages + "\n",
                StandardCharsets.US_ASCII);
        Files.move(fresh, maildir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return counted;
    }

    /// Counts `new` and `cur` here and in each Maildir++ folder (`.Name`); trash does not count.
    private Usage count() throws IOException {
        Usage sum = countOne(maildir);
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(maildir, ".?*")) {
            for (Path folder : folders) {
                boolean counts = !folder.getFileName().toString().equals(".Trash")
                        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
                if (counts) {
                    Usage one = countOne(folder);
                    sum = sum.plus(one.bytes, one.messages);
                }
            }
        } catch (NoSuchFileException _) {
            return sum;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return sum;
    }

    private static Usage countOne(Path folder) throws IOException {
        Usage sum = new Usage(0, 0);
        for (MaildirReader.Entry entry : MaildirReader.list(folder)) {
            if (entry.flags().indexOf('T') < 0) {
                sum = sum.plus(entry.size(), 1);
            }
        }
        return sum;
    }
}
