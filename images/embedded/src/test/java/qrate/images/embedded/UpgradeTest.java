package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;
import qrate.core.Version;
import qrate.testkit.PostgresqlServer;

/// A state that each version before this one made, as `./qrate up` takes it over: mail, passwords, aliases, lists and
/// the queue are as they were. What is in them stands beside them, in `states/README.md`; `release/keep-state` makes
/// one
/// of the present version.
class UpgradeTest {
    private static final String END = "-embedded.tar.gz";
    private static final int LARGE = 300_000;
    private static final Pattern SIZE = Pattern.compile("^[^#]{1,60}+#[0-9]++ {1,3}+([0-9]++) .*");
    private static final Pattern KEPT = Pattern.compile("^INSERT INTO (?!BLOCKS|SCHEMA_VERSION).*");

    @TempDir
    Path folder;

    private Checkout checkout;
    private Path state;

    /// Every version that has a state here.
    static List<String> versions() throws Exception {
        Path states = Path.of(UpgradeTest.class.getResource("/states").toURI());
        try (Stream<Path> files = Files.list(states)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .sorted()
                    .toList();
        }
    }

    private void unpack(String version) throws Exception {
        try (InputStream in =
                Objects.requireNonNull(UpgradeTest.class.getResourceAsStream("/states/" + version + END))) {
            unpack(in);
        }
    }

    private void unpack(InputStream in) throws Exception {
        checkout = Checkout.in(folder);
        state = checkout.top.resolve("var");
        Path archive = folder.resolve("state.tar.gz");
        Files.copy(in, archive);
        assertEquals(
                0,
                checkout.shell("mkdir var && tar -x -z -C var --strip-components=1 -f " + archive)
                        .code());
        // what waits there is older with each day: it must not bounce for that
        Files.writeString(state.resolve("control/queuelifetime"), "3000000000\n");
    }

    @AfterEach
    void end() {
        if (checkout != null) {
            checkout.close();
        }
    }

    private int port(String door) {
        return Integer.parseInt(checkout.port(door));
    }

    private Talk login(String user, String password) throws IOException {
        Talk talk = Talk.to(port("POP3S"));
        talk.secure();
        talk.hear();
        talk.say("USER " + user);
        String reply = talk.say("PASS " + password);
        if (!reply.startsWith("+OK ")) {
            talk.close();
            throw new IOException(user + ": " + reply);
        }
        return talk;
    }

    private int messages(String user, String password) throws IOException {
        try (Talk talk = login(user, password)) {
            return Integer.parseInt(talk.say("STAT").split(" ", 3)[1]);
        }
    }

