package qrate.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.hsqldb.error.ErrorCode;
import org.hsqldb.jdbc.JDBCDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import qrate.publish.Touched;

/// A database by JDBC: a small pool, transactions, and the schema brought up to date when it is opened.
final class Database implements AutoCloseable {
    /// Most connections at once.
    static final int CONNECTIONS_MAX = 4;

    /// How long a caller waits for a connection, in milliseconds.
    static final long CONNECT_MILLIS_MAX = 5000;

    /// Newest schema: resources `schema/1.sql` to this.
    static final int SCHEMA = 12;

    /// Rows of tables on disk that HSQLDB holds in memory, and how many kilobytes of them: some three megabytes of
    /// heap.
    static final int CACHED_ROWS_MAX = 2000;

    static final int CACHED_KILOBYTES_MAX = 1000;

    /// HSQLDB's name for how often it looks at a lock, in milliseconds.
    static final String LOCK_POLL_MILLIS = "hsqldb.lockfile.poll.interval";

    /// PostgreSQL's number for the right to write, one a database.
    private static final long WRITER = 0x5172617465L;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final HikariDataSource pool;
    private final boolean hsqldb;

    @FunctionalInterface
    interface Work<T> {
        T run(Tx tx) throws SQLException, IOException;
    }

    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Database(HikariDataSource pool, boolean hsqldb) {
        this.pool = pool;
        this.hsqldb = hsqldb;
    }

