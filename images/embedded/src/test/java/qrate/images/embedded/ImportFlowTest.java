package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Launcher;
import qrate.core.Program;

/// An old installation moves in: its users log in with the passwords they had and find their mail where it was.
class ImportFlowTest {
    /// `correct horse`, as crypt(3) writes it with SHA-512.
    private static final String HASH =
            "$6$saltsalt$hRM5XZ86KXEw9UOmjigeVqFgULtFB2sgpC9lXQDfMib3Zgw7mEiUvBJI2EplzfAqxL5Vvwp2scFtv/uamSo5z0";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Installation qrate;

    @BeforeEach
    void prepare() throws Exception {
        qrate = Installation.prepare(folder, Map.of());
        file("qmail/control/me", "mx.old.test\n");
        file("qmail/control/rcpthosts", "old.test\n");
        file("qmail/control/virtualdomains", "old.test:old.test\nnew.test:old.test\n");
        file("qmail/users/assign", """
                +old.test-:old.test:89:89:/home/vpopmail/domains/old.test:-::
                +new.test-:old.test:89:89:/home/vpopmail/domains/old.test:-::
                .
                """);
        String rest = ":" + HASH + ":1:0:x:/home/vpopmail/domains/old.test/";
        file(
                "vpopmail/domains/old.test/vpasswd",
                "postmaster" + rest + "postmaster:NOQUOTA\ndan" + rest + "dan:NOQUOTA\n");
        file("vpopmail/domains/old.test/.qmail-sales", "&dan@old.test\n");
        Files.createDirectories(folder.resolve("old/vpopmail/domains/old.test/postmaster/Maildir/cur"));
        letter("new/1600000001.100.old", "first");
        letter("cur/1600000002.101.old:2,S", "second");
    }

