package qrate.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import qrate.address.Found;
import qrate.address.Shelf;
import qrate.core.Steps;

/// Reads `.qmail` files where they stand (dot-qmail(5)). A home or file that the world may write is refused; its group
/// may write it, as with qmail (conf-patrn 002).
final class DotQmail implements Shelf {
    /// Largest `.qmail` file, in bytes.
    static final int FILE_BYTES_MAX = 1 << 20;

    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 02;
    private static final int OWNER_EXECUTE = 0100;

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

    /// Looks in a home for the file of an extension.
    Found find(Path home, String dash, String ext, Steps steps) throws IOException {
        return find(home.toString(), dash, ext, steps);
    }

    @Override
    public Look look(String home) throws IOException {
        Optional<Path> folder = homes.home(home);
        Optional<Found> shut = folder.isEmpty()
                ? Optional.of(new Found.Wait("Home " + home + " is not below the maildirs. (#4.3.5)"))
                : checkHome(folder.get());
        return shut.isPresent()
                ? new Look.Shut(shut.get())
                : new Look.Open((name, rest, steps) -> read(folder.get(), name, rest, steps));
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
            return Optional.of(new Found.NoHome());
        }
    }

    private static int mode(Path path) throws IOException {
        Map<String, Object> found = Files.readAttributes(path, "unix:mode");
        return (Integer) found.get("mode");
    }

    private Optional<Found> read(Path home, String name, Optional<String> rest, Steps steps) throws IOException {
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
            return Optional.of(Found.parse(content, (mode & OWNER_EXECUTE) != 0, rest));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
