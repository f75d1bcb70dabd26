package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Program;
import qrate.core.State;
import qrate.testkit.PostgresqlServer;

/// From HSQLDB to PostgreSQL and back, with everything that stands there.
@Tag("peer")
class DirectoryMoveTest {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Password PASSWORD = new Password.Clear("correct horse");

    @TempDir
    static Path shared;

    private static PostgresqlServer server;

    @TempDir
    Path folder;

    private State state;
    private String url = "";
    private Settings hsqldb;
    private Settings postgresql;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

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

    @BeforeEach
    void fill() throws IOException, SQLException {
        state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        url = server.database("m" + DATABASES.incrementAndGet());
        hsqldb = Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state);
        postgresql = Settings.of(environment(), state);
        try (Domains domains = Domains.open(state, hsqldb, InstantSource.system())) {
            domains.apply(new Edit.AddDomain("example.test", PASSWORD));
            domains.apply(new Edit.AddAliasDomain("example.test", "alias.test"));
            domains.apply(new Edit.AddAdministrator("admin", PASSWORD));
            assertTrue(domains.tokens()
                    .create(domains.accounts().principal("admin").orElseThrow(), Tokens.Wish.usual("a token"))
                    .isPresent());
            for (int i = 0; i < Tables.BATCH_ROWS + 7; i++) {
                domains.quiet("test")
                        .apply(new Edit.AddAlias(
                                new EditableDirectory.Alias("a" + i + "@example.test", "x@elsewhere.test")));
            }
            domains.apply(new Edit.AddMailbox("ann@example.test", PASSWORD));
            domains.apply(new Edit.Modify("ann@example.test", Map.of(Property.NAME, "陳小安")));
            domains.apply(new Edit.AddPasskey(
                    "ann@example.test",
                    new Passkey("phone", new Passkey.Credential("mail.example.test", "AQID", "BAUG"), "", 0),
                    RecoveryCodes.make(new SecureRandom())));
        }
        // what is still to be done on disk goes along, and letters of every kind do
        try (Database database = Database.open(hsqldb.url(), "SA", "")) {
            database.call(tx -> tx.update("INSERT INTO removals (domain, box) VALUES ('example.test', 'gone')"));
            database.call(tx ->
                    tx.update("INSERT INTO audit (happened, who, what) VALUES (1, '陳''\"\\', 'ä\u2028\ud83d\ude00')"));
        }
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(Map.of("QRATE_BCRYPT_COST", "4", "QRATE_DB_URL", url));
        environment.put("QRATE_STATE", folder.toString());
        return environment;
    }

    private DirectoryMove there() {
        return new DirectoryMove(state, hsqldb, postgresql);
    }

    private DirectoryMove back() {
        return new DirectoryMove(state, postgresql, hsqldb);
    }

    private List<Tables.Content> contents(Settings settings) throws IOException {
        try (Database database = Database.open(settings.url(), settings.user(), settings.password())) {
            return database.call(tx -> {
                List<Tables.Content> all = new ArrayList<>();
                for (Tables.Table table : Tables.of(tx.connection())) {
                    all.add(Tables.content(tx.connection(), table));
                }
                return all;
            });
        }
    }

    @Test
    void allOfItGoesThereAndComesBack() throws IOException {
        List<Tables.Content> before = contents(hsqldb);
        assertTrue(
                before.stream().anyMatch(one -> one.table().equals("removals") && one.rows() == 1), before::toString);
        for (String one : List.of("passkeys", "recovery_codes")) {
            assertTrue(before.stream().anyMatch(table -> table.table().equals(one) && table.rows() > 0), one);
        }
        assertTrue(
                before.stream().anyMatch(one -> one.table().equals("aliases") && one.rows() > 500), before::toString);
        assertEquals(before, there().run().tables());
        assertEquals(before, contents(postgresql));
        assertThrows(IOException.class, () -> Domains.open(state, hsqldb, InstantSource.system()), "it is elsewhere");
        try (Domains domains = Domains.open(state, postgresql, InstantSource.system())) {
            assertTrue(domains.mailbox("ann@example.test").isPresent());
            assertEquals(
                    new Change.Done(),
                    domains.apply(new Edit.AddMailbox("bob@example.test", PASSWORD)),
                    "its number is new");
        }
        List<Tables.Content> later = contents(postgresql);
        assertEquals(later, back().run().tables());
        assertEquals(later, contents(hsqldb));
        try (Domains domains = Domains.open(state, hsqldb, InstantSource.system())) {
            assertTrue(domains.mailbox("bob@example.test").isPresent());
            assertEquals(new Change.Done(), domains.apply(new Edit.DeleteMailbox("bob@example.test")));
        }
        assertEquals(contents(hsqldb), there().run().tables(), "and there again");
    }

    @Test
    void aMoveThatWasInterruptedBeginsAnew() throws IOException {
        List<Tables.Content> before = contents(hsqldb);
        // as after a power failure between two tables
        try (Database target = Database.open(postgresql.url(), postgresql.user(), postgresql.password())) {
            target.call(tx -> {
                tx.execute("CREATE TABLE move_mark (word VARCHAR(20) NOT NULL PRIMARY KEY)");
                tx.update("INSERT INTO move_mark (word) VALUES ('incoming')");
                return tx.update("INSERT INTO administrators (name, hash, created) VALUES ('half', 'x', 1)");
            });
        }
        assertEquals(before, there().run().tables());
        // as after one between the word that it is done and the marks
        try (Database source = Database.open(hsqldb.url(), "SA", "")) {
            source.call(tx -> {
                tx.execute("DROP TABLE move_mark");
                return true;
            });
        }
        assertEquals(List.of(), there().run().tables(), "it is there already");
        assertEquals(before, back().run().tables());
    }

    @Test
    void anotherDirectoryIsNotWrittenOverAndAnEmptyOneNotMoved() throws IOException, SQLException {
        State other = new State(folder.resolve("other"));
        Files.createDirectories(other.control());
        Domains second = Domains.open(other, postgresql, InstantSource.system());
        second.apply(new Edit.AddDomain("other.test", PASSWORD));
        second.close();
        IOException refused = assertThrows(IOException.class, () -> there().run());
        assertTrue(
                refused.getMessage().endsWith("holds another directory: it is not written over"), refused.getMessage());
        assertEquals(Optional.of("hsqldb"), DatabaseKind.of(state, hsqldb).before());
        Settings nothing =
                Settings.of(Map.of("QRATE_DB_URL", server.database("n" + DATABASES.incrementAndGet())), state);
        State fresh = new State(folder.resolve("fresh"));
        Files.createDirectories(fresh.db());
        IOException empty = assertThrows(IOException.class, () -> new DirectoryMove(fresh, nothing, hsqldb).run());
        assertTrue(empty.getMessage().contains("there is no directory at "), empty.getMessage());
    }

    private int command(Map<String, String> environment, String... arguments) throws IOException {
        PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new DatabaseProgram()
                .run(List.of(arguments), new Program.Stdio(environment, new ByteArrayInputStream(new byte[0]), to, to));
    }

    @Test
    void theCommandSaysWhatItMovedAndWhatToDo() throws IOException {
        assertEquals(0, command(environment()));
        assertEquals(0, command(environment(), "move", "postgresql"));
        assertEquals(0, command(environment(), "move", "postgresql"));
        assertEquals(0, command(environment(), "move", "hsqldb", "--json"));
        String said = out.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("The directory is kept in hsqldb.\nadministrators"), said);
        assertTrue(said.contains("All is in postgresql now.\nKeep QRATE_DB_URL set"), said);
        assertTrue(said.contains("The directory is in postgresql already."), said);
        assertTrue(said.contains("\"kind\":\"hsqldb\""), said);
        assertEquals(100, command(environment(), "move", "mariadb"));
        assertThrows(IOException.class, () -> command(Map.of("QRATE_STATE", folder.toString()), "move", "postgresql"));
    }

    @Test
    void aDirectoryThatIsOpenIsNotMoved() throws IOException {
        Files.writeString(state.db().resolve(Opening.LOCAL_TOKEN), "token\n");
        try (ServerSocket admin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = environment();
            environment.put("QRATE_ADMIN_URL", "http://127.0.0.1:" + admin.getLocalPort());
            Thread.ofVirtual().start(() -> endOne(admin));
            IOException refused = assertThrows(IOException.class, () -> command(environment, "move", "postgresql"));
            assertTrue(refused.getMessage().contains("stop it first"), refused.getMessage());
        }
    }

    /// An admin service that has too much to do.
    private static void endOne(ServerSocket admin) {
        try {
            admin.accept().close();
        } catch (IOException _) {
            // the test is over
        }
    }
}
