package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An upgrade of the one process: rehearsed on a copy, made, and taken back. The steps build on each other: a state has
/// one life.
@Tag("container")
@Tag("long")
@Timeout(1200)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RehearsalTest {
    private static final Duration COMMAND_MAX = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path state;
    private Path before;
    private Path after;

    @BeforeAll
    void start() throws IOException {
        Files.createDirectories(folder.resolve("before"));
        Files.createDirectories(folder.resolve("after"));
        before = Release.unpack(folder.resolve("before"));
        after = Release.unpack(folder.resolve("after"));
        state = folder.resolve("state");
        environment.putAll(Release.ports());
        environment.put("QRATE_STATE", state.toString());
        run("chmod", "755", folder.toString()).orFail(); // the user of the state must get there
        assertTrue(by(before, "up", "--embedded").text().contains("Qrate is up"));
        by(before, "vadduser", "ann@example.test", "a good password").orFail();
        by(before, "vadddomain", "two.test", "a good password").orFail();
        by(before, "vaddaliasdomain", "short.test", "two.test").orFail();
        by(before, "valias", "-i", "ann@example.test", "office@two.test").orFail();
        run("sh", "-c", "echo :127.0.0.1:1 >'" + state + "/control/smtproutes'").orFail(); // nobody there: it waits
        send("someone@elsewhere.test", "waits");
        send("ann@example.test", "first");
        await().atMost(SOON).until(() -> mail().contains("first"));
        await().atMost(SOON).until(() -> by(before, "qmail-qread").text().contains("someone@elsewhere.test"));
    }

    @AfterAll
    void end() throws IOException {
        by(after, "down");
    }

    private Ran run(String... command) throws IOException {
        return Ran.of(COMMAND_MAX, environment, List.of(command));
    }

    private Ran by(Path version, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(version.resolve("qrate").toString()));
        command.addAll(List.of(arguments));
        return Ran.of(COMMAND_MAX, environment, command);
    }

    private void send(String to, String mark) throws IOException {
        run(
                        "sh",
                        "-c",
                        "printf 'To: " + to + "\\nSubject: " + mark + "\\n\\nx\\n' | '" + before.resolve("qrate")
                                + "' qmail-inject")
                .orFail();
    }

    private String mail() throws IOException {
        return run("sh", "-c", "cat '" + state + "'/maildirs/domains/example.test/ann/Maildir/new/* 2>/dev/null")
                .text();
    }

    private String running() throws IOException {
        String pid = Files.readString(state.resolve("run/embedded.pid")).strip();
        return Files.readString(Path.of("/proc", pid, "cmdline"));
    }

    /// How the real script is called under its own name.
    private static String real(Path version) {
        return "bash -c '. \"$0.real\"' '" + version.resolve("qrate") + "' \"$@\"";
    }

    /// Puts a script in the place of a version's `qrate`, which goes on to the real one behind some line.
    private void instead(Path version, String line) throws IOException {
        Path real = version.resolve("qrate.real");
        if (!Files.exists(real)) {
            Files.move(version.resolve("qrate"), real);
        }
        // the comment on top says which commands there are, and the script reads them there
        List<String> lines = new ArrayList<>(Files.readAllLines(real).stream()
                .takeWhile(l -> l.startsWith("#"))
                .toList());
        lines.addAll(List.of(line, "exec " + real(version)));
        Files.write(version.resolve("qrate"), lines);
        assertTrue(version.resolve("qrate").toFile().setExecutable(true));
    }

    private void asItWas(Path version) throws IOException {
        Files.delete(version.resolve("qrate"));
        Files.move(version.resolve("qrate.real"), version.resolve("qrate"));
    }

    @Test
    @Order(1)
    void aRehearsalLeavesWhatRunsAloneAndSaysThatAllIsThere() throws IOException {
        String pid = Files.readString(state.resolve("run/embedded.pid"));
        Ran said = by(after, "upgrade", "--rehearse");
        assertEquals(0, said.code(), said.text());
        assertTrue(said.text().contains("works on the copy"), said.text());
        assertTrue(said.text().contains(" 1 messages wait as they did"), said.text());
        assertEquals(pid, Files.readString(state.resolve("run/embedded.pid")));
        assertTrue(running().contains(before.toString()), running());
    }

    @Test
    @Order(2)
    void whatTheNewVersionLosesIsNamed() throws IOException {
        instead(
                after,
                "case \" $* \" in *' export '*) " + real(after) + " | grep -v -e '- ann@example.test'; exit ;; esac");
        Path work = folder.resolve("work");
        Ran said = by(after, "upgrade", "--to", folder.resolve("backups").toString());
        assertEquals(1, said.code(), said.text());
        assertTrue(said.text().contains("missing or changed: /domains/two.test/aliases/office"), said.text());
        assertTrue(said.text().contains("nothing was changed"), said.text());
        assertEquals(1, by(after, "upgrade", "--rehearse", work.toString()).code());
        assertTrue(Files.exists(work.resolve("copy/inventory")), "kept for a look");
        Ran again = by(after, "upgrade", "--rehearse", work.toString());
        assertEquals(100, again.code(), again.text());
        asItWas(after);
        assertTrue(running().contains(before.toString()), running());
    }

    @Test
    @Order(3)
    void aVersionThatDoesNotWorkGivesWayToTheOneBefore() throws IOException {
        instead(after, "case \" $* \" in *' smoke '*) exit 1 ;; esac");
        Ran said = by(
                after,
                "upgrade",
                "--without-rehearsal",
                "--to",
                folder.resolve("backups").toString());
        assertEquals(1, said.code(), said.text());
        assertTrue(said.text().contains("it runs as before the upgrade"), said.text());
        asItWas(after);
        assertTrue(running().contains(before.toString()), running());
        send("ann@example.test", "second");
        await().atMost(SOON).until(() -> mail().contains("second"));
    }

    @Test
    @Order(4)
    void theNewVersionTakesOverAndTheOldOneComesBackWithTheMailOfMeanwhile() throws IOException {
        Ran said = by(after, "upgrade", "--to", folder.resolve("backups").toString());
        assertEquals(0, said.code(), said.text());
        assertTrue(running().contains(after.toString()), running());
        send("ann@example.test", "meanwhile");
        send("another@elsewhere.test", "meanwhile");
        await().atMost(SOON).until(() -> mail().contains("meanwhile"));
        Ran back = by(after, "rollback");
        assertEquals(0, back.code(), back.text());
        assertTrue(running().contains(before.toString()), running());
        for (String mark : List.of("first", "second", "meanwhile")) {
            assertEquals(2, mail().split("Subject: " + mark + "\n", -1).length, mark + " is there once: " + mail());
        }
        String queue = by(before, "qmail-qread").text();
        assertTrue(queue.contains("someone@elsewhere.test") && queue.contains("another@elsewhere.test"), queue);
        Ran again = by(after, "rollback");
        assertEquals(100, again.code(), again.text());
    }

    @Test
    @Order(5)
    void aDatabaseThatTheOldVersionCannotReadGivesWayToThatOfTheBackup() throws Exception {
        by(
                        after,
                        "upgrade",
                        "--without-rehearsal",
                        "--to",
                        folder.resolve("backups").toString())
                .orFail();
        by(after, "vadduser", "late@example.test", "a good password").orFail();
        by(after, "down").orFail();
        newer();
        Ran back = by(after, "rollback");
        assertEquals(0, back.code(), back.text());
        assertTrue(back.text().contains("accounts that were made or changed since are in db."), back.text());
        assertEquals(0, by(before, "vuserinfo", "ann@example.test").code());
        assertTrue(by(before, "vuserinfo", "late@example.test").code() != 0, "made after the backup");
        assertTrue(mail().contains("meanwhile"), mail());
        send("ann@example.test", "afterwards");
        await().atMost(SOON).until(() -> mail().contains("afterwards"));
    }

    /// Makes the database one of a version to come.
    private void newer() throws SQLException, IOException {
        String owner = run("stat", "-c", "%u:%g", state.resolve("db").toString())
                .orFail()
                .text()
                .strip();
        Path script;
        try (var files = Files.list(state.resolve("db"))) {
            script = files.filter(file -> file.toString().endsWith(".script"))
                    .findFirst()
                    .orElseThrow();
        }
        String url = "jdbc:hsqldb:file:" + script.toString().replace(".script", "");
        try (Connection connection = DriverManager.getConnection(url, "SA", "");
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO schema_version (version) VALUES (99)");
            statement.execute("SHUTDOWN");
        }
        run("chown", "-R", owner, state.resolve("db").toString()).orFail();
    }
}
