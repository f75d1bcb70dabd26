package qrate.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.core.Steps;
import qrate.dotqmail.Line;

/// Finds and reads `.qmail` files (dot-qmail(5)).
final class DotQmail {
    /// Largest `.qmail` file, in bytes.
    static final int FILE_BYTES_MAX = 1 << 20;

    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 02;
    private static final int OWNER_EXECUTE = 0100;
    private static final String DEFAULT = "default";

    /// What a lookup finds.
    sealed interface Found {
        /// A file.
        ///
        /// @param lines its instructions
        /// @param forwardOnly whether it may only forward: executable, or `+list`
        /// @param rest what the `default` at the end of its name stands for; empty if it does not end so
        record File(List<Line> lines, boolean forwardOnly, Optional<String> rest) implements Found {}

        /// An empty file, or none for a user who needs none: the default delivery.
        record Default(Optional<String> rest) implements Found {}

        /// Nobody has that name.
        record Nobody() implements Found {}

        /// Not now: somebody is editing, or what was found is not safe.
        record Wait(String why) implements Found {}
    }

    private final Homes homes;
    private final boolean delivering;

    DotQmail(Homes homes) {
        this(homes, true);
    }

    private DotQmail(Homes homes, boolean delivering) {
        this.homes = homes;
        this.delivering = delivering;
    }

    /// To look at files while their owner edits them, which a sticky home says.
    static DotQmail looking(Homes homes) {
        return new DotQmail(homes, false);
    }

    /// Whether a home says that its owner is editing.
    static boolean isSticky(Path home) throws IOException {
        return (mode(home) & STICKY) != 0;
    }

    /// The name of a file as it stands in the home folder.
    static String stem(String dash, String ext) {
        return ".qmail" + dash + ext.toLowerCase(Locale.ROOT).replace('.', ':');
    }

    /// Looks for `.qmail`, for `.qmail-EXT`, then for `.qmail-PREFIX-default` with ever shorter prefixes.
    ///
    /// A home or file that the world may write is refused; its group may write it, as with qmail (conf-patrn 002).
    Found find(Path home, String dash, String ext, Steps steps) throws IOException {
        if (ext.indexOf('/') >= 0 || ext.indexOf('\0') >= 0) {
            return new Found.Nobody();
        }
        Optional<Found> unsafe = checkHome(home);
        if (unsafe.isPresent()) {
            return unsafe.get();
        }
        Reader reader = new Reader(homes, home, steps);
        String stem = stem(dash, ext);
        boolean byDefault = ext.toLowerCase(Locale.ROOT).endsWith(DEFAULT);
        Optional<Found> exact = reader.read(
                stem, byDefault ? Optional.of(ext.substring(ext.length() - DEFAULT.length())) : Optional.empty());
        if (exact.isPresent()) {
            return exact.get();
        }
        if (dash.isEmpty()) {
            return new Found.Default(Optional.empty());
        }
        int shortest = stem.length() - ext.length();
        for (int length = stem.length(); length >= shortest; length--) {
            if (length == shortest || stem.charAt(length - 1) == '-') {
                String rest = ext.substring(length - shortest);
                Optional<Found> found = reader.read(stem.substring(0, length) + DEFAULT, Optional.of(rest));
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return new Found.Nobody();
    }

    /// Whether a file of that name is there.
    boolean exists(Path home, String name) throws IOException {
        Optional<Path> file = homes.below(home, name);
        return file.isPresent() && Files.exists(file.get());
    }

    private Optional<Found> checkHome(Path home) throws IOException {
        try {
            int mode = mode(home);
            if (delivering && (mode & STICKY) != 0) {
                return Optional.of(
                        new Found.Wait("Home directory is sticky: user is editing his .qmail file. (#4.2.1)"));
            }
            return (mode & OTHERS_WRITE) == 0
                    ? Optional.empty()
                    : Optional.of(new Found.Wait("Uh-oh: home directory is writable. (#4.7.0)"));
        } catch (NoSuchFileException _) {
            return Optional.of(new Found.Wait("Unable to switch to home directory: it is missing. (#4.3.0)"));
        }
    }

    private static int mode(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:mode");
        return (Integer) found.get("mode");
    }

    /// Reads the files of one home, and says what it looked for.
    private record Reader(Homes homes, Path home, Steps steps) {
        Optional<Found> read(String name, Optional<String> rest) throws IOException {
            Optional<Path> file = homes.below(home, name);
            if (file.isEmpty() || !Files.isRegularFile(file.get())) {
                if (!homes.stands(home, name)) {
                    steps.say(home + "/" + name + ": not there");
                    return Optional.empty();
                }
                steps.say(home + "/" + name + ": no file below the maildirs");
                return Optional.of(new Found.Wait("Uh-oh: " + name + " is no file below the maildirs. (#4.3.5)"));
            }
            steps.say(home.resolve(name) + ": found");
            try {
                int mode = mode(file.get());
                if ((mode & OTHERS_WRITE) != 0) {
                    return Optional.of(new Found.Wait("Uh-oh: .qmail file is writable. (#4.7.0)"));
                }
                if (Files.size(file.get()) > FILE_BYTES_MAX) {
                    return Optional.of(new Found.Wait("Uh-oh: .qmail file is too large. (#4.7.0)"));
                }
                String content = new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8);
                return Optional.of(parse(content, (mode & OWNER_EXECUTE) != 0, rest));
            } catch (NoSuchFileException _) {
                return Optional.empty();
            }
        }
    }

    /// Reads instructions; a file that starts with an empty line is probably half written.
    static Found parse(String content, boolean executable, Optional<String> rest) {
        if (content.isEmpty()) {
            return new Found.Default(rest);
        }
        List<Line> lines = new ArrayList<>();
        boolean forwardOnly = executable;
        boolean first = true;
        for (String whole : content.split("\n", -1)) {
            String line = whole.replaceAll("[ \t\r]+$", "");
            if (line.isEmpty() && first) {
                return new Found.Wait("Uh-oh: first line of .qmail file is blank. (#4.2.1)");
            }
            first = false;
            if (line.equals("+list")) {
                forwardOnly = true;
            } else {
                Line.of(line).ifPresent(lines::add);
            }
        }
        return new Found.File(lines, forwardOnly, rest);
    }
}
