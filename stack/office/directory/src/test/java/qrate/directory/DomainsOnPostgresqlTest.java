package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;
import qrate.testkit.PostgresqlServer;

/// Everything the directory promises, on PostgreSQL.
@Tag("peer")
class DomainsOnPostgresqlTest extends DomainsTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    static Path shared;

    private static PostgresqlServer server;

    private String url = "";

    @BeforeAll
    static void serve() throws IOException, InterruptedException {
        // the folder is this user's own, and PostgreSQL runs as another
        assertTrue(shared.toFile().setExecutable(true, false));
        server = new PostgresqlServer(shared);
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    Map<String, String> environment() throws IOException {
        try {
            url = url.isEmpty() ? server.database("d" + DATABASES.incrementAndGet()) : url;
        } catch (SQLException e) {
            throw new IOException(e);
        }
        Map<String, String> environment = new HashMap<>(super.environment());
        environment.put("QRATE_DB_URL", url);
        return environment;
    }

    @Test
    void aDirectoryOnTheOtherKindOfDatabaseIsNotReplacedByAnEmptyOne() throws IOException {
        State state = new State(folder);
        Settings postgresql = Settings.of(environment(), state);
        Settings hsqldb = Settings.of(Map.of(), state);
        Domains.open(state, postgresql, InstantSource.system()).close();
        IOException refused =
                assertThrows(IOException.class, () -> Domains.open(state, hsqldb, InstantSource.system()));
        assertTrue(refused.getMessage().contains("is kept in postgresql"), refused.getMessage());
        Domains.open(state, postgresql, InstantSource.system()).close();
    }
}
