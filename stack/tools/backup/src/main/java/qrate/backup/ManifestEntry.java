package qrate.backup;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/// One file, folder or link of a backup, and its line in the manifest: `KIND MODE SIZE MODIFIED SUM NAME`.
///
/// @param mode permission bits
/// @param size in bytes; 0 for what is no file
/// @param modified in nanoseconds since 1970
/// @param sum SHA-256 of a file in hexadecimal; of a link its target, written as a name; else `-`
/// @param name relative to the state, with `/` between its parts; bytes that are not plain are written `%XX`, so that
///     names in any encoding come through
record ManifestEntry(Kind kind, int mode, long size, long modified, String sum, String name) {
    private static final int FIELDS = 6;
    private static final int MODE_MAX = 07777;

    /// What it is.
    enum Kind {
        FILE,
        FOLDER,
        LINK
    }

    String line() {
        return kind + " " + Integer.toOctalString(mode) + " " + size + " " + modified + " " + sum + " " + name;
    }

    /// @throws IOException when the line is none, or its name leads out of the state
    static ManifestEntry parse(String line) throws IOException {
        String[] fields = line.split(" ", -1);
        try {
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("not six fields");
            }
            int mode = Integer.parseInt(fields[1], 8);
            ManifestEntry entry = new ManifestEntry(
                    Kind.valueOf(fields[0]),
                    mode & MODE_MAX,
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]),
                    fields[4],
                    fields[5]);
            if (mode != entry.mode || entry.size < 0) {
                throw new IllegalArgumentException("a number out of range");
            }
            entry.path();
            return entry;
        } catch (IllegalArgumentException e) {
            throw new IOException("a line that is none: " + e.getMessage(), e);
        }
    }

    /// The name as a relative path.
    Path path() {
        return decode(name);
    }

    /// A relative name as it stands in a manifest.
    static String encode(Path relative) {
        Path absolute = Path.of("/").resolve(relative);
        String raw = absolute.toUri().getRawPath();
        String trimmed = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        return trimmed.substring(1);
    }

    /// What a link leads to, as it stands in a manifest: an absolute one begins with `/`.
    static String encodeTarget(Path leads) {
        return (leads.isAbsolute() ? "/" : "") + encode(leads);
    }

    /// Where a link leads.
    Path target() {
        Path absolute = Path.of(URI.create("file:///" + sum.substring(sum.startsWith("/") ? 1 : 0)));
        return sum.startsWith("/") ? absolute : absolute.subpath(0, absolute.getNameCount());
    }

    /// @throws IllegalArgumentException when it is no name, or not a relative one without `..`
    static Path decode(String name) {
        try {
            Path absolute = Path.of(new URI("file:///" + name));
            Path relative = Path.of("/").relativize(absolute);
            if (name.isEmpty()
                    || !absolute.normalize().equals(absolute)
                    || !encode(relative).equals(name)) {
                throw new IllegalArgumentException("a name that leads elsewhere: " + name);
            }
            return relative;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no name: " + name, e);
        }
    }
}
