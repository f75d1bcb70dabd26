package qrate.snapshots;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import qrate.cdb.Cdb;

/// A domain's two files as they stand. A change of what one of them says leaves the other as it is, older by a
/// revision; so each names the revision that the other had when it was written.
record SnapshotPair(Layers routes, Layers accounts) implements AutoCloseable {
    static SnapshotPair open(Path routes, Path accounts) throws IOException {
        Layers first = Layers.open(routes, Cdb::open);
        try {
            return new SnapshotPair(first, Layers.open(accounts, Cdb::open));
        } catch (IOException e) {
            close(first);
            throw e;
        }
    }

    /// Revision of both together: that of the newer, when the other is the one that belongs to it.
    ///
    /// @return empty when they do not belong together, or one is in the form of another version
    /// @throws NumberFormatException when one is damaged
    OptionalLong revision() throws IOException {
        long ofRoutes = routes.revision();
        long ofAccounts = accounts.revision();
        boolean fit = ofRoutes == ofAccounts
                || (ofRoutes > ofAccounts
                        ? routes.beside().equals(Optional.of(ofAccounts))
                        : accounts.beside().equals(Optional.of(ofRoutes)));
        return fit && routes.isOfOurForm() && accounts.isOfOurForm()
                ? OptionalLong.of(Math.max(ofRoutes, ofAccounts))
                : OptionalLong.empty();
    }

    @Override
    public void close() {
        close(routes);
        close(accounts);
    }

    private static void close(Layers layers) {
        layers.newestFirst().forEach(Cdb::close);
    }
}
