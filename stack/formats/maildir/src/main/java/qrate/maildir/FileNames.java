package qrate.maildir;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/// File names byte for byte, one character a byte (ISO 8859-1), whatever they are written in and whatever the locale
/// of this process can spell.
///
/// The JDK decodes a name as the locale says when it is asked for it as a string, and then cannot find the file any
/// more; by way of a URI every byte comes through.
public final class FileNames {
    private static final Path ROOT = Path.of("/");

    private FileNames() {}

    /// The last part of a path as it stands on disk.
    public static String of(Path path) {
        Path name = Objects.requireNonNull(path.getFileName());
        String decoded = name.toString();
        if (isPlain(decoded)) {
            return decoded;
        }
        String raw = ROOT.resolve(name).toUri().getRawPath();
        String encoded = raw.substring(1, raw.endsWith("/") ? raw.length() - 1 : raw.length());
        return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.ISO_8859_1);
    }

    /// The file of that name, relative to the folder it is in.
    public static Path path(String name) {
        if (isPlain(name)) {
            return Path.of(name);
        }
        StringBuilder encoded = new StringBuilder("file:///");
        for (byte b : name.getBytes(StandardCharsets.ISO_8859_1)) {
            encoded.append(String.format(Locale.ROOT, "%%%02X", b));
        }
        return Objects.requireNonNull(Path.of(URI.create(encoded.toString())).getFileName());
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == 0 || c >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
