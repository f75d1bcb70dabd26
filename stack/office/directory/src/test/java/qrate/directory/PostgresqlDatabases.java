package qrate.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import qrate.testkit.PostgresqlServer;

/// A PostgreSQL for all tests of a class, and databases there that nobody has used.
final class PostgresqlDatabases implements BeforeAllCallback, AfterAllCallback {
    private final AtomicInteger databases = new AtomicInteger();
    private Path folder = Path.of("");
    private List<PostgresqlServer> running = List.of();

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
        // PostgreSQL runs as another user, who must get at it
        folder = Files.setPosixFilePermissions(
                Files.createTempDirectory("postgresql-"), PosixFilePermissions.fromString("rwx--x--x"));
        running = List.of(new PostgresqlServer(folder));
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        running.forEach(PostgresqlServer::close);
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// The URL of a new one.
    String url() throws IOException {
        try {
            return running.getFirst().database("d" + databases.incrementAndGet());
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /// What a directory is opened with, on a database.
    static Map<String, String> on(String url, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("QRATE_DB_URL", url);
        return all;
    }
}
