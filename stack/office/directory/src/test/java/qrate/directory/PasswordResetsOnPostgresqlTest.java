package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.PostgresqlServer;

/// The same on PostgreSQL.
@Tag("peer")
class PasswordResetsOnPostgresqlTest extends PasswordResetsTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir
    static Path shared;

    private static PostgresqlServer server;

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
            Map<String, String> environment = new HashMap<>(super.environment());
            environment.put("QRATE_DB_URL", server.database("f" + DATABASES.incrementAndGet()));
            return environment;
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
