package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Root's `./qrate` in the one-process shape: nothing of it runs as root, and root trusts nothing that the service's
/// user may write.
class NotAsRootTest {
    private static final Pattern TIMED = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z .*");

    @TempDir
    Path folder;

    private Checkout checkout;
    private Path state;

    @BeforeEach
    void copy() throws IOException {
        assumeTrue(Checkout.isRoot(), "runs as root");
        checkout = Checkout.in(folder);
        state = checkout.top.resolve("var");
    }

    @AfterEach
    void end() {
        if (checkout != null) {
            checkout.close();
        }
    }

    private static String owner(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    private void up(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("up", "--embedded"));
        arguments.addAll(List.of(more));
        Checkout.Said said = checkout.qrate(arguments.toArray(String[]::new));
        assertEquals(0, said.code(), said::text);
    }

    /// A state that root made is taken over; links in it lead nowhere.
    @Test
    void aStateOfRootsIsTakenOverAndNoLinkIsFollowed() throws Exception {
        Path others = Files.writeString(folder.resolve("others"), "root's own\n");
        assertEquals(0, checkout.qrate("init", "--domain", "example.test").code());
        assertEquals("root", owner(state.resolve("control/me")));
        Files.createSymbolicLink(state.resolve("maildirs/alias/.qmail-x"), others);
        Files.createSymbolicLink(state.resolve("log"), folder);
        checkout.saysOneLine(
                111,
                state + ": holds notes too, which is not Qrate's: give Qrate a folder of its own (--state)",
                noted());
        Files.delete(state.resolve("notes"));
        Files.delete(state.resolve("log"));
        up();
        for (String made : List.of("", "control/me", "queue", "log/qrate.log", "maildirs/alias/.qmail-x", "shape")) {
            assertEquals(Checkout.USER, owner(state.resolve(made)), made);
        }
        assertEquals("root", owner(others));
        ProcessHandle process = Checkout.process(state).findFirst().orElseThrow();
        assertEquals(Checkout.USER, process.info().user().orElseThrow());
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("log/qrate.log"))));
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("log"))));
        List<String> log = Files.readAllLines(state.resolve("log/qrate.log"));
        assertTrue(
                !log.isEmpty()
                        && log.stream().allMatch(line -> TIMED.matcher(line).matches()),
                log::toString);
    }

    private String[] noted() throws IOException {
        Files.createFile(state.resolve("notes"));
        return new String[] {"up", "--embedded"};
    }

    @Test
    void commandsOfRootRunAsTheOwnerOfTheState() throws Exception {
        up();
        assertEquals(
                0,
                checkout.qrate("vadduser", "ann@example.test", "a good password")
                        .code());
        Path box = state.resolve("maildirs/domains/example.test/ann/Maildir");
        assertEquals(Checkout.USER, owner(box));
        // whoever reads what a program left there
        Checkout.Said said = checkout.shell("./qrate preline id -un");
        assertTrue(said.text().equals(Checkout.USER + "\n"), said::text);
        Checkout.Said status = checkout.qrate("status");
        assertEquals(0, status.code(), status::text);
        Checkout.Said look = checkout.qrate("doctor", "--outbound", "127.0.0.1:1");
        assertEquals(2, look.code(), look::text);
        for (String part : List.of("port: pop3s answers", "relay: nobody can send", "folder: every folder has")) {
            assertTrue(look.text().contains("well      " + part), look::text);
        }
        assertEquals(1, look.text().split("broken ", -1).length - 1, look::text);
        assertEquals(0, checkout.qrate("down").code());
        assertTrue(Checkout.process(state).findFirst().isEmpty());
    }

    /// A backup is often root's, or of a user of another shape; whoever restores it as root may read it.
    @Test
    void aBackupOfAnotherUserIsRestored() throws Exception {
        up();
        assertEquals(
                0,
                checkout.qrate("vadduser", "ann@example.test", "a good password")
                        .code());
        assertEquals(0, checkout.qrate("backup", "--to=backups").code());
        Checkout.Said made = checkout.qrate("backup", "--to", "backups", "--keep", "1");
        assertEquals(0, made.code(), made::text);
        assertTrue(made.text().contains(": removed\n"), made::text);
        Checkout.Said listed = checkout.qrate("backup", "list", "--json", "backups");
        assertTrue(listed.text().matches("\\[\"[0-9TZ]{16}\"\\]\n"), listed::text);
        assertEquals(0, checkout.shell("chown -Rh 65000:65000 backups").code());
        assertEquals(0, checkout.qrate("down").code());
        for (String program : List.of("backup verify", "restore --embedded --state two")) {
            Checkout.Said said = checkout.shell("./qrate " + program + " \"$(echo \"$PWD\"/backups/*Z)\"");
            assertEquals(0, said.code(), said::text);
        }
        assertEquals(Checkout.USER, owner(checkout.top.resolve("two/maildirs/domains/example.test/ann/Maildir/new")));
    }

    /// The daemon by hand, without the script.
    @Test
    void theProcessItselfRefusesToRunAsRoot() throws Exception {
        Checkout.Said said = checkout.shell("\"$(provisioning/jdk)/bin/java\" -cp \""
                + System.getProperty("java.class.path") + "\" qrate.images.embedded.Main up");
        assertEquals(111, said.code());
        assertTrue(said.text().startsWith("up: fatal: nothing of this runs as root"), said::text);
    }

    /// What the service's user may write says nothing to root: no variable, no file of root's, no process.
    @Test
    void whatTheServiceMayWriteIsNotTrusted() throws Exception {
        up();
        Path secret = Files.writeString(folder.resolve("secret"), "root's secret\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                state.resolve("run/ports"),
                Files.readString(state.resolve("run/ports")) + "PATH=" + folder + "\nBASH_ENV=" + secret
                        + "\nQRATE_OVERLAYS=evil\nQRATE_STATE=/\n");
        assertEquals(0, checkout.qrate("status").code());
        Files.delete(state.resolve("domain"));
        Files.createSymbolicLink(state.resolve("domain"), secret);
        Path process = Path.of(
                "/proc",
                Long.toString(Checkout.process(state).findFirst().orElseThrow().pid()),
                "environ");
        assertFalse(Files.readString(process).contains("secret"));
        assertEquals(0, checkout.qrate("down").code());
        Checkout.Said said = checkout.qrate("up", "--embedded");
        assertFalse(said.text().contains("root's secret"), said::text);
        assertEquals("root's secret\n", Files.readString(secret));
        assertEquals(0, checkout.qrate("down").code());
        Process roots = new ProcessBuilder("bash", "-c", "exec -a 'qrate.images.embedded.Main up' sleep 300").start();
        checkout.ends(roots);
        Files.writeString(state.resolve("run/embedded.pid"), roots.pid() + "\n");
        checkout.qrate("down");
        assertTrue(roots.isAlive());
        Files.delete(state.resolve("log/qrate.log"));
        Files.createSymbolicLink(state.resolve("log/qrate.log"), secret);
        assertFalse(checkout.qrate("logs").text().contains("root's secret"));
    }

    /// A folder of a user's, with a link of that user's on the way: root makes what that user could make, and no more.
    @Test
    void whatRootMakesForAUserIsTheUsersAndWhereTheUserMay() throws Exception {
        Path home = Files.createDirectory(folder.resolve("home"));
        Path roots = Files.createDirectory(folder.resolve("roots"));
        Files.createSymbolicLink(home.resolve("link"), roots);
        assertEquals(
                0,
                checkout.shell("chown -h " + Checkout.USER + " " + home + " " + home + "/link")
                        .code());
        assertEquals(0, checkout.qrate("maildirmake", home + "/Maildir").code());
        assertEquals(Checkout.USER, owner(home.resolve("Maildir/new")));
        assertEquals(111, checkout.qrate("maildirmake", home + "/link/Maildir").code());
        assertEquals(
                0,
                checkout.shell("echo :allow | ./qrate tcprules " + home + "/rules.cdb")
                        .code());
        assertEquals(Checkout.USER, owner(home.resolve("rules.cdb")));
        assertEquals(
                111,
                checkout.shell("echo :allow | ./qrate tcprules " + home + "/link/rules.cdb")
                        .code());
        try (Stream<Path> made = Files.list(roots)) {
            assertEquals(List.of(), made.toList());
        }
    }

    /// A checkout in root's home: what runs is copied beside the state.
    @Test
    void aCheckoutThatTheServiceCannotReadRunsFromACopy() throws Exception {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere")).resolve("state");
        checkout.alsoEnds(elsewhere);
        Files.setPosixFilePermissions(checkout.top, PosixFilePermissions.fromString("rwx------"));
        up("--state", elsewhere.toString());
        assertEquals(Checkout.USER, owner(elsewhere.resolve("programs/qrate")));
        assertEquals(
                0,
                checkout.qrate("--state", elsewhere.toString(), "vadduser", "ann@example.test", "a good password")
                        .code());
        assertEquals(0, checkout.qrate("--state", elsewhere.toString(), "down").code());
    }

    /// What lies below the checkout is all there is: it can be moved, and copied beside the original.
    @Test
    void aMovedCheckoutStartsAndACopyRunsItsOwnJars() throws Exception {
        Path copy = folder.resolve("copy");
        assertEquals(0, checkout.shell("cp -r . " + copy).code());
        Files.setPosixFilePermissions(checkout.top, PosixFilePermissions.fromString("---------"));
        checkout.alsoEnds(copy.resolve("var"));
        Checkout.Said said = checkout.shell(copy + "/qrate up --embedded");
        assertEquals(0, said.code(), said::text);
        ProcessHandle process =
                Checkout.process(copy.resolve("var")).findFirst().orElseThrow();
        String command = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
        assertFalse(command.contains(checkout.top.toString()), command);
        // an AOT cache is of the jars where they were: moved, sealed ones break
        assertFalse(command.contains("AOTCache"), command);
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            List<String> jars = open.map(NotAsRootTest::target)
                    .filter(path -> path.endsWith(".jar"))
                    .toList();
            assertTrue(
                    jars.stream().allMatch(jar -> jar.startsWith(copy.toString()) || jar.startsWith("/usr")),
                    jars::toString);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void aUserOtherThanTheBuilderRunsWhatIsThere() throws Exception {
        Path mine = Files.createDirectory(folder.resolve("mine"));
        assertEquals(0, checkout.shell("chown " + Checkout.USER + " " + mine).code());
        checkout.alsoEnds(mine.resolve("state"));
        Map<String, String> environment = checkout.environment;
        environment.put("QRATE_STATE", mine.resolve("state").toString());
        Checkout.Said said =
                checkout.shell("setpriv --reuid=" + Checkout.USER + " --clear-groups ./qrate up --embedded");
        assertEquals(0, said.code(), said::text);
    }
}
