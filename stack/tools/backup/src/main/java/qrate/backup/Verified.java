package qrate.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A backup that was read from end to end and compared with its list.
///
/// @param bytes of all files
/// @param tops names right below the state
/// @param wrong what is missing, was changed or is too much, at most {@link #WRONG_MAX} lines
record Verified(Path backup, Manifest.Head head, long files, long bytes, Set<String> tops, List<String> wrong) {
    /// Most faults that are named.
    static final int WRONG_MAX = 20;

    private static final int CHUNK_BYTES = 256 << 10;

    /// @throws IOException when its list cannot be read or was changed
    static Verified of(Path backup) throws IOException {
        Path state = backup.resolve(Manifest.STATE);
        List<String> wrong = new ArrayList<>();
        Set<String> tops = new HashSet<>();
        long[] sums = new long[3];
        Manifest.Head head = Manifest.read(backup, entry -> {
            tops.add(entry.path().getName(0).toString());
            sums[0]++;
            if (entry.kind() == ManifestEntry.Kind.FILE) {
                sums[1]++;
                sums[2] += entry.size();
            }
            if (wrong.size() < WRONG_MAX) {
                fault(state.resolve(entry.path()), entry)
                        .lines()
                        .forEach(what -> wrong.add(entry.name() + ": " + what));
            }
        });
        try (Stream<Path> there = Files.walk(state)) {
            long more = there.count() - 1 - sums[0];
            if (more > 0 && wrong.isEmpty()) {
                wrong.add("holds " + more + " files or folders that are not in its list");
            }
        }
        return new Verified(backup, head, sums[1], sums[2], tops, wrong);
    }

    /// Empty when a file is as its entry says.
    private static String fault(Path file, ManifestEntry entry) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return "is missing";
        }
        return switch (entry.kind()) {
            case FOLDER -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) ? "" : "is no folder";
            case LINK ->
                Files.isSymbolicLink(file)
                                && ManifestEntry.encodeTarget(Files.readSymbolicLink(file))
                                        .equals(entry.sum())
                        ? ""
                        : "leads elsewhere";
            case FILE -> {
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    yield "is no file";
                }
                yield Files.size(file) != entry.size()
                        ? "has " + Files.size(file) + " bytes instead of " + entry.size()
                        : sum(file).equals(entry.sum()) ? "" : "was changed";
            }
        };
    }

    private static String sum(Path file) throws IOException {
        MessageDigest digest = Manifest.sha256();
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// Whether nothing is wrong.
    boolean isWhole() {
        return wrong.isEmpty();
    }
}
