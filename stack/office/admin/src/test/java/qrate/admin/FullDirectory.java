package qrate.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.Settings;

/// A directory as a large provider has it, written into the database as it is: 1,000 domains, one of them with a tenth
/// of all mailboxes.
record FullDirectory(State state, int domains, int mailboxes, int lines) {
    static final String LARGE = "large.test";

    private static final int BATCH = 1_000;

    /// Takes a row's values.
    @FunctionalInterface
    private interface Row {
        void at(int number, PreparedStatement into) throws SQLException;
    }

    void make() throws IOException, SQLException {
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        Settings settings = Settings.of(Map.of(), state);
        Domains.open(state, settings, InstantSource.system()).close();
        try (Connection connection = DriverManager.getConnection(settings.url(), "SA", "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            fill(connection);
            connection.commit();
            connection.setAutoCommit(true);
            statement.execute("SHUTDOWN");
        }
    }

    private void fill(Connection connection) throws SQLException, IOException {
        long now = System.currentTimeMillis();
        insert(
                connection,
                "domains (name, alias_of, catch_all, mailboxes_max, aliases_max, quota_bytes, revision, created)"
                        + " VALUES (?, '', '', 0, 0, 0, 1, 1)",
                domains,
                (i, row) -> row.setString(1, domain(i)));
        insert(
                connection,
                "mailboxes (domain, box, hash, quota_bytes, quota_messages, pop, smtp, postmaster, keeps, created,"
                        + " display_name) VALUES (?, ?, '$2b$04$abcdefghijklmnopqrstuu', ?, 0, TRUE, TRUE, FALSE,"
                        + " TRUE, 1, ?)",
                mailboxes,
                (i, row) -> {
                    row.setString(1, domainOf(i));
                    row.setString(2, local(i));
                    row.setLong(3, 1_000_000L * (i % 7));
                    row.setString(4, "Person " + i);
                });
        insert(connection, "aliases (domain, box, target) VALUES (?, ?, ?)", mailboxes / 10, (i, row) -> {
            row.setString(1, domainOf(i));
            row.setString(2, "office" + i);
            row.setString(3, local(i) + "@" + domainOf(i));
        });
        insert(
                connection,
                "logins (holder, door, remote, app, used_at, first_at) VALUES (?, 'POP3', '192.0.2.1', '', ?, 1)",
                mailboxes,
                (i, row) -> {
                    row.setString(1, local(i) + "@" + domainOf(i));
                    row.setLong(2, now - i * 1_000L);
                });
        insert(
                connection,
                "audit (happened, who, what, door, remote, place, about) VALUES (?, ?, ?, 'page', '192.0.2.1', ?, ?)",
                lines,
                (i, row) -> {
                    String about = local(i % mailboxes) + "@" + domainOf(i % mailboxes);
                    row.setLong(1, now - (lines - i) * 1_000L);
                    row.setString(2, i % 3 == 0 ? "admin" : "postmaster@" + domain(i % domains));
                    row.setString(3, "modify mailbox " + about + ": quota NOQUOTA -> 50MB");
                    row.setLong(4, i + 1L);
                    row.setString(5, about);
                });
        for (int i = 0; i < mailboxes; i++) {
            Path maildir = state.maildirs()
                    .resolve("domains")
                    .resolve(domainOf(i))
                    .resolve(local(i))
                    .resolve("Maildir");
            for (String part : List.of("cur", "new", "tmp")) {
                Files.createDirectories(maildir.resolve(part));
            }
            Files.writeString(maildir.resolve("maildirsize"), "50000000S\n" + i * 10L + " 3\n");
        }
    }

    private static void insert(Connection connection, String into, int rows, Row row) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + into)) {
            for (int i = 0; i < rows; i++) {
                row.at(i, statement);
                statement.addBatch();
                if (i % BATCH == BATCH - 1 || i == rows - 1) {
                    statement.executeBatch();
                    connection.commit();
                }
            }
        }
    }

    static String domain(int number) {
        return number == 0 ? LARGE : "d" + number + ".test";
    }

    private String domainOf(int mailbox) {
        return mailbox % 10 == 0 ? LARGE : domain(1 + mailbox % (domains - 1));
    }

    static String local(int mailbox) {
        return "user" + mailbox;
    }
}
