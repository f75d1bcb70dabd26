package qrate.directory;

import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The same on PostgreSQL.
@Tag("peer")
class AuditOnPostgresqlTest extends AuditTest {
    @RegisterExtension
    static final PostgresqlDatabases POSTGRESQL = new PostgresqlDatabases();

    @Override
    Database database() throws IOException {
        return Database.open(POSTGRESQL.url(), "qrate", "");
    }
}
