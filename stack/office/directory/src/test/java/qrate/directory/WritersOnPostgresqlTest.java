package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.PostgresqlServer;

/// Two directories that are open at once on one PostgreSQL, as two admin services have them.
@Tag("peer")
class WritersOnPostgresqlTest extends WritersTest {
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
            url = url.isEmpty() ? server.database("w" + DATABASES.incrementAndGet()) : url;
        } catch (SQLException e) {
            throw new IOException(e);
        }
        Map<String, String> environment = new HashMap<>(super.environment());
        environment.put("QRATE_DB_URL", url);
        return environment;
    }

    /// Opened at the same time, so that both would make the schema.
    @Override
    List<Domains> writers() throws IOException {
        environment();
        CompletableFuture<Domains> one = CompletableFuture.supplyAsync(this::opened);
        CompletableFuture<Domains> other = CompletableFuture.supplyAsync(this::opened);
        return List.of(one.join(), other.join());
    }

    private Domains opened() {
        try {
            return open();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Database database() throws IOException {
        return Database.open(url, "qrate", "");
    }

    @Test
    void whoWaitsTooLongIsToldAndADeadHolderHoldsNothing() throws IOException {
        try (Database other = database()) {
            try (Database holder = database()) {
                Database.Claim claim = holder.claim(1);
                Trouble busy = assertThrows(Trouble.class, () -> other.claim(1));
                assertEquals("another program is changing the directory: try again", busy.getMessage());
                claim.close();
                other.claim(1).close();
                holder.claim(1); // and never gives it back
            }
            other.claim(5).close();
        }
    }
}
