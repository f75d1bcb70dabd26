package qrate.directory;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same on PostgreSQL.
@Tag("peer")
class DeletedMailboxesOnPostgresqlTest extends DeletedMailboxesTest {
    @RegisterExtension
    static final PostgresqlDatabases POSTGRESQL = new PostgresqlDatabases();

    @Override
    Map<String, String> environment() throws IOException {
        return PostgresqlDatabases.on(POSTGRESQL.url(), super.environment());
    }
}
