package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two directories that are open at once on one PostgreSQL, as two admin services have them.
@Tag("peer")
class WritersOnPostgresqlTest extends WritersTest {
    @RegisterExtension
    static final PostgresqlDatabases POSTGRESQL = new PostgresqlDatabases();

    private String url = "";

    @Override
    Map<String, String> environment() throws IOException {
        url = url.isEmpty() ? POSTGRESQL.url() : url;
        return PostgresqlDatabases.on(url, super.environment());
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
