package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import qrate.directory.Settings;

/// All that a rig holds, a line each: every row of every table, every file, and what the queue and lists were asked to
/// do. What is noted of each request, done or not, is left out.
final class Holdings {
    /// Tables of what was asked for.
    private static final Set<String> NOTES = Set.of("AUDIT");

    /// Columns that say when something was last used.
    private static final String USED = "USED_AT";

    private Holdings() {}

    static Set<String> of(Rig rig) throws IOException {
        Set<String> all = new TreeSet<>();
        try (Connection connection = connect(rig);
                Statement statement = connection.createStatement()) {
            for (String table : tables(connection)) {
                rows(statement, table, all);
            }
        } catch (SQLException e) {
            throw new IOException(e);
        }
        for (Path folder : List.of(rig.state.control(), rig.state.users(), rig.state.maildirs(), rig.state.tls())) {
            files(folder, all);
        }
        rig.queue.asked.forEach(act -> all.add("queue: " + act));
        rig.told.forEach(told -> all.add("list: " + told));
        return all;
    }

    /// @param what was done between the two
    static void same(Set<String> before, Set<String> after, String what) {
        Set<String> gone = new TreeSet<>(before);
        gone.removeAll(after);
        Set<String> fresh = new TreeSet<>(after);
        fresh.removeAll(before);
        assertEquals("gone: [], new: []", "gone: " + gone + ", new: " + fresh, what);
    }

    /// The rig's database, past the service.
    static Connection connect(Rig rig) throws IOException, SQLException {
        Settings settings = Settings.of(Map.of(), rig.state);
        return DriverManager.getConnection(settings.url(), settings.user(), settings.password());
    }

    private static List<String> tables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet found = connection.getMetaData().getTables(null, "PUBLIC", "%", new String[] {"TABLE"})) {
            while (found.next()) {
                String name = found.getString("TABLE_NAME");
                if (!NOTES.contains(name)) {
                    tables.add(name);
                }
            }
        }
        return tables;
    }

    private static void rows(Statement statement, String table, Set<String> all) throws SQLException {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder row = new StringBuilder(table);
                for (int i = 1; i <= columns; i++) {
                    String column = rows.getMetaData().getColumnName(i);
                    if (!column.equals(USED)) {
                        row.append(' ').append(column).append('=').append(rows.getString(i));
                    }
                }
                all.add(row.toString());
            }
        }
    }

    private static void files(Path folder, Set<String> all) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.forEach(file -> all.add(file + " " + content(file)));
        }
    }

    private static int content(Path file) {
        try {
            return Files.isRegularFile(file) ? Arrays.hashCode(Files.readAllBytes(file)) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
