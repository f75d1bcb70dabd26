package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.PostgresqlServer;

/// The same on PostgreSQL.
@Tag("peer")
class AuditOnPostgresqlTest extends AuditTest {
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
    Database database() throws IOException {
        try {
            return Database.open(server.database("a" + DATABASES.incrementAndGet()), "qrate", "");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }
}
