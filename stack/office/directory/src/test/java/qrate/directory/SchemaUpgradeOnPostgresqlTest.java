package qrate.directory;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;
import qrate.core.State;

/// The same on PostgreSQL.
@Tag("peer")
class SchemaUpgradeOnPostgresqlTest extends SchemaUpgradeTest {
    @RegisterExtension
    static final PostgresqlDatabases POSTGRESQL = new PostgresqlDatabases();

    @Override
    Settings settings(State state) throws IOException, SQLException {
        String url = POSTGRESQL.url();
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
