package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import qrate.core.State;

/// Everything the directory promises, on PostgreSQL.
@Tag("peer")
class DomainsOnPostgresqlTest extends DomainsTest {
    @RegisterExtension
    static final PostgresqlDatabases POSTGRESQL = new PostgresqlDatabases();

    private String url = "";

    @Override
    Map<String, String> environment() throws IOException {
        url = url.isEmpty() ? POSTGRESQL.url() : url;
        return PostgresqlDatabases.on(url, super.environment());
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
