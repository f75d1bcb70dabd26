package qrate.provisioning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Program;
import qrate.core.State;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.Opening;
import qrate.directory.Password;
import qrate.directory.Principal;
import qrate.directory.Settings;
import qrate.snapshots.Directory.Route;
import qrate.snapshots.SnapshotDirectory;

class ProvisionTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private Program.Stdio stdio() {
        PrintStream stream = new PrintStream(out, true, UTF_8);
        Map<String, String> environment = Map.of("QRATE_STATE", folder.toString(), "QRATE_BCRYPT_COST", "4");
        return new Program.Stdio(environment, InputStream.nullInputStream(), stream, stream);
    }

    private int init(String... arguments) {
        return new Provision(InstantSource.system()).run(List.of(arguments), stdio());
    }

    private Map<String, Object> times() throws IOException {
        Map<String, Object> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isRegularFile(path) && !path.toString().contains("/db/vpopmail")) {
                    all.put(
                            path.toString(),
                            Files.getAttribute(path, "unix:ino") + " " + Files.getLastModifiedTime(path));
                }
            }
        }
        return all;
    }

    @Test
    void makesAWorkingDomainOfNothing() throws IOException {
        assertEquals(0, init(), out::toString);
        State state = new State(folder);
        SnapshotDirectory directory = new SnapshotDirectory(state, InstantSource.system());
        assertInstanceOf(Route.Mailbox.class, directory.route(Address.of("postmaster@example.test")));
        assertEquals("mail.example.test\n", Files.readString(state.control().resolve("me")));
        assertEquals("example.test\n", Files.readString(state.control().resolve("rcpthosts")));
        String password = Files.readString(state.db().resolve("first-password")).strip();
        assertFalse(out.toString(UTF_8).contains(password));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(state.db().resolve("first-password"))));
        try (Domains domains = Domains.open(state, Settings.of(stdio().environment(), state), InstantSource.system())) {
            assertEquals(
                    Optional.of(new Principal.Administrator("admin")),
                    domains.accounts().signIn("admin", password));
            assertTrue(domains.accounts()
                    .signIn("postmaster@example.test", password)
                    .isPresent());
        }
    }

    @Test
    void eachStateHasASecretOfItsOwnForReversePaths() throws IOException {
        assertEquals(0, init(), out::toString);
        Path file = folder.resolve("control/srs_secrets");
        String secret = Files.readString(file).strip();
        assertTrue(secret.matches("[0-9a-f]{40}"));
        assertFalse(out.toString(UTF_8).contains(secret));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.writeString(file, "another of the administrator's\n");
        assertEquals(0, init(), out::toString);
        assertEquals("another of the administrator's\n", Files.readString(file));
    }

    @Test
    void theHostsOwnPostmasterIsTheDomains() throws IOException {
        assertEquals(0, init(), out::toString);
        assertEquals("localhost\nmail.example.test\n", Files.readString(folder.resolve("control/locals")));
        for (String name : List.of("postmaster", "mailer-daemon", "root")) {
            Path file = folder.resolve("maildirs/alias/.qmail-" + name);
            assertEquals("&postmaster@example.test\n", Files.readString(file));
        }
    }

    /// qmail-inject completes `ann` with it, and the host itself has no mailbox.
    @Test
    void aNameWithoutAHostBelongsToTheFirstDomain() throws IOException {
        assertEquals(0, init("--domain", "example.org"), out::toString);
        Path defaulthost = folder.resolve("control/defaulthost");
        assertEquals("example.org\n", Files.readString(defaulthost));

        // a state of 0.1.0 had no such file
        Files.delete(defaulthost);
        assertEquals(0, init("--domain", "other.test"), out::toString);
        assertEquals("example.org\n", Files.readString(defaulthost));

        // nor had a qmail that was taken over, where a name belongs to `me`
        Files.delete(defaulthost);
        Files.writeString(folder.resolve("control/me"), "old.example.net\n");
        assertEquals(0, init("--domain", "example.org"), out::toString);
        assertFalse(Files.exists(defaulthost));
    }

    @Test
    void aHostOfTheDomainsNameIsNotLocal() throws IOException {
        assertEquals(0, init("--host", "example.test"), out::toString);
        assertEquals("localhost\n", Files.readString(folder.resolve("control/locals")));
    }

    @Test
    void changesNothingTheSecondTime() throws IOException {
        assertEquals(0, init("--domain", "example.org"), out::toString);
        Map<String, Object> before = times();
        out.reset();
        assertEquals(0, init("--domain", "example.org"));
        assertEquals("", out.toString(UTF_8));
        assertEquals(before, times());
    }

    @Test
    void doesNotAskForTheDatabaseOfARunningAdmin() throws IOException {
        assertEquals(0, init(), out::toString);
        State state = new State(folder);
        // where there is no database any more, one that is opened would be made
        Files.move(state.db(), folder.resolve("elsewhere"));
        Files.createDirectories(state.db());
        Files.writeString(state.db().resolve(Opening.LOCAL_TOKEN), "token\n");
        assertEquals(0, init(), out::toString);
        try (Stream<Path> files = Files.list(state.db())) {
            assertEquals(
                    List.of(Opening.LOCAL_TOKEN),
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void makesACertificateForEachNameOfTheHost() throws IOException, GeneralSecurityException {
        init("--host", "mx.example.org");
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        try (InputStream in = Files.newInputStream(folder.resolve("tls/cert.pem"))) {
            X509Certificate certificate = (X509Certificate) factory.generateCertificate(in);
            certificate.checkValidity();
            certificate.verify(certificate.getPublicKey());
            List<Object> names = certificate.getSubjectAlternativeNames().stream()
                    .<Object>map(name -> name.get(1))
                    .toList();
            assertEquals(List.of("mx.example.org", "example.test", "localhost"), names.subList(0, 3));
            // where the ports of a first run are: the README tells clients to use them
            assertTrue(names.containsAll(List.of("127.0.0.1", "0:0:0:0:0:0:0:1")), names::toString);
        }
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tls/key.pem"))));
    }

    @Test
    void keepsFilesThatTheAdministratorWrote() throws IOException {
        Files.createDirectories(folder.resolve("control"));
        Files.writeString(folder.resolve("control/me"), "own.example.org\n");
        Files.writeString(folder.resolve("control/rcpthosts"), "own.example.org\n");
        init();
        assertEquals("own.example.org\n", Files.readString(folder.resolve("control/me")));
        assertEquals("own.example.org\nexample.test\n", Files.readString(folder.resolve("control/rcpthosts")));
    }

    /// A second `up` runs it beside everything else.
    @Test
    void givesFoldersAwayWhileFilesComeAndGo() throws Exception {
        assertEquals(0, init(), out::toString);
        State state = new State(folder);
        Path queue = Files.createDirectories(folder.resolve("queue/mess"));
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Integer> mail = new FutureTask<>(() -> comeAndGo(queue, over));
        Thread.ofPlatform().start(mail);
        try {
            for (int i = 0; i < 300; i++) {
                Folders.ownContents(state);
            }
        } finally {
            over.set(true);
        }
        assertTrue(mail.get() > 0, "there was mail");
    }

    private static int comeAndGo(Path queue, AtomicBoolean over) throws IOException {
        int count = 0;
        while (!over.get()) {
            Path folder = Files.createDirectory(queue.resolve(Integer.toString(count++)));
            for (int i = 0; i < 20; i++) {
                Files.createFile(folder.resolve(Integer.toString(i)));
            }
            for (int i = 0; i < 20; i++) {
                Files.delete(folder.resolve(Integer.toString(i)));
            }
            Files.delete(folder);
        }
        return count;
    }

    @Test
    void finishesARunThatWasCutOffBeforeTheAdministrator() throws IOException {
        State state = new State(folder);
        for (String name : List.of("db", "control")) {
            Files.createDirectories(folder.resolve(name));
        }
        try (Domains domains = Domains.open(state, Settings.of(stdio().environment(), state), InstantSource.system())) {
            domains.apply(new Edit.AddDomain("example.test", new Password.Clear("lost for ever")));
        }
        assertEquals(0, init());
        String password = Files.readString(folder.resolve("db/first-password")).strip();
        try (Domains domains = Domains.open(state, Settings.of(stdio().environment(), state), InstantSource.system())) {
            assertTrue(domains.accounts()
                    .signIn("postmaster@example.test", password)
                    .isPresent());
        }
    }

    @Test
    void isTemporaryWhereTheStateCannotBeWritten() throws IOException {
        Files.writeString(folder.resolve("control"), "no folder");
        assertEquals(111, init());
        assertTrue(out.toString(UTF_8).contains("init: fatal: "), out::toString);
    }

    @Test
    void refusesANameThatCanBeNoMailDomainBeforeAnythingIsWritten() throws IOException {
        for (String bad : List.of("Bad Domain", "localhost", "a..test", "-a.test", "a.test.", "a/b.test", "")) {
            out.reset();
            assertEquals(100, init("--domain", bad));
            assertEquals("init: " + bad + ": is no name for a mail domain\n", out.toString(UTF_8));
        }
        out.reset();
        assertEquals(100, init("--host", "mx host"));
        assertEquals("init: mx host: is no name for a host\n", out.toString(UTF_8));
        assertEquals(Map.of(), times());
    }

    @Test
    void refusesWrongOptions() {
        for (List<String> bad : List.of(List.of("--domain"), List.of("--domain", "../x"), List.of("-x"))) {
            assertEquals(100, new Provision(InstantSource.system()).run(bad, stdio()));
        }
    }
}
