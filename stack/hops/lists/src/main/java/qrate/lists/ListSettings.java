package qrate.lists;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import qrate.core.DurableFile;

/// What is set for a list, as `ezmlm-make` and its owner's hand set it.
///
/// @param owner who gets the owner's mail; empty where its file says something else than one address
/// @param flags of ezmlm-make(1), small letters: a g h j k m p s u
/// @param prefix of subjects, empty for none
/// @param oneClick whether each subscriber gets a link of their own
public record ListSettings(String owner, Set<Character> flags, String prefix, boolean oneClick) {
    private static final Map<Character, String> FILES = Map.of(
            'a', "archived",
            'h', "nosubconfirm",
            'j', "nounsubconfirm",
            'k', "deny",
            'm', "modpost",
            'p', "public",
            's', "modsub",
            'u', "subpostonly");

    private static final String PREFIX = "prefix";
    private static final String ONE_CLICK = "oneclick";

    /// Most bytes of a file that is read.
    private static final int BYTES_MAX = 1 << 16;

    public ListSettings {
        flags = Set.copyOf(flags);
    }

    /// As `ezmlm-make` makes a list without options.
    public static ListSettings ofNew(String owner) {
        return new ListSettings(owner, Set.of('a', 'g', 'p'), "", false);
    }

    /// Reads a list's.
    ///
    /// @param folder the list's
    public static ListSettings read(Path folder) throws IOException {
        Set<Character> flags = new TreeSet<>();
        FILES.forEach((flag, file) -> {
            if (Files.exists(folder.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
                flags.add(flag);
            }
        });
        boolean open = Files.exists(folder.resolve("publicget")) && !Files.exists(folder.resolve("subgetonly"));
        if (!open) {
            flags.add('g');
        }
        String owner = line(folder.resolve("owner"));
        return new ListSettings(
                owner.startsWith("&") ? owner.substring(1) : "",
                flags,
                line(folder.resolve(PREFIX)),
                Files.exists(folder.resolve(ONE_CLICK)));
    }

    /// Writes what `ezmlm-make` does not.
    void write(Path folder) throws IOException {
        if (prefix.isEmpty()) {
            Files.deleteIfExists(folder.resolve(PREFIX));
        } else if (!prefix.equals(line(folder.resolve(PREFIX)))) {
            DurableFile.write(folder.resolve(PREFIX), (prefix + "\n").getBytes(UTF_8), Make.FILE_MODE);
        }
        if (!oneClick) {
            Files.deleteIfExists(folder.resolve(ONE_CLICK));
        } else if (!Files.exists(folder.resolve(ONE_CLICK))) {
            DurableFile.write(folder.resolve(ONE_CLICK), new byte[0], Make.FILE_MODE);
        }
    }

    private static String line(Path file) throws IOException {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IOException(file + ": larger than " + BYTES_MAX + " bytes");
            }
            return Files.readString(file, UTF_8).lines().findFirst().orElse("").strip();
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
