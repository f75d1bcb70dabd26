package qrate.snapshots;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import qrate.cdb.Cdb;

/// A domain's file, and the small one beside it that holds what changed since: `DOMAIN.cdb` and `DOMAIN.more`.
///
/// @param newestFirst one or two
record Layers(List<Cdb> newestFirst) {
    private static final String BASE = ".cdb";
    private static final String MORE = ".more";

    /// The file beside a domain's.
    static Path more(Path base) {
        String name = String.valueOf(base.getFileName());
        return base.resolveSibling(name.substring(0, name.length() - BASE.length()) + MORE);
    }

    /// Opens both. The small one first: one that is written for a newer file is never taken with an older one.
    ///
    /// @throws NoSuchFileException when there is no file; that there is no small one is well
    static Layers open(Path base, Opener opener) throws IOException {
        Optional<Cdb> more = openMore(base, opener);
        Cdb file;
        try {
            file = opener.open(base);
        } catch (IOException e) {
            more.ifPresent(Cdb::close);
            throw e;
        }
        boolean fits = more.isPresent()
                && Arrays.equals(
                        more.get().get(Records.BASE).orElse(new byte[0]),
                        file.get(Records.REVISION).orElse(new byte[] {0}));
        return new Layers(fits ? List.of(more.get(), file) : List.of(file));
    }

    /// Maps a file.
    @FunctionalInterface
    interface Opener {
        Cdb open(Path file) throws IOException;
    }

    private static Optional<Cdb> openMore(Path base, Opener opener) throws IOException {
        try {
            return Optional.of(opener.open(more(base)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// A record; one that is gone since the file was written stands in the small one without a value.
    Optional<byte[]> get(byte[] key) throws IOException {
        for (Cdb layer : newestFirst) {
            Optional<byte[]> value = layer.get(key);
            if (value.isPresent()) {
                return value.filter(bytes -> bytes.length > 0);
            }
        }
        return Optional.empty();
    }

    /// Somebody's record, in whichever form it stands in the newest file that has one: a file that a version
    /// before wrote beside ours holds what is newer, and only in the older form.
    Optional<byte[]> get(Records.Key key) throws IOException {
        byte[] named = key.namedBytes();
        byte[] ordered = key.orderedBytes();
        for (Cdb layer : newestFirst) {
            Optional<byte[]> value = layer.get(named);
            if (value.isEmpty()) {
                value = layer.get(ordered);
            }
            if (value.isPresent()) {
                return value.filter(bytes -> bytes.length > 0);
            }
        }
        return Optional.empty();
    }

    /// Whether all of it is in the form that is written now.
    boolean isOfOurForm() throws IOException {
        for (Cdb layer : newestFirst) {
            if (!Arrays.equals(layer.get(Records.FORM).orElse(new byte[0]), Records.form())) {
                return false;
            }
        }
        return true;
    }

    /// Revision of the database that they were made from.
    ///
    /// @throws NumberFormatException when it is damaged
    long revision() throws IOException {
        byte[] value = get(Records.REVISION).orElse(new byte[0]);
        return Long.parseLong(new String(value, US_ASCII));
    }

    /// Revision of the domain's other file when the newest of these was written; empty where a version before
    /// wrote it.
    ///
    /// @throws NumberFormatException when it is damaged
    Optional<Long> beside() throws IOException {
        return newestFirst.getFirst().get(Records.BESIDE).map(value -> Long.valueOf(new String(value, US_ASCII)));
    }
}