    /// Opens a database and migrates its schema.
    ///
    /// @throws IOException when it cannot be opened, another process that has it open included
    static Database open(String url, String user, String password) throws IOException {
        boolean hsqldb = url.startsWith(Settings.HSQLDB);
        HikariConfig config = new HikariConfig();
        config.setDataSource(hsqldb ? hsqldb(url) : postgresql(url));
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MILLIS_MAX);
        config.setPoolName("vpopmail");
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw isLocked(e)
                    ? new Locked(e)
                    : new Trouble("database: it cannot be opened: " + e.getMessage(), Trouble.Saved.NOTHING, e);
        }
        Database database = new Database(pool, hsqldb);
        try (Claim _ = database.claim(WriterLock.WAIT_SECONDS_MAX)) {
            database.prepare();
            return database;
        } catch (IOException e) {
            database.close();
            throw e;
        }
    }

    private static boolean isLocked(Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e && e.getErrorCode() == -ErrorCode.LOCK_FILE_ACQUISITION_FAILURE) {
                return true;
            }
        }
        return false;
    }

    // The data sources themselves: the driver manager would load the driver of the other one too.
    private static DataSource hsqldb(String url) {
        // HSQLDB would set up its own logging, to files beside the database
        System.setProperty("hsqldb.reconfig_logging", "false");
        // the lock of a process that was killed counts for 10.1 seconds, of which HSQLDB by itself waits 9.2
        System.setProperty(LOCK_POLL_MILLIS, System.getProperty(LOCK_POLL_MILLIS, "1000"));
        System.setProperty("hsqldb.lockfile_poll_retries", "12");
        JDBCDataSource source = new JDBCDataSource();
        source.setUrl(url);
        return source;
    }

    private static DataSource postgresql(String url) throws IOException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(url);
        } catch (IllegalArgumentException e) {
            // without the URL, in which a password may stand
            throw new IOException("QRATE_DB_URL: not as PostgreSQL has it: jdbc:postgresql://HOST[:PORT]/DATABASE", e);
        }
        return source;
    }

    private void prepare() throws IOException {
        call(tx -> {
            if (hsqldb) {
                // a commit is on disk when it returns
                tx.execute("SET FILES WRITE DELAY FALSE");
                tx.execute("SET FILES CACHE ROWS " + CACHED_ROWS_MAX);
                tx.execute("SET FILES CACHE SIZE " + CACHED_KILOBYTES_MAX);
                tx.execute("SET FILES NIO FALSE"); // a file that is mapped would count as memory of the container
            }
            tx.execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY)");
            return true;
        });
        int now = call(tx -> tx.one("SELECT MAX(version) FROM schema_version", r -> r.getInt(1)))
                .orElse(0);
        if (now > SCHEMA) {
            throw new IOException("database: its schema " + now + " is newer than this program's " + SCHEMA);
        }
        for (int version = now + 1; version <= SCHEMA; version++) {
            int applied = version;
            String script = script(Integer.toString(version))
                            .orElseThrow(() -> new IOException("database: schema " + applied + " is missing"))
                    + (hsqldb ? script(version + "-hsqldb").orElse("") : "");
            call(tx -> {
                for (String statement : script.split(";\\s*\n", -1)) {
                    if (!statement.isBlank()) {
                        tx.execute(statement);
                    }
                }
                return tx.update("INSERT INTO schema_version (version) VALUES (?)", applied);
            });
        }
    }

    private static Optional<String> script(String name) throws IOException {
        try (InputStream in = Database.class.getResourceAsStream("schema/" + name + ".sql")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), UTF_8));
        }
    }

    /// Runs work in one transaction; a refusal or an exception undoes it.
    <T> T call(Work<T> work) throws IOException {
        Trouble.Saved saved = Trouble.Saved.NOTHING;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.run(new Tx(connection));
                if (!(result instanceof Change.Refused)) {
                    saved = Trouble.Saved.UNKNOWN;
                    connection.commit();
                    done = true;
                }
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw new Trouble("the database does not do it: " + e.getMessage(), saved, e);
        }
    }

    /// The right to write, of all processes on this database.
    @FunctionalInterface
    interface Claim extends AutoCloseable {
        /// Never throws: a claim that cannot be given back ends with its connection.
        @Override
        void close();
    }

    /// Waits until no other process has it. HSQLDB is open in one process only; in PostgreSQL it is an advisory lock,
    /// which
    /// ends with the connection, and so with whoever dies.
    ///
    /// @throws IOException when another has it for too long, or the database is away
    Claim claim(int secondsMax) throws IOException {
        if (hsqldb) {
            return () -> {};
        }
        Connection connection;
        try {
            connection = pool.getConnection();
        } catch (SQLException e) {
            throw away(e);
        }
        try (PreparedStatement wait = connection.prepareStatement("SELECT set_config('lock_timeout', ?, true)");
                PreparedStatement lock = connection.prepareStatement("SELECT pg_advisory_lock(?)")) {
            connection.setAutoCommit(false);
            wait.setString(1, secondsMax + "s");
            wait.execute();
            lock.setLong(1, WRITER);
            lock.execute();
            connection.commit(); // the lock is the connection's, not the transaction's
            return () -> release(connection);
        } catch (SQLException e) {
            drop(connection);
            throw LOCK_NOT_AVAILABLE.equals(e.getSQLState()) ? WriterLock.busy() : away(e);
        }
    }

    private static Trouble away(SQLException e) {
        return new Trouble("the database does not do it: " + e.getMessage(), Trouble.Saved.NOTHING, e);
    }

    private void release(Connection connection) {
        try (PreparedStatement unlock = connection.prepareStatement("SELECT pg_advisory_unlock(?)")) {
            unlock.setLong(1, WRITER);
            unlock.execute();
            connection.commit();
            connection.close();
        } catch (SQLException _) {
            drop(connection); // and with it the lock
        }
    }

    private void drop(Connection connection) {
        pool.evictConnection(connection);
    }

    /// Another process has the database open, or had until it was killed a moment ago.
    static final class Locked extends IOException {
        private static final long serialVersionUID = 1L;

        Locked(Throwable cause) {
            super("database: another program has it open: end that, as ./qrate down does, or try again", cause);
        }
    }

    @Override
    public void close() {
        pool.close(); // first: it would put a new connection in the place of the last, which opens the database again
        if (hsqldb) {
            try (Connection connection = pool.getDataSource().getConnection(pool.getUsername(), pool.getPassword());
                    Statement statement = connection.createStatement()) {
                statement.execute("SHUTDOWN");
            } catch (SQLException _) {
                // every commit is on disk already: the next start replays the log, which is only slower
            }
        }
    }

    /// One transaction.
    static final class Tx {
        private final Connection connection;
        private Touched touched = new Touched();

        Tx(Connection connection) {
            this.connection = connection;
        }

        /// What it runs on, for work on whole tables.
        Connection connection() {
            return connection;
        }

        /// The same, noting there what becomes older than the database.
        Tx noting(Touched notes) {
            touched = notes;
            return this;
        }

        /// Notes that the files of a mailbox or an alias are older than the database now, or all of a domain's.
        void touch(String domain, String local) throws SQLException {
            if (touched.add(domain, local)) {
                update("UPDATE domains SET revision = revision + 1 WHERE name = ?", domain);
            }
        }

        /// Notes that a domain came or went.
        void touchNames() {
            touched.addNames();
        }

        /// Notes that this system says something else now.
        void touchSaid() {
            touched.addSaid();
        }

        void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        int update(String sql, Object... values) throws SQLException {
            try (PreparedStatement statement = prepare(sql, values)) {
                return statement.executeUpdate();
            }
        }

        <T> List<T> list(String sql, Row<T> row, Object... values) throws SQLException {
            try (PreparedStatement statement = prepare(sql, values);
                    ResultSet result = statement.executeQuery()) {
                List<T> all = new ArrayList<>();
                while (result.next()) {
                    all.add(row.read(result));
                }
                return all;
            }
        }

        <T> Optional<T> one(String sql, Row<T> row, Object... values) throws SQLException {
            return list(sql, row, values).stream().findFirst();
        }

        long count(String sql, Object... values) throws SQLException {
            return one(sql, r -> r.getLong(1), values).orElse(0L);
        }

        private PreparedStatement prepare(String sql, Object... values) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            try {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                return statement;
            } catch (SQLException e) {
                statement.close();
                throw e;
            }
        }
    }
}
