package qrate.core;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which version of Qrate a state was last started with, and since which version it can be read.
///
/// It stands in the state, in `users/version`, which every part that reads the state sees and only `init` and admin
/// write:
///
/// ```
/// version 0.2.0
/// since 0.2.0
/// ```
///
/// A version between the two may start, as after a rollback. An older one does not: what it does not understand it
/// could only lose. Other lines are for versions to come. A state without the file is one of 0.1.0.
///
/// @param version that was started last
/// @param since oldest version that reads what is there
public record StateVersion(String version, String since) {
    /// Oldest version that reads what this one writes. To be raised to the version that comes with each change of the
    /// database, of the snapshots or of the queue that the version before would not understand.
    static final String SINCE = "0.2.0";

    /// Largest file that is read, in bytes.
    static final int FILE_BYTES_MAX = 1000;

    private static final int PARTS = 3;

    /// Where it stands.
    public static Path file(State state) {
        return state.users().resolve("version");
    }

    /// What a state says; empty when it is one of before there was such a file.
    ///
    /// @throws IOException when it cannot be read or makes no sense
    public static Optional<StateVersion> of(State state) throws IOException {
        Path file = file(state);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            bytes = in.readNBytes(FILE_BYTES_MAX);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
        Map<String, String> found = new HashMap<>();
        new String(bytes, US_ASCII).lines().forEach(line -> {
            int blank = line.indexOf(' ');
            if (blank > 0) {
                found.put(line.substring(0, blank), line.substring(blank + 1).strip());
            }
        });
        String version = found.getOrDefault("version", "");
        String since = found.getOrDefault("since", "");
        if (numbers(version).isEmpty() || numbers(since).isEmpty()) {
            throw new IOException(file + ": does not say which version the state is of");
        }
        return Optional.of(new StateVersion(version, since));
    }

    /// Refuses a state that this version is too old for.
    ///
    /// @throws IOException with what to do
    public static void check(State state) throws IOException {
        check(state, Version.text());
    }

    static Optional<StateVersion> check(State state, String own) throws IOException {
        Optional<StateVersion> found = of(state);
        if (found.isPresent() && isOlder(own, found.get().since)) {
            throw new IOException("this is Qrate " + own + ", and the state is of " + found.get().version + ", which "
                    + found.get().since
                    + " and newer can read: start that version, or go back by its ./qrate rollback");
        }
        return found;
    }

    /// Checks, and writes down that this version is the one now.
    ///
    /// @throws IOException when this version is too old for the state, or it cannot be written
    public static void write(State state) throws IOException {
        write(state, Version.text(), SINCE);
    }

    static void write(State state, String own, String since) throws IOException {
        Optional<StateVersion> found = check(state, own);
        if (numbers(own).isEmpty()) {
            return; // not built as a version
        }
        // what a newer version wrote is still there after a rollback
        String oldest = found.filter(there -> isOlder(since, there.since))
                .map(StateVersion::since)
                .orElse(since);
        StateVersion now = new StateVersion(own, oldest);
        if (!found.equals(Optional.of(now))) {
            DurableFile.write(file(state), ("version " + own + "\nsince " + oldest + "\n").getBytes(US_ASCII));
        }
    }

    private static boolean isOlder(String one, String other) {
        return numbers(one)
                .flatMap(a -> numbers(other).map(b -> Arrays.compare(a, b) < 0))
                .orElse(false);
    }

    /// `0.2.0` or `0.2.0-something` as three numbers.
    private static Optional<int[]> numbers(String version) {
        String[] parts = version.split("-", 2)[0].split("\\.", PARTS + 1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        int[] numbers = new int[PARTS];
        for (int i = 0; i < PARTS; i++) {
            if (parts[i].isEmpty() || parts[i].length() > 6 || !parts[i].chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
            numbers[i] = Integer.parseInt(parts[i]);
        }
        return Optional.of(numbers);
    }
}