    private void file(String name, String text) throws IOException {
        Path path = folder.resolve("old").resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private void letter(String name, String subject) throws IOException {
        file("vpopmail/domains/old.test/dan/Maildir/" + name, "Subject: " + subject + "\n\nold\n");
    }

    private void queued(int number, String local) throws IOException {
        String at = number % 23 + "/" + number;
        file("qmail/queue/mess/" + at, "Received: (qmail 17)\nSubject: queued " + number + "\n\nlate\n");
        file("qmail/queue/info/" + at, "Fsomeone@far.test\0");
        file("qmail/queue/local/" + at, local);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        environment.put("QRATE_STATE", qrate.state().root().toString());
        environment.put("QRATE_BCRYPT_COST", "4");
        // HSQLDB's own lock outlives a killed process by ten seconds
        environment.put(
                "QRATE_DB_URL",
                "jdbc:hsqldb:file:" + qrate.state().db().resolve("vpopmail")
                        + ";hsqldb.write_delay=false;hsqldb.tx=mvcc;hsqldb.applog=0;hsqldb.lock_file=false");
        return environment;
    }

    private List<String> arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of("import"));
        arguments.addAll(List.of(options));
        arguments.add(folder.resolve("old/qmail").toString());
        arguments.add(folder.resolve("old/vpopmail").toString());
        return arguments;
    }

    private int run(Map<String, String> environment, String... options) {
        return program(environment, arguments(options).toArray(String[]::new));
    }

    private int program(Map<String, String> environment, String... arguments) {
        said.reset();
        PrintStream out = new PrintStream(said, true, UTF_8);
        return Launcher.run(
                Main.programs(environment),
                arguments,
                new Program.Stdio(environment, InputStream.nullInputStream(), out, out));
    }

    private List<String> uids(String user) throws IOException {
        try (Talk talk = Talk.to(qrate.running().pop().pop3s().port())) {
            talk.secure();
            talk.hear();
            talk.say("USER " + user);
            String welcome = talk.say("PASS " + Installation.PASSWORD);
            assertTrue(welcome.startsWith("+OK "), welcome);
            talk.say("UIDL");
            List<String> all = talk.text().lines().toList();
            talk.say("QUIT");
            return all;
        }
    }

    @Test
    void oldPasswordsOldMailWithItsIdsAndWhatWasQueuedIsDeliveredOnce() throws Exception {
        queued(46, "Told.test-dan@old.test\0Dold.test-postmaster@old.test\0");
        queued(47, "Told.test-sales@new.test\0");
        assertEquals(0, run(environment(), "--apply", "--replace", "--queue"), said.toString(UTF_8));
        assertEquals(0, run(environment(), "--apply", "--replace", "--queue"), said.toString(UTF_8));
        assertTrue(said.toString(UTF_8).endsWith("import: nothing to do\n"), said.toString(UTF_8));
        qrate.start();
        try {
            List<String> box = qrate.box("dan@old.test", 4);
            qrate.drained();
            assertEquals(List.of(), qrate.box("postmaster@old.test"));
            assertEquals(4, qrate.box("dan@new.test").size());
            assertEquals(
                    List.of("1 1600000001.100.old", "2 1600000002.101.old"),
                    uids("dan@old.test").subList(0, 2));
            assertTrue(box.getFirst().contains("Subject: first\r\n"), box.getFirst());
            for (int number : new int[] {46, 47}) {
                assertEquals(
                        1,
                        box.stream()
                                .filter(m -> m.contains("Subject: queued " + number))
                                .count(),
                        qrate::log);
            }
            assertTrue(qrate.send("fresh", "sales@new.test").startsWith("250 "));
            assertEquals(5, qrate.box("dan@old.test", 5).size());
            qrate.drained();
            assertEquals(0, program(environment(), "ledger", "check"), said.toString(UTF_8));
        } finally {
            qrate.stop();
        }
    }

    @Test
    void aMailingListGoesOnWithItsPeopleAndItsNumbers() throws Exception {
        String list = "'/home/vpopmail/domains/old.test/team'";
        file("vpopmail/domains/old.test/.qmail-team", "|/usr/bin/ezmlm/ezmlm-send " + list + "\n");
        file("vpopmail/domains/old.test/.qmail-team-default", "|/usr/bin/ezmlm/ezmlm-manage " + list + "\n");
        file("vpopmail/domains/old.test/team/subscribers/A", "Tdan@old.test\0TPostmaster@old.test\0");
        file("vpopmail/domains/old.test/team/archived", "");
        file("vpopmail/domains/old.test/team/prefix", "[Team #]\n");
        file("vpopmail/domains/old.test/team/num", "41:7\n");
        assertEquals(0, run(environment(), "--apply", "--replace"), said.toString(UTF_8));
        qrate.start();
        try {
            assertTrue(qrate.send("hello", "team@old.test").startsWith("250 "));
            String got = qrate.box("postmaster@old.test", 1).getFirst();
            assertTrue(got.contains("\r\nSubject: [Team 42] hello\r\n"), got);
            assertTrue(got.startsWith("Return-Path: <team-return-42-postmaster=old.test@old.test>\r\n"), got);
            qrate.box("dan@old.test", 3);
            qrate.drained();
            Path archive = qrate.state().maildirs().resolve("domains/old.test/team/archive/0/42");
            assertTrue(Files.readString(archive).contains("hello"));
        } finally {
            qrate.stop();
        }
    }

    @Test
    void aSecondPassWhileTheSystemRunsBringsWhatCameMeanwhile() throws Exception {
        assertEquals(0, run(environment(), "--apply", "--replace"), said.toString(UTF_8));
        qrate.start();
        try {
            assertEquals(2, qrate.box("dan@old.test").size());
            letter("new/1600000003.102.old", "third");
            file(
                    "vpopmail/domains/old.test/vpasswd",
                    Files.readString(folder.resolve("old/vpopmail/domains/old.test/vpasswd")) + "eva:" + HASH
                            + ":1:0:x:/home/vpopmail/domains/old.test/eva:NOQUOTA\n");
            file("vpopmail/domains/old.test/eva/Maildir/cur/1600000009.1.old:2,", "Subject: hers\n\nx\n");
            Map<String, String> environment = environment();
            environment.put(
                    "QRATE_ADMIN_URL",
                    "http://127.0.0.1:"
                            + qrate.running()
                                    .admin()
                                    .door()
                                    .orElseThrow()
                                    .address()
                                    .getPort());
            assertEquals(0, run(environment, "--apply", "--replace"), said.toString(UTF_8));
            assertEquals(3, qrate.box("dan@old.test", 3).size());
            Installation.settle();
            assertEquals(1, qrate.box("eva@old.test").size());
            assertEquals(0, run(environment, "--apply", "--replace"), said.toString(UTF_8));
            assertTrue(said.toString(UTF_8).endsWith("import: nothing to do\n"), said.toString(UTF_8));
        } finally {
            qrate.stop();
        }
    }

    @Test
    void aProcessThatIsKilledIsFinishedByTheNext() throws Exception {
        for (int i = 0; i < 300; i++) {
            letter("cur/16000001" + (100 + i) + ".1.old:2,S", "many " + i);
        }
        queued(46, "Told.test-dan@old.test\0");
        int killed = 0;
        for (int millis = 400; ; millis += millis / 2) {
            Process process = process();
            if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                assertEquals(0, process.exitValue(), Files.readString(folder.resolve("out")));
                break;
            }
            process.destroyForcibly().waitFor();
            killed++;
        }
        assertTrue(killed > 0);
        assertEquals(0, run(environment(), "--apply", "--replace", "--queue"), said.toString(UTF_8));
        assertTrue(said.toString(UTF_8).endsWith("import: nothing to do\n"), said.toString(UTF_8));
        qrate.start();
        try {
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> uids("dan@old.test").size() == 303);
            qrate.drained();
            assertEquals(303, uids("dan@old.test").stream().distinct().count());
        } finally {
            qrate.stop();
        }
    }

    private Process process() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments("--apply", "--replace", "--queue"));
        File out = folder.resolve("out").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out);
        builder.environment().putAll(environment());
        return builder.start();
    }
}
