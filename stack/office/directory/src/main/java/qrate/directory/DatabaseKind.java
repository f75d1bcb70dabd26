package qrate.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import qrate.core.DurableFile;
import qrate.core.State;

/// Which kind of database a state has lived on since its first start, as `db/kind` says: an empty one of the other kind
/// in its place would take every mailbox from the snapshots.
record DatabaseKind(Path file, String name) {
    static final String HSQLDB = "hsqldb";
    static final String POSTGRESQL = "postgresql";

    static DatabaseKind of(State state, Settings settings) {
        return new DatabaseKind(state.db().resolve("kind"), settings.embedded() ? HSQLDB : POSTGRESQL);
    }

    /// @throws IOException when it was another before
    void check() throws IOException {
        String before = before().orElse(name);
        if (!before.equals(name)) {
            throw new IOException("database: this directory is kept in " + before
                    + ", as db/kind says, and QRATE_DB_URL" + " leads to " + name
                    + ": `db move` brings it there");
        }
    }

    /// As it is noted; nothing before the first start.
    Optional<String> before() throws IOException {
        return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    }

    /// Notes that it is this one from now on.
    void set() throws IOException {
        DurableFile.write(file, (name + "\n").getBytes(US_ASCII));
    }

    void note() throws IOException {
        if (!Files.exists(file)) {
            Files.createDirectories(file.getParent());
            set();
        }
    }
}