    private String qrate(String... arguments) throws IOException, InterruptedException {
        Checkout.Said said = checkout.qrate(arguments);
        assertEquals(0, said.code(), said::text);
        return said.text();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theStateOfAVersionIsAsItWas(String version) throws Exception {
        unpack(version);
        isAsItWas();
    }

    /// The directory of 0.1.0, in PostgreSQL and with the schema of then.
    @Test
    @Tag("peer")
    void aDirectoryOf010InPostgresqlIsAsItWas() throws Exception {
        unpack("0.1.0");
        List<String> rows = Files.readAllLines(state.resolve("db/vpopmail.script")).stream()
                .filter(line -> KEPT.matcher(line).matches())
                .toList();
        assertTrue(rows.stream().anyMatch(row -> row.startsWith("INSERT INTO AUDIT VALUES(18,")), rows::toString);
        Path data = Files.createDirectories(folder.resolve("postgresql"));
        try (PostgresqlServer server = new PostgresqlServer(data)) {
            String url = server.database("directory");
            fill(url, rows);
            for (String file : List.of("vpopmail.script", "vpopmail.properties")) {
                Files.delete(state.resolve("db").resolve(file));
            }
            Files.writeString(state.resolve("db/kind"), "postgresql\n");
            checkout.environment.put("QRATE_DB_URL", url);
            isAsItWas();
            // what was done since has numbers of its own
            assertEquals(0, checkout.qrate("up", "--embedded").code());
            assertEquals(
                    0,
                    checkout.qrate("vadduser", "late@example.test", "Correct-horse-late")
                            .code());
            assertEquals(0, checkout.qrate("down").code());
        }
    }

    private static void fill(String url, List<String> rows) throws Exception {
        String schema;
        try (InputStream in =
                Objects.requireNonNull(Class.forName("qrate.directory.Domains").getResourceAsStream("schema/1.sql"))) {
            schema = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        source.setUser("qrate");
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(schema);
            statement.execute("CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)");
            statement.execute("INSERT INTO schema_version VALUES (1)");
            for (String row : rows) {
                statement.execute(row);
            }
            statement.execute("ALTER TABLE audit ALTER COLUMN id RESTART WITH " + rows.size());
        }
    }

    /// What `release/keep-state` makes of the present version is a state as those that are kept.
    @Test
    @Tag("long")
    void theStateThatThisVersionWouldKeepIsTakenOver() throws Exception {
        Path kept = folder.resolve("kept");
        Process process = new ProcessBuilder("../../release/keep-state", kept.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keep-state.log").toFile())
                .start();
        assertTrue(process.waitFor(10, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), Files.readString(folder.resolve("keep-state.log")));
        try (Stream<Path> made = Files.list(kept)) {
            try (InputStream in = Files.newInputStream(made.findFirst().orElseThrow())) {
                unpack(in);
            }
        }
        isAsItWas();
    }

    @Test
    void aStateThatIsTooNewForThisVersionIsNotTouched() throws Exception {
        unpack("0.1.0");
        Path file = state.resolve("users/version");
        Files.writeString(file, "version 9.9.0\nsince 9.8.0\n");
        Checkout.Said up = checkout.qrate("up", "--embedded");
        assertEquals(111, up.code(), up::text);
        assertTrue(
                up.text()
                        .contains("init: fatal: this is Qrate " + Version.text()
                                + ", and the state is of 9.9.0, which 9.8.0"
                                + " and newer can read: start that version, or go back by its ./qrate rollback"),
                up::text);
        assertEquals("version 9.9.0\nsince 9.8.0\n", Files.readString(file));
        assertTrue(Files.notExists(state.resolve("db/local-token")), "nothing ran on it");
    }

    private void isAsItWas() throws Exception {
        String up = qrate("up", "--embedded");
        assertTrue(up.contains("domain example.test"), up);
        Map<String, Integer> boxes = new TreeMap<>();
        for (String user : List.of("ann", "bob", "carol")) {
            boxes.put(user, messages(user + "@example.test", "Correct-horse-" + user));
        }
        assertEquals(Map.of("ann", 6, "bob", 1, "carol", 0), boxes);
        assertEquals(0, messages("baker@green-bakery.test", "Correct-horse-baker"));
        assertEquals(0, messages("kaese@xn--bcher-kva.test", "Correct-horse-kaese"));
        assertEquals(6, messages("ann@riverside.test", "Correct-horse-ann"));
        assertEquals(0, messages("postmaster@green-bakery.test", "Post-master-1"));
        theSnapshots();
        theDirectory();
        theQueue();
        mailGoesOn();
        // and once more: nothing of it was for one start only
        qrate("down");
        qrate("up", "--embedded");
        assertEquals(7, messages("ann@example.test", "Correct-horse-ann"));
        assertEquals(7, waiting());
        qrate("down");
        assertEquals("version " + Version.text() + "\nsince 0.2.0\n", Files.readString(state.resolve("users/version")));
    }

    /// Written anew, in a form that can grow.
    private void theSnapshots() throws IOException {
        String routes = snapshot("users/domains/example.test");
        assertTrue(routes.contains("+ann2\0kind=mailbox\0address=ann@example.test\0"), routes);
        String accounts = snapshot("passwords/example.test");
        assertTrue(accounts.contains("+ann2\0address=ann@example.test\0hash=$2"), "passwords are not shown");
    }

    /// A file, and the changes beside it that are not part of it yet.
    private String snapshot(String name) throws IOException {
        Path more = state.resolve(name + ".more");
        return Files.readString(state.resolve(name + ".cdb"), StandardCharsets.ISO_8859_1)
                + (Files.exists(more) ? Files.readString(more, StandardCharsets.ISO_8859_1) : "");
    }

    private void theDirectory() throws IOException, InterruptedException {
        String domains = qrate("vdominfo");
        for (String domain : List.of("example.test", "green-bakery.test", "xn--bcher-kva.test")) {
            assertTrue(domains.contains(domain), domains);
        }
        String bob = qrate("vuserinfo", "bob@example.test");
        assertTrue(bob.contains("52428800"), bob);
        String aliases = qrate("valias", "-s", "example.test");
        assertTrue(aliases.contains("office@example.test -> "), aliases);
        assertTrue(aliases.contains("out@example.test -> "), aliases);
        String members = qrate("ezmlm-list", "team@example.test");
        assertEquals(
                List.of("ann@example.test", "bob@example.test", "x@elsewhere.test"),
                members.lines().sorted().toList());
    }

    private long waiting() throws IOException, InterruptedException {
        String stat = qrate("qmail-qstat");
        return Long.parseLong(stat.lines().findFirst().orElseThrow().replaceAll("\\D", ""));
    }

    private void theQueue() throws IOException, InterruptedException {
        assertEquals(7, waiting());
        String queue = qrate("qmail-qread");
        assertTrue(
                queue.lines()
                        .map(SIZE::matcher)
                        .anyMatch(line -> line.matches() && Integer.parseInt(line.group(1)) > LARGE),
                queue);
        assertEquals(
                7,
                queue.lines()
                        .filter(line -> line.contains("remote") && !line.contains("done"))
                        .count(),
                queue);
    }

    private void mailGoesOn() throws IOException {
        try (Talk talk = Talk.smtp(port("SMTP"))) {
            String reply = talk.message(
                    "someone@elsewhere.test", List.of("office@example.test"), Installation.letter("afterwards"));
            assertTrue(reply.startsWith("250 "), reply);
        }
        for (Map.Entry<String, Integer> entry : Map.of("ann", 7, "bob", 2).entrySet()) {
            String user = entry.getKey();
            Awaitility.await(user)
                    .atMost(Installation.SOON)
                    .until(() -> messages(user + "@example.test", "Correct-horse-" + user) == entry.getValue());
        }
    }
}
