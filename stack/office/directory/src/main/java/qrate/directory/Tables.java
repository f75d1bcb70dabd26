package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The tables of a directory as the database itself describes them, so that one of a later schema cannot be forgotten.
final class Tables {
    /// Rows that are sent at once.
    static final int BATCH_ROWS = 500;

    /// Rows in one transaction: more would have to be remembered until its end.
    static final int COMMIT_ROWS = 10_000;

    /// Of the schema and of the move itself.
    private static final Set<String> NOT_DIRECTORY = Set.of("schema_version", DirectoryMove.MARK);

    private Tables() {}

    /// One table.
    ///
    /// @param name in small letters
    /// @param columns the same, in one order for both kinds of database
    /// @param counted the column whose values the database makes, or empty
    record Table(String name, List<String> columns, String counted) {
        private String list() {
            return String.join(", ", columns);
        }
    }

    /// What a table holds, whatever the order of its rows.
    ///
    /// @param checksum of all of them
    record Content(String table, long rows, String checksum) {}

    /// All of them, each behind those that it refers to.
    static List<Table> of(Connection connection) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        String schema = connection.getSchema();
        TreeMap<String, String> stored = new TreeMap<>();
        try (ResultSet tables = meta.getTables(null, schema, "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                String name = tables.getString("TABLE_NAME");
                stored.put(name.toLowerCase(Locale.ROOT), name);
            }
        }
        stored.keySet().removeAll(NOT_DIRECTORY);
        List<Table> ordered = new ArrayList<>();
        Set<String> done = new HashSet<>();
        while (done.size() < stored.size()) {
            int before = done.size();
            for (String name : stored.keySet()) {
                if (!done.contains(name) && done.containsAll(needs(meta, schema, stored.get(name)))) {
                    ordered.add(table(meta, schema, name, stored.get(name)));
                    done.add(name);
                }
            }
            if (done.size() == before) {
                throw new SQLException("tables refer to each other in a circle: " + stored.keySet());
            }
        }
        return ordered;
    }

    private static Set<String> needs(DatabaseMetaData meta, String schema, String stored) throws SQLException {
        Set<String> needed = new HashSet<>();
        try (ResultSet keys = meta.getImportedKeys(null, schema, stored)) {
            while (keys.next()) {
                needed.add(keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT));
            }
        }
        needed.remove(stored.toLowerCase(Locale.ROOT));
        return needed;
    }

    private static Table table(DatabaseMetaData meta, String schema, String name, String stored) throws SQLException {
        TreeSet<String> columns = new TreeSet<>();
        String counted = "";
        try (ResultSet rows = meta.getColumns(null, schema, stored, "%")) {
            while (rows.next()) {
                String column = rows.getString("COLUMN_NAME").toLowerCase(Locale.ROOT);
                columns.add(column);
                counted = "YES".equals(rows.getString("IS_AUTOINCREMENT")) ? column : counted;
            }
        }
        return new Table(name, List.copyOf(columns), counted);
    }

    /// Takes a row after the other.
    @FunctionalInterface
    private interface Rows {
        void take(Object[] values) throws SQLException;
    }

    private static void read(Connection connection, Table table, Rows rows) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(BATCH_ROWS);
            try (ResultSet result = statement.executeQuery("SELECT " + table.list() + " FROM " + table.name())) {
                Object[] values = new Object[table.columns().size()];
                while (result.next()) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] = result.getObject(i + 1);
                    }
                    rows.take(values);
                }
            }
        }
    }

    /// Takes out what there is.
    static void clear(Connection connection, List<Table> tables) throws SQLException {
        for (Table table : tables.reversed()) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("DELETE FROM " + table.name());
            }
        }
        connection.commit();
    }

    /// Copies all rows of a table, in transactions of the target.
    static void copy(Connection source, Connection target, Table table) throws SQLException {
        String places = String.join(", ", table.columns().stream().map(_ -> "?").toList());
        String insert = "INSERT INTO " + table.name() + " (" + table.list() + ") VALUES (" + places + ")";
        try (PreparedStatement statement = target.prepareStatement(insert)) {
            long[] rows = {0};
            read(source, table, values -> {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                statement.addBatch();
                if (++rows[0] % BATCH_ROWS == 0) {
                    statement.executeBatch();
                }
                if (rows[0] % COMMIT_ROWS == 0) {
                    target.commit();
                }
            });
            if (rows[0] % BATCH_ROWS != 0) { // HSQLDB refuses an empty batch
                statement.executeBatch();
            }
        }
        if (!table.counted().isEmpty()) {
            goOn(target, table);
        }
        target.commit();
    }

    /// The next value that the database makes comes after those that are there.
    private static void goOn(Connection target, Table table) throws SQLException {
        try (Statement statement = target.createStatement()) {
            long next;
            try (ResultSet last = statement.executeQuery("SELECT MAX(" + table.counted() + ") FROM " + table.name())) {
                next = last.next() ? last.getLong(1) + 1 : 1;
            }
            statement.execute(
                    "ALTER TABLE " + table.name() + " ALTER COLUMN " + table.counted() + " RESTART WITH " + next);
        }
    }

    /// What a table holds.
    static Content content(Connection connection, Table table) throws SQLException, IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("every Java has SHA-256", e);
        }
        long[] sum = new long[2];
        read(connection, table, values -> {
            for (Object value : values) {
                byte[] text = text(value).getBytes(UTF_8);
                digest.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(text.length).flip());
                digest.update(text);
            }
            sum[0]++;
            sum[1] += ByteBuffer.wrap(digest.digest()).getLong(); // the same whatever comes first
        });
        return new Content(table.name(), sum[0], HexFormat.of().toHexDigits(sum[1]));
    }

    /// A value as both kinds of database give it.
    private static String text(Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> "bytes " + HexFormat.of().formatHex(bytes);
            case Number number -> "number " + number;
            case Boolean flag -> "flag " + flag;
            default -> "text " + value;
        };
    }
}
