package qrate.local.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.address.Found;
import qrate.address.Published;
import qrate.address.Rooms;
import qrate.address.Shelf;
import qrate.cdb.CdbWriter;
import qrate.core.Address;
import qrate.core.DurableFile;
import qrate.core.Steps;
import qrate.dotqmail.Line;
import qrate.snapshots.Directory;

/// Publishes what a door must know of the Maildirs and may not see: which `.qmail` files domains, alias and assigned
/// users have, and which mailboxes are nearly full (`users/dotqmail.cdb`).
///
/// A look costs one stat for each domain and each `.qmail` file: a folder is listed again only when its time has
/// changed. The file holds a few dozen bytes for each domain and each `.qmail` file, and is written only when it
/// changes.
public final class Publication {
    /// Longest text of one file that is published whole; a longer one is there, and that is all.
    static final int TEXT_BYTES_MAX = 16 << 10;

    /// A folder that changed so shortly before it was listed may have changed again in the same tick of its clock.
    private static final Duration TICK = Duration.ofSeconds(2);

    private static final String ALIAS = "alias";
    private static final String DOMAINS = "domains";

    /// Says that whoever delivers asks for accounts of the system, too, so that alias's files are not all there is.
    private static final String ACCOUNTS = Homes.NOTES + "/accounts";

    private final Path maildirs;
    private final Path users;
    private final Directory directory;
    private final Homes homes;
    private final DotQmail files;
    private final InstantSource clock;
    private final Map<String, Folder> seen = new HashMap<>();
    private volatile Map<Address, Rooms.Room> nearlyFull = Map.of();

    /// @param users the folder of the snapshots
    /// @param directory says which quota a mailbox has
    public Publication(Path maildirs, Path users, Directory directory, InstantSource clock) {
        this.maildirs = maildirs;
        this.users = users;
        this.directory = directory;
        this.homes = new Homes(maildirs);
        this.files = new DotQmail(homes);
        this.clock = clock;
    }

    /// A home as it was last listed.
    private record Folder(Instant changed, Instant listed, Map<String, File> files) {
        boolean is(Instant now) {
            return changed.equals(now) && changed.plus(TICK).isBefore(listed);
        }
    }

    /// A `.qmail` file as it was last read.
    private record File(Stamp stamp, String value) {}

    private record Stamp(Instant changed, String inode, long size, Object mode) {}

    /// Notes whether deliveries go to accounts of the system, too.
    public static void deliversToAccounts(Path maildirs, boolean does) throws IOException {
        Path mark = maildirs.resolve(ACCOUNTS);
        if (!does) {
            Files.deleteIfExists(mark);
        } else if (!Files.exists(mark)) {
            Files.createDirectories(maildirs.resolve(Homes.NOTES));
            DurableFile.write(mark, new byte[0]);
        }
    }

