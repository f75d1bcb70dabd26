package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import qrate.core.State;

/// Which databases there are, and how the others are refused.
class DatabaseKindTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "jdbc:mariadb://127.0.0.1/vpopmail?user=v&password=secret, MariaDB",
        "jdbc:mysql://v:secret@127.0.0.1/vpopmail, MySQL",
        "JDBC:MySQL://v:secret@127.0.0.1/vpopmail, MySQL",
        "jdbc:sqlite:/var/vpopmail.db?secret, SQLite",
        "jdbc:db2://127.0.0.1/secret, db2",
        "localhost|0|vpopmail|secret|vpopmail, what it names",
        "mysql://v:secret@127.0.0.1/vpopmail, what it names",
    })
    void refusesEveryOtherByItsNameAndShowsNoPassword(String url, String name) throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.db());
        for (String before : new String[] {"", "hsqldb\n"}) { // a new system, and one that was kept in HSQLDB
            if (!before.isEmpty()) {
                Files.writeString(state.db().resolve("kind"), before);
            }
            Settings settings = Settings.of(Map.of("QRATE_DB_URL", url), state);
            IOException refused =
                    assertThrows(IOException.class, () -> Domains.open(state, settings, InstantSource.system()));
            String why = refused.getMessage();
            assertTrue(why.startsWith("QRATE_DB_URL: " + name + " cannot keep the directory"), why);
            assertFalse(why.contains("secret"), why);
        }
    }

    @Test
    void aUrlOfPostgresqlThatIsNoneIsRefusedWithoutItself() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.db());
        Settings settings = Settings.of(Map.of("QRATE_DB_URL", "jdbc:postgresql://h:port/secret"), state);
        assertEquals(
                "QRATE_DB_URL: not as PostgreSQL has it: jdbc:postgresql://HOST[:PORT]/DATABASE",
                assertThrows(IOException.class, () -> Domains.open(state, settings, InstantSource.system()))
                        .getMessage());
    }
}
