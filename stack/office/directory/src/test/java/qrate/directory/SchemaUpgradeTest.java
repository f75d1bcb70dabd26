package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hsqldb.jdbc.JDBCDataSource;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import qrate.core.State;

/// A database as each schema before this one had it, with somebody in it, is brought up to date when it is opened, and
/// has what it had. What releases in fact left on disk is looked at by `UpgradeTest` of the whole.
class SchemaUpgradeTest {
    private static final List<String> ROWS = List.of(
            "INSERT INTO domains (name, alias_of, catch_all, mailboxes_max, aliases_max, quota_bytes, revision, created)"
                    + " VALUES ('example.test', '', 'ann@example.test', 20, 5, 0, 7, 1)",
            "INSERT INTO domains (name, alias_of, catch_all, mailboxes_max, aliases_max, quota_bytes, revision, created)"
                    + " VALUES ('alias.test', 'example.test', '', 0, 0, 0, 1, 1)",
            "INSERT INTO mailboxes (domain, box, hash, quota_bytes, quota_messages, pop, smtp, postmaster, keeps, created)"
                    + " VALUES ('example.test', 'ann', '$2b$04$abcdefghijklmnopqrstuu', 1000000, 0, TRUE, FALSE, TRUE, FALSE, 1)",
            "INSERT INTO aliases (domain, box, target) VALUES ('example.test', 'office', 'ann@example.test')",
            "INSERT INTO administrators (name, hash, created) VALUES ('admin', 'x', 1)",
            "INSERT INTO tokens (digest, holder, label, created) VALUES ('" + "0a".repeat(32)
                    + "', 'admin', 'backup', 1)",
            "INSERT INTO audit (happened, who, what) VALUES (1, 'admin', 'an old line')");

    @TempDir
    Path folder;

    static Stream<Integer> schemas() {
        return IntStream.range(1, Database.SCHEMA).boxed();
    }

    /// One that nobody has used.
    Settings settings(State state) throws IOException, SQLException {
        return Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state);
    }

    Connection connect(Settings settings) throws SQLException {
        JDBCDataSource source = new JDBCDataSource();
        source.setUrl(settings.url());
        return source.getConnection("SA", "");
    }

    /// What the program that made it did at its end.
    void end(Statement statement) throws SQLException {
        statement.execute("SHUTDOWN");
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void whatStoodInAnOlderSchemaIsThere(int schema) throws Exception {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        Settings settings = settings(state);
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)");
            for (int version = 1; version <= schema; version++) {
                for (String part : script(version, settings).split(";\\s*\n", -1)) {
                    if (!part.isBlank()) {
                        statement.execute(part);
                    }
                }
                statement.execute("INSERT INTO schema_version (version) VALUES (" + version + ")");
            }
            for (String row : ROWS) {
                statement.execute(row);
            }
            end(statement);
        }
        try (Domains domains = Domains.open(state, settings, InstantSource.system())) {
            EditableDirectory.Domain domain = domains.domain("example.test").orElseThrow();
            assertEquals("ann@example.test", domain.catchAll());
            assertEquals(20, domain.limits().mailboxes());
            assertEquals("example.test", domains.real("alias.test"));
            EditableDirectory.Mailbox ann = domains.mailbox("ann@example.test").orElseThrow();
            assertEquals(1_000_000, ann.quota().bytes());
            assertTrue(!ann.is(Property.SMTP) && ann.is(Property.POP), ann::toString);
            assertEquals(1, domains.aliases("example.test").size());
            assertEquals(
                    List.of("admin"),
                    domains.staff().administrators().stream()
                            .map(Staff.Administrator::name)
                            .toList());
            assertEquals("backup", domains.tokens().of("admin").getFirst().label());
            assertEquals(
                    List.of("an old line"),
                    domains.audit().newest(10).stream().map(Audit.Event::what).toList());
            assertEquals(
                    new Change.Done(),
                    domains.apply(new Edit.AddMailbox("bob@example.test", new Password.Clear("correct horse"))));
        }
    }

    private static String script(int version, Settings settings) throws IOException {
        return resource(version + "") + (settings.embedded() ? resource(version + "-hsqldb") : "");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Database.class.getResourceAsStream("schema/" + name + ".sql")) {
            return in == null ? "" : new String(in.readAllBytes(), UTF_8);
        }
    }
}
