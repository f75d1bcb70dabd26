package qrate.address;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import qrate.core.Steps;

/// The `.qmail` files of every home, as somebody sees them.
@FunctionalInterface
public interface Shelf {
    /// A home.
    sealed interface Look {
        /// No file of it is read.
        ///
        /// @param why {@link Found.Wait}, {@link Found.NoHome} or {@link Found.Unseen}
        record Shut(Found why) implements Look {}

        /// Its files may be read.
        record Open(Home home) implements Look {}
    }

    /// The files of a home.
    @FunctionalInterface
    interface Home {
        /// One file; empty when it is not there.
        ///
        /// @param rest what the `default` at the end of its name stands for
        Optional<Found> read(String name, Optional<String> rest, Steps steps) throws IOException;
    }

    /// @param home as {@link User#home()}
    Look look(String home) throws IOException;

    /// Sees nothing.
    static Shelf none() {
        return _ -> new Look.Shut(new Found.Unseen());
    }

    /// Looks for `.qmail`, for `.qmail-EXT`, then for `.qmail-PREFIX-default` with ever shorter prefixes.
    default Found find(String home, String dash, String ext, Steps steps) throws IOException {
        if (ext.indexOf('/') >= 0 || ext.indexOf('\0') >= 0) {
            return new Found.Nobody();
        }
        return switch (look(home)) {
            case Look.Shut(Found why) -> why;
            case Look.Open(Home open) -> find(open, dash, ext, steps);
        };
    }

    private static Found find(Home home, String dash, String ext, Steps steps) throws IOException {
        String byDefault = "default";
        String stem = Found.stem(dash, ext);
        Optional<String> rest = ext.toLowerCase(Locale.ROOT).endsWith(byDefault)
                ? Optional.of(ext.substring(ext.length() - byDefault.length()))
                : Optional.empty();
        Optional<Found> exact = home.read(stem, rest, steps);
        if (exact.isPresent()) {
            return exact.get();
        }
        if (dash.isEmpty()) {
            return new Found.Default(Optional.empty());
        }
        int shortest = stem.length() - ext.length();
        for (int length = stem.length(); length >= shortest; length--) {
            if (length == shortest || stem.charAt(length - 1) == '-') {
                Optional<Found> found = home.read(
                        stem.substring(0, length) + byDefault, Optional.of(ext.substring(length - shortest)), steps);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return new Found.Nobody();
    }
}
