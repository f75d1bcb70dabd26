package qrate.directory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.DurableFile;
import qrate.core.State;

/// Which kind of database a state has lived on since its first start, as `db/kind` says: an empty one of the other kind
/// in its place would take every mailbox from the snapshots.
record DatabaseKind(Path file, String name) {
    static final String HSQLDB = "hsqldb";
    static final String POSTGRESQL = "postgresql";

    private static final Pattern JDBC = Pattern.compile("jdbc:([a-z0-9]{1,20}):");

    /// What people call those that vpopmail, or its neighbours, kept users in.
    private static final Map<String, String> OTHERS = Map.of(
            "mariadb", "MariaDB", "mysql", "MySQL", "sqlite", "SQLite", "oracle", "Oracle", "sqlserver", "SQL Server");

    /// @throws IOException when the URL leads to a database that is not kept here; what stands in it may be a password
    static DatabaseKind of(State state, Settings settings) throws IOException {
        String url = settings.url().toLowerCase(Locale.ROOT);
        if (!settings.embedded() && !url.startsWith("jdbc:" + POSTGRESQL + ":")) {
            Matcher jdbc = JDBC.matcher(url);
            String other = jdbc.lookingAt() ? OTHERS.getOrDefault(jdbc.group(1), jdbc.group(1)) : "what it names";
            throw new IOException("QRATE_DB_URL: " + other + " cannot keep the directory: it is PostgreSQL"
                    + " (jdbc:postgresql://HOST/DATABASE), or without this variable the HSQLDB in db/;"
                    + " vpopmail's domains come here by `import`");
        }
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