    /// Looks, and writes what is new.
    ///
    /// @return whether anything was
    public synchronized boolean publish() throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        Set<String> names = names();
        seen.keySet().retainAll(names);
        for (String home : names) {
            look(home, all);
        }
        rooms(all);
        CdbWriter cdb = new CdbWriter();
        all.forEach((key, value) -> cdb.put(key.getBytes(UTF_8), value.getBytes(UTF_8)));
        byte[] bytes = cdb.toBytes();
        Path file = users.resolve(Published.FILE);
        if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
            return false;
        }
        DurableFile.write(file, bytes);
        return true;
    }

    /// Every home whose files decide whether an address exists; a mailbox's own do not.
    private Set<String> names() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (!Files.exists(maildirs.resolve(ACCOUNTS))) {
            names.add(ALIAS);
        }
        try (DirectoryStream<Path> domains = Files.newDirectoryStream(maildirs.resolve(DOMAINS))) {
            domains.forEach(domain -> names.add(DOMAINS + "/" + domain.getFileName()));
        } catch (NoSuchFileException _) {
            // none yet
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Path assign = users.resolve("assign");
        if (Files.exists(assign)) {
            for (String line : Files.readAllLines(assign, UTF_8)) {
                String[] fields = line.split(":", -1);
                String home = fields.length > 4 ? fields[4] : "";
                String name = home.startsWith(homes.root() + "/")
                        ? home.substring(homes.root().length() + 1)
                        : home;
                if (!name.isEmpty() && !name.startsWith("/")) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    private void look(String home, Map<String, String> all) throws IOException {
        try {
            Path folder = maildirs.resolve(home);
            Instant changed =
                    Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant();
            switch (files.look(home)) {
                case Shelf.Look.Shut(Found.Wait(String why)) -> all.put("h" + home, "w" + why);
                case Shelf.Look.Shut _ -> seen.remove(home);
                case Shelf.Look.Open(Shelf.Home open) -> {
                    Folder before = seen.get(home);
                    Folder now = before != null && before.is(changed) && isSame(folder, before)
                            ? before
                            : list(folder, changed, open);
                    seen.put(home, now);
                    all.put("h" + home, "-");
                    now.files.forEach((name, file) -> all.put("f" + home + "/" + name, file.value));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException _) {
            seen.remove(home); // gone meanwhile, or not ours to see: nobody is told anything about it
        }
    }

    private boolean isSame(Path folder, Folder before) throws IOException {
        for (Map.Entry<String, File> file : before.files.entrySet()) {
            Optional<Stamp> now = stamp(folder.resolve(file.getKey()));
            Stamp then = file.getValue().stamp;
            if (!now.equals(Optional.of(then)) || !then.changed.plus(TICK).isBefore(before.listed)) {
                return false;
            }
        }
        return true;
    }

    private Folder list(Path folder, Instant changed, Shelf.Home open) throws IOException {
        Instant listed = clock.instant();
        Map<String, File> found = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ".qmail*")) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                Optional<Stamp> stamp = stamp(entry);
                if (stamp.isPresent()) {
                    value(name, open).ifPresent(value -> found.put(name, new File(stamp.get(), value)));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new Folder(changed, listed, found);
    }

    /// @return empty when it is not there any more
    private static Optional<Stamp> stamp(Path file) throws IOException {
        try {
            BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new Stamp(
                    of.lastModifiedTime().toInstant(),
                    String.valueOf(of.fileKey()),
                    of.size(),
                    Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// What the door is told of a file: the forwards, and that there are other lines.
    private static Optional<String> value(String name, Shelf.Home open) throws IOException {
        Optional<Found> found;
        try {
            found = open.read(name, Optional.empty(), Steps.none());
        } catch (AccessDeniedException _) {
            return Optional.of("-|"); // there, and its owner's alone
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String value = switch (found.get()) {
            case Found.Default _ -> "-";
            case Found.Wait(String why) -> "w" + why;
            case Found.Nobody _, Found.NoHome _, Found.Unseen _ -> "-|";
            case Found.File file -> {
                StringBuilder text = new StringBuilder(file.forwardOnly() ? "x" : "-");
                boolean directory = Line.vdelivermail(file.lines()).isPresent();
                for (Line line : file.lines()) {
                    text.append(
                                    switch (line) {
                                        case Line.Forward(String address) -> "&" + address;
                                        case Line.Program(String command) -> directory ? "|" + command : "|";
                                        case Line.Mbox _, Line.Maildir _ -> "./";
                                    })
                            .append('\n');
                }
                yield file.lines().isEmpty() ? text.append('#').toString() : text.toString();
            }
        };
        return Optional.of(value.length() > TEXT_BYTES_MAX ? "-|" : value);
    }

    /// The mailboxes that are full or nearly, as of the last look, and what is left in each.
    public Map<Address, Rooms.Room> nearlyFull() {
        return nearlyFull;
    }

    private void rooms(Map<String, String> all) throws IOException {
        Fullness fullness = new Fullness(homes, clock);
        Map<Address, Rooms.Room> found = new HashMap<>();
        for (Fullness.Marked marked : fullness.marked()) {
            Directory.Route route = directory.route(marked.address());
            if (route instanceof Directory.Route.Mailbox box && box.home().equals(marked.home())) {
                fullness.left(box)
                        .ifPresentOrElse(
                                left -> {
                                    found.put(marked.address(), left);
                                    all.put("q" + marked.home(), left.bytes() + " " + left.messages());
                                },
                                marked::forget);
            } else {
                marked.forget();
            }
        }
        nearlyFull = Map.copyOf(found);
    }
}
