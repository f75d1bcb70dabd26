package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import qrate.core.State;
import qrate.testkit.PostgresqlServer;

/// The same on PostgreSQL.
@Tag("peer")
class SchemaUpgradeOnPostgresqlTest extends SchemaUpgradeTest {
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
    static void close() {
        server.close();
    }

    @Override
    Settings settings(State state) throws IOException, SQLException {
        String url = server.database("s" + DATABASES.incrementAndGet());
        return Settings.of(Map.of("QRATE_BCRYPT_COST", "4", "QRATE_DB_URL", url), state);
    }

    @Override
    Connection connect(Settings settings) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.url());
        source.setUser(settings.user());
        return source.getConnection();
    }

    @Override
    void end(Statement statement) {
        // each statement was committed
    }
}
