package qrate.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A message in a Maildir (maildir(5)).
///
/// @param unique its name before the colon, the same in `new/` and `cur/`
/// @param file where it lies
/// @param size in bytes
record Entry(String unique, Path file, long size) {
    /// Most messages shown in one session; the oldest come first, so a fuller box empties from the front.
    static final int MESSAGES_MAX = 200_000;

    /// Longest unique id (RFC 1939 §7).
    static final int UID_CHARS_MAX = 70;

    private static final Comparator<Entry> BY_AGE =
            Comparator.comparingLong(Entry::seconds).thenComparing(Entry::unique);

    /// All messages, oldest first.
    static List<Entry> list(Path maildir) throws IOException {
        return byUnique(maildir).values().stream()
                .sorted(BY_AGE)
                .limit(MESSAGES_MAX)
                .toList();
    }

    /// All messages by their unique name; `new/` is read first, so one that moves meanwhile is found in `cur/`.
    static Map<String, Entry> byUnique(Path maildir) throws IOException {
        Map<String, Entry> found = new HashMap<>();
        for (String folder : List.of("new", "cur")) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(maildir.resolve(folder))) {
                for (Path file : files) {
                    add(found, file);
                }
            } catch (NoSuchFileException _) {
                // nothing has been delivered yet
            } catch (java.nio.file.DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return found;
    }

    private static void add(Map<String, Entry> found, Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.startsWith(".")) {
            return;
        }
        int colon = name.indexOf(':');
        String unique = colon < 0 ? name : name.substring(0, colon);
        long told = told(unique);
        try {
            found.put(unique, new Entry(unique, file, told >= 0 ? told : Files.size(file)));
        } catch (NoSuchFileException _) {
            // it moved or went between the listing and this look
        }
    }

    /// The size in the name (`,S=`, Maildir++), or -1.
    private static long told(String unique) {
        int at = unique.indexOf(",S=");
        if (at < 0) {
            return -1;
        }
        int end = at + 3;
        while (end < unique.length() && unique.charAt(end) >= '0' && unique.charAt(end) <= '9') {
            end++;
        }
        return end == at + 3 || end - at > 18 ? -1 : Long.parseLong(unique, at + 3, end, 10);
    }

    /// Seconds since 1970 at the front of the name; a name without them is the oldest.
    private long seconds() {
        int end = 0;
        while (end < unique.length() && end < 18 && unique.charAt(end) >= '0' && unique.charAt(end) <= '9') {
            end++;
        }
        return end == 0 ? 0 : Long.parseLong(unique, 0, end, 10);
    }

    /// The unique name if POP3 allows it, else a digest of it.
    String uid() {
        boolean fits = !unique.isEmpty()
                && unique.length() <= UID_CHARS_MAX
                && unique.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        if (fits) {
            return unique;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(unique.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// Where it lies once seen: in `cur/`, its flags and an S, in ASCII order (maildir(5)).
    Path seen(Path maildir) {
        String name = file.getFileName().toString();
        int info = name.indexOf(":2,");
        String flags = info < 0 ? "" : name.substring(info + 3);
        if (flags.indexOf('S') >= 0) {
            return maildir.resolve("cur").resolve(name);
        }
        String sorted = (flags + "S")
                .chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return maildir.resolve("cur").resolve(unique + ":2," + sorted);
    }
}
