package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs by name whose JVM does not start, or dies: `images/base/begin`. No caller may take that for an answer.
class BeginTest {
    /// Address space in which nothing starts, in KiB, and what softlimit's users were told to give.
    private static final int FAR_TOO_LITTLE_KB = 40 << 10;

    private static final String QUARTER = Integer.toString(256 << 10);

    /// Callers' "not now", by program: 71 for qmail-queue(8), 75 for sendmail (sysexits), 111 for the rest.
    private static final Map<String, Integer> CODES = new LinkedHashMap<>(Map.of(
            "qmail-queue", 71,
            "qmail-remote", 111,
            "qmail-local", 111,
            "qmail-smtpd", 111,
            "qmail-popup", 111,
            "qmail-pop3d", 111,
            "vchkpw", 111,
            "checkpassword", 111,
            "sendmail", 75,
            "qmail-lspawn", 111));

    @TempDir
    Path folder;

    private Checkout checkout;
    private ServerSocket peer;

    @BeforeEach
    void copy() throws IOException {
        checkout = Checkout.in(folder);
        peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Files.createDirectories(checkout.top.resolve("var/control"));
        Files.writeString(checkout.top.resolve("var/control/me"), "mail.example.test\n");
    }

    @AfterEach
    void end() throws IOException {
        checkout.close();
        peer.close();
    }

    private Checkout.Said limited(String limit, String program) throws IOException, InterruptedException {
        return checkout.shell(limit + "; exec ./qrate " + program + " </dev/null");
    }

    @Test
    void whatCannotStartIsTemporaryInEachProgramsOwnCode() throws Exception {
        for (Map.Entry<String, Integer> entry : CODES.entrySet()) {
            Checkout.Said said = limited("ulimit -v " + FAR_TOO_LITTLE_KB, entry.getKey() + " x y");
            assertEquals(
                    new Checkout.Said(
                            entry.getValue(),
                            entry.getKey() + ": fatal: the Java runtime cannot start in 40 MB (softlimit, ulimit): it"
                                    + " needs 256\n"),
                    said);
        }
    }

    @Test
    void aRuntimeThatRefusesOrIsGoneIsTemporaryToo() throws Exception {
        checkout.environment.put("JDK_JAVA_OPTIONS", "-XX:NoSuchThing");
        assertEquals(111, checkout.qrate("vchkpw", "true").code());
        assertEquals(71, checkout.qrate("qmail-queue").code());
        checkout.environment.remove("JDK_JAVA_OPTIONS");
        Files.delete(checkout.run().resolve("runtime"));
        checkout.environment.put("JAVA_HOME", "/nowhere");
        checkout.environment.put("PATH", "/usr/bin:/bin");
        Files.createDirectories(folder.resolve("home"));
        checkout.environment.put("HOME", folder.resolve("home").toString());
        // the script may find another JDK of this machine: then the programs run
        int code = checkout.qrate("qmail-remote").code();
        assertTrue(code == 111 || code == 100 || code == 0, () -> "it said " + code);
    }

    @Test
    void aJarThatIsGoneIsTemporary() throws Exception {
        List<String> names = Files.readAllLines(checkout.run().resolve("class-path"));
        Files.write(checkout.run().resolve("class-path"), List.of(names.getLast()));
        assertEquals(111, checkout.qrate("vchkpw", "true").code());
        assertEquals(75, checkout.qrate("sendmail", "-t").code());
    }

    /// tcp-env becomes the program that it starts, on a connection.
    private Checkout.Said becoming(String limit, String script) throws IOException, InterruptedException {
        return checkout.shell(limit + "; exec ./qrate tcp-env -R sh -c '" + script + "' 0<>/dev/tcp/127.0.0.1/"
                + peer.getLocalPort());
    }

    @Test
    void aProgramsOwnCodesAreItsOwn() throws Exception {
        assertEquals(new Checkout.Said(0, "line\n"), checkout.shell("echo line | ./qrate preline cat"));
        assertEquals(100, checkout.shell("./qrate except true").code());
        for (int code : List.of(0, 1, 2, 99, 111)) {
            assertEquals(code, becoming(":", "exit " + code).code());
        }
    }

    @Test
    void oneThatIsKilledIsTemporary() throws Exception {
        for (String signal : List.of("KILL", "TERM", "SEGV")) {
            Checkout.Said said = becoming(":", "kill -" + signal + " $$");
            assertEquals(111, said.code(), signal + said.text());
        }
    }

    @Test
    void aQuarterOfAGigabyteOfAddressSpaceIsEnough() throws Exception {
        // not in that of a whole JDK, whose classes alone take more than half of it: a build makes a smaller runtime
        Files.delete(checkout.run().resolve("runtime"));
        String modules = String.join(
                ",",
                Files.readAllLines(checkout.top.resolve("images/base/modules")).stream()
                        .filter(line -> !line.startsWith("#"))
                        .toList());
        Checkout.Said linked = checkout.shell(System.getProperty("java.home") + "/bin/jlink --add-modules " + modules
                + " --strip-debug --output " + checkout.run().resolve("runtime"));
        assertEquals(0, linked.code(), linked::text);
        for (String limits : List.of("-v", "-d")) {
            Checkout.Said said = checkout.shell("ulimit " + limits + " " + QUARTER + "; exec ./qrate qmail-showctl");
            assertEquals(0, said.code(), said::text);
        }
        assertEquals(1, becoming("ulimit -v " + QUARTER, "exit 1").code());
    }

    @Test
    void everyCodeIsOfAProgramThatThereIs() throws IOException {
        TreeSet<String> names = new TreeSet<>(Main.programs(Map.of()).keySet());
        names.addAll(qrate.images.pop3d.Main.commands().keySet());
        names.add("vchkpwd"); // a role
        names.add("signer"); // another
        names.add("gate"); // another
        for (String line : Files.readAllLines(checkout.top.resolve("images/base/codes"))) {
            assertTrue(line.startsWith("#") || names.contains(line.split(" ", 2)[0]), line);
        }
    }
}
