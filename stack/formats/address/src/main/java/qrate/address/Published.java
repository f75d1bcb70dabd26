package qrate.address;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.snapshots.SnapshotFile;

/// What was published of the Maildirs, for those who may not see them (`users/dotqmail.cdb`).
public final class Published implements Shelf, Rooms {
    /// The file's name below `users`.
    public static final String FILE = "dotqmail.cdb";

    /// What stands behind is of a newer release.
    private static final Pattern ROOM = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})(?: .*)?");

    private final SnapshotFile file;

    /// @param users the folder
    public Published(Path users, InstantSource clock) {
        this.file = new SnapshotFile(users.resolve(FILE), clock);
    }

    private Optional<byte[]> get(char kind, String name) throws IOException {
        return file.get((kind + name).getBytes(UTF_8));
    }

    @Override
    public Look look(String home) throws IOException {
        Optional<String> said = get('h', home).map(value -> new String(value, UTF_8));
        if (said.isEmpty()) {
            return new Look.Shut(new Found.Unseen());
        }
        return said.get().startsWith("w")
                ? new Look.Shut(new Found.Wait(said.get().substring(1)))
                : new Look.Open((name, rest, _) -> read(home, name, rest));
    }

    private Optional<Found> read(String home, String name, Optional<String> rest) throws IOException {
        Optional<byte[]> value = get('f', home + "/" + name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(value.get(), UTF_8);
        String content = text.isEmpty() ? "" : text.substring(1);
        return Optional.of(
                switch (text.isEmpty() ? '?' : text.charAt(0)) {
                    case '-' -> Found.parse(content, false, rest);
                    case 'x' -> Found.parse(content, true, rest);
                    case 'w' -> new Found.Wait(content);
                    default -> new Found.Unseen(); // of a newer release
                });
    }

    @Override
    public Optional<Room> left(String home) throws IOException {
        Matcher matcher = ROOM.matcher(
                get('q', home).map(value -> new String(value, UTF_8)).orElse(""));
        return matcher.matches()
                ? Optional.of(new Room(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }
}
