package qrate.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.postgresql.ds.PGSimpleDataSource;

/// A PostgreSQL of the test's own, from the distribution's package, on a loopback port; nobody there needs a password.
public final class PostgresqlServer implements AutoCloseable {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String USER = "qrate";

    /// Of the user `qrate`.
    public static final String PASSWORD = "correct horse";

    private final int port;
    private final Process server;

    /// Starts one that other hosts do not reach.
    public PostgresqlServer(Path folder) throws IOException, InterruptedException {
        this(folder, "127.0.0.1");
    }

    /// Starts one that listens on other addresses of this machine too; who comes to them needs the password.
    ///
    /// @param addresses separated by commas
    public PostgresqlServer(Path folder, String addresses) throws IOException, InterruptedException {
        Path programs = programs();
        Path data = Files.createDirectories(folder.resolve("data"));
        if (System.getProperty("user.name").equals("root")) {
            Files.setOwner(
                    data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
        }
        run(programs.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-U", USER, "--no-sync");
        Files.writeString(data.resolve("pg_hba.conf"), """
                host all all 127.0.0.1/32 trust
                host all all samenet scram-sha-256
                """);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = builder(
                        programs.resolve("postgres").toString(),
                        "-D",
                        data.toString(),
                        "-p",
                        Integer.toString(port),
                        "-F",
                        "-c",
                        "listen_addresses=" + addresses,
                        "-c",
                        "unix_socket_directories=")
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
            execute("ALTER USER " + USER + " PASSWORD '" + PASSWORD + "'");
            return true;
        });
    }

    /// The newest version's programs.
    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.max(Comparator.comparingInt(
                            v -> Integer.parseInt(v.getFileName().toString())))
                    .orElseThrow()
                    .resolve("bin");
        }
    }

    /// PostgreSQL refuses to run as root.
    private static ProcessBuilder builder(String... command) {
        List<String> line = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            line.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        line.addAll(List.of(command));
        return new ProcessBuilder(line)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int code = builder(command).start().waitFor();
        if (code != 0) {
            throw new IOException(command[0] + " ended with " + code);
        }
    }

    private void execute(String sql) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url("postgres"));
        source.setUser(USER);
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Where it listens.
    public int port() {
        return port;
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /// Makes an empty database.
    ///
    /// @return its URL
    public String database(String name) throws SQLException {
        execute("CREATE DATABASE " + name);
        return url(name);
    }

    @Override
    public void close() {
        server.destroy(); // TERM waits for the last connection; the test has closed all
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !server.isAlive());
    }
}
