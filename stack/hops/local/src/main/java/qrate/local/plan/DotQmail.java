package qrate.local.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import qrate.address.Found;
import qrate.address.Shelf;
import qrate.core.Steps;

/// Reads `.qmail` files where they stand (dot-qmail(5)). A home or file that the world may write is refused; its group
/// may write it, as with qmail (conf-patrn 002).
public final class DotQmail implements Shelf {
    /// Largest `.qmail` file, in bytes.
    public static final int FILE_BYTES_MAX = 1 << 20;

    private static final int STICKY = 01000;
    private static final int OTHERS_WRITE = 02;
    private static final int OWNER_EXECUTE = 0100;

    private final Homes homes;
    private final boolean delivering;
    private final FileCache remembered;

    public DotQmail(Homes homes) {
        this(homes, InstantSource.system());
    }

    /// @param clock the file system's
    DotQmail(Homes homes, InstantSource clock) {
        this(homes, true, clock);
    }

    private DotQmail(Homes homes, boolean delivering, InstantSource clock) {
        this.homes = homes;
        this.delivering = delivering;
        this.remembered = new FileCache(clock);
    }

    /// To look at files while their owner edits them, which a sticky home says.
    public static DotQmail looking(Homes homes) {
        return new DotQmail(homes, false, InstantSource.system());
    }

    /// Whether a home says that its owner is editing.
    public static boolean isSticky(Path home) throws IOException {
        return Stamp.of(home).filter(stamp -> (stamp.mode() & STICKY) != 0).isPresent();
    }

    /// Looks in a home for the file of an extension.
    public Found find(Path home, String dash, String ext, Steps steps) throws IOException {
        return find(home.toString(), dash, ext, steps);
    }

    @Override
    public Look look(String home) throws IOException {
        Optional<Path> folder = homes.home(home);
        if (folder.isEmpty()) {
            return new Look.Shut(new Found.Wait("Home " + home + " is not below the maildirs. (#4.3.5)"));
        }
        Optional<Stamp> stamp = Stamp.of(folder.get());
        Optional<Found> shut = shut(stamp);
        return shut.isPresent()
                ? new Look.Shut(shut.get())
                : new Look.Open((name, rest, steps) -> read(folder.get(), stamp.orElseThrow(), name, rest, steps));
    }

    /// Whether a file of that name is there.
    public boolean exists(Path home, String name) throws IOException {
        Optional<Path> file = homes.below(home, name);
        return file.isPresent() && Files.exists(file.get());
    }

    private Optional<Found> shut(Optional<Stamp> stamp) {
        if (stamp.isEmpty()) {
            return Optional.of(new Found.NoHome());
        }
        int mode = stamp.get().mode();
        if (delivering && (mode & STICKY) != 0) {
            return Optional.of(new Found.Wait("Home directory is sticky: user is editing his .qmail file. (#4.2.1)"));
        }
        return (mode & OTHERS_WRITE) == 0
                ? Optional.empty()
                : Optional.of(new Found.Wait("Uh-oh: home directory is writable. (#4.7.0)"));
    }

    /// @param folder the home as it stands now
    private Optional<Found> read(Path home, Stamp folder, String name, Optional<String> rest, Steps steps)
            throws IOException {
        Path path = home.resolve(name);
        Optional<Stamp> stamp = Optional.empty();
        if (Homes.isName(name) && !remembered.isMissing(path, folder)) {
            stamp = Stamp.of(path, LinkOption.NOFOLLOW_LINKS);
            if (stamp.isEmpty()) {
                remembered.missing(path, folder);
            }
        }
        if (stamp.isEmpty()) {
            steps.say(path + ": not there");
            return Optional.empty();
        }
        if (stamp.get().isLink()) {
            Optional<Path> inside = homes.below(home, name);
            stamp = inside.isEmpty() ? stamp : Stamp.of(path);
        }
        if (stamp.isEmpty() || !stamp.get().isRegular()) {
            steps.say(path + ": no file below the maildirs");
            return Optional.of(new Found.Wait("Uh-oh: " + name + " is no file below the maildirs. (#4.3.5)"));
        }
        steps.say(path + ": found");
        int mode = stamp.get().mode();
        if ((mode & OTHERS_WRITE) != 0) {
            return Optional.of(new Found.Wait("Uh-oh: .qmail file is writable. (#4.7.0)"));
        }
        if (stamp.get().size() > FILE_BYTES_MAX) {
            return Optional.of(new Found.Wait("Uh-oh: .qmail file is too large. (#4.7.0)"));
        }
        try {
            String text = remembered.text(path, stamp.get());
            return Optional.of(Found.parse(text, (mode & OWNER_EXECUTE) != 0, rest));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }
}
