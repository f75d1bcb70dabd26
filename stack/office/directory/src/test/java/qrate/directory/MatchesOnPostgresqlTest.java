package qrate.directory;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same is found on PostgreSQL.
@Tag("peer")
class MatchesOnPostgresqlTest extends MatchesTest {
    @RegisterExtension
    static final PostgresqlDatabases POSTGRESQL = new PostgresqlDatabases();

    @Override
    Map<String, String> environment() throws IOException {
        return PostgresqlDatabases.on(POSTGRESQL.url(), super.environment());
    }
}
