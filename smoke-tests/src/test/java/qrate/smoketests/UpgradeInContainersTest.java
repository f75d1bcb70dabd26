package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An upgrade of the containers while mail goes on, cut off, failed, and taken back. The steps build on each other: a
/// state has one life.
@Tag("long")
@Timeout(1800)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpgradeInContainersTest extends OnStack {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final Duration REFUSED_MAX = Duration.ofSeconds(1);
    private static final List<String> IMAGES = List.of("smtpd", "queue", "pop3d", "admin", "acme");
    private static final List<String> PARTS = List.of(
            "qrate",
            "provisioning/jdk",
            "provisioning/upgrade",
            "provisioning/flat.awk",
            "images/base/begin",
            "images/base/codes",
            "images/base/flags",
            "images/base/modules",
            "images/base/program",
            "images/base/programs",
            "images/embedded/target/run",
            "smoke-tests/target/run",
            "compose");
    private static final String MARK = "qrate.upgrade";

    @TempDir
    static Path folder;

    private Path state;
    private Path backups;
    private Path before;
    private Path after;
    private Target.Login ann;

    @BeforeAll
    @Override
    void up() throws IOException {
        stack = Stack.prepared();
        state = Files.createDirectories(folder.resolve("state"));
        backups = folder.resolve("backups");
        before = version("before", "true");
        after = version("after", "true");
        by(before, "up", "--compose").orFail();
        ann = stack.mailbox("ann");
        stack.inside("admin", "echo :127.0.0.1:1 >/var/qmail/control/smtproutes")
                .orFail(); // nobody there: it waits
        stack.inside("send", "printf 'To: x@elsewhere.test\\n\\nx\\n' | qrate qmail-inject -f" + ann.address())
                .orFail();
    }

    @AfterAll
    @Override
    void down() throws IOException {
        super.down();
        for (String name : List.of("before", "after", "broken")) {
            for (String image : IMAGES) {
                stack.docker("rmi", "-f", "qrate/" + image + ":" + tag(name));
            }
        }
        for (String kept : stack.docker(
                        "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=qrate/*:before-*")
                .lines()) {
            if (stack.docker("image", "inspect", "--format", "{{index .Config.Labels \"" + MARK + "\"}}", kept)
                    .text()
                    .contains(tag(""))) {
                stack.docker("rmi", kept);
            }
        }
    }

    private static String tag(String name) {
        return "test-" + ProcessHandle.current().pid() + "-" + name;
    }

    /// The present sources as a release would have them, with images of its own under a version of its own.
    ///
    /// @param first a file that its door shows instead of starting, or `true`
    private Path version(String name, String first) throws IOException {
        Path top = Files.createDirectories(folder.resolve(name));
        List<String> copy = new ArrayList<>(List.of("cp", "-pR", "--parents"));
        copy.addAll(PARTS);
        copy.addAll(List.of("-t", top.toString()));
        String script =
                "cd '" + Release.TOP + "' && ./qrate qmail-send --help >/dev/null && ./qrate smoke --help >/dev/null"
                        + " && exec " + String.join(" ", copy);
        Ran.of(Duration.ofMinutes(10), Map.of("QRATE_STATE", folder + "/none"), List.of("sh", "-c", script))
                .orFail();
        Files.writeString(top.resolve("release"), tag(name) + "\n");
        for (String image : IMAGES) {
            String from = "qrate/" + image + ":" + version();
            Path context = Files.createDirectories(folder.resolve("context-" + name + image));
            List<String> lines = new ArrayList<>(List.of("FROM " + from, "LABEL " + MARK + "=" + tag(name)));
            if (!first.equals("true") && image.equals("smtpd")) {
                lines.add("ENTRYPOINT [\"cat\", \"/" + first + "\"]");
            }
            Files.write(context.resolve("Dockerfile"), lines);
            stack.docker(
                            "build",
                            "-q",
                            "--network",
                            "none",
                            "-t",
                            "qrate/" + image + ":" + tag(name),
                            context.toString())
                    .orFail();
        }
        return top;
    }

    /// Whose images the stack has: those that `QRATE_VERSION` names, or of the present sources.
    private static String version() throws IOException {
        String named = System.getenv("QRATE_VERSION");
        return named != null ? named : Release.version();
    }

    private Ran by(Path version, String... arguments) throws IOException {
        return stack.qrate(version, state, arguments);
    }

    private Map<String, String> running() throws IOException {
        Map<String, String> marks = new LinkedHashMap<>();
        for (String service : Stack.SERVICES) {
            marks.put(service, stack.inspect(service, "{{index .Config.Labels \"" + MARK + "\"}}"));
        }
        return marks;
    }

    private void allRun(String name) throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        Stack.SERVICES.forEach(service -> expected.put(service, tag(name)));
        assertEquals(expected, running());
    }

    /// Upgrades or goes back while clients come to every door and mail comes in.
    private Ran underFire(Path version, int code, String... arguments) throws Exception {
        Flood flood = Flood.steady(stack.target(), ann.address());
        await().atMost(SOON).until(() -> flood.accepted() > 10);
        List<Knocker> knockers = new ArrayList<>();
        for (String door : List.of("SMTP", "SUBMISSION", "POP3")) {
            knockers.add(new Knocker(stack.port(door), null));
        }
        for (String door : List.of("SMTPS", "POP3S")) {
            knockers.add(new Knocker(stack.port(door), Tls.context(true)));
        }
        Duration move = moves();
        Duration refused = move.compareTo(REFUSED_MAX.dividedBy(2)) > 0 ? move.multipliedBy(3) : REFUSED_MAX;
        Ran said = by(version, arguments);
        knockers.forEach(Knocker::close);
        flood.end();
        System.out.println(String.join(" ", arguments) + ": " + knockers + ", messages: " + flood.accepted());
        assertEquals(code, said.code(), said.text());
        for (Knocker knocker : knockers) {
            assertTrue(knocker.longest().compareTo(refused) <= 0, () -> "more than " + refused + ": " + knockers);
        }
        await().atMost(SOON).untilAsserted(() -> assertEquals(List.of(), flood.faults(ann)));
        stack.inside("lspawn", "rm -f /var/qmail/maildirs/domains/example.test/ann/Maildir/*/*Q*")
                .orFail(); // the next flood begins at 0 again
        return said;
    }

    /// How long the engine itself takes to move the ports of a container: on a machine that has too much to do, more
    /// than the second that an upgrade may take.
    private Duration moves() throws IOException {
        long begun = System.nanoTime();
        String admin = stack.container("admin");
        String network = stack.networkName("edge-admin");
        stack.docker("network", "disconnect", network, admin).orFail();
        stack.docker("network", "connect", "--alias", "admin", network, admin).orFail();
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private void theQueueIsAsItWas() throws IOException {
        Ran queue = by(before, "qmail-qread");
        assertTrue(queue.text().contains("x@elsewhere.test"), queue.text());
    }

    @Test
    @Order(1)
    void theNewVersionTakesOverAndNobodyStandsBeforeAClosedDoor() throws Exception {
        Ran said = underFire(after, 0, "upgrade", "--to", backups.toString());
        assertTrue(said.text().contains("works on the copy"), said.text());
        allRun("after");
        theQueueIsAsItWas();
        Map<String, String> containers = new LinkedHashMap<>();
        for (String service : Stack.SERVICES) {
            containers.put(service, stack.container(service));
        }
        by(after, "up", "--compose").orFail();
        for (String service : Stack.SERVICES) {
            assertEquals(containers.get(service), stack.container(service), "a second up changes nothing");
        }
        Ran again = by(after, "upgrade", "--to", backups.toString());
        assertEquals(100, again.code(), again.text());
    }

    @Test
    @Order(2)
    void theWayBackTakesTheMailOfMeanwhileAlongAndNobodyStandsBeforeAClosedDoor() throws Exception {
        stack.inside("send", "printf 'To: y@elsewhere.test\\n\\nx\\n' | qrate qmail-inject -f" + ann.address())
                .orFail();
        underFire(after, 0, "rollback");
        allRun("before");
        theQueueIsAsItWas();
        assertTrue(by(before, "qmail-qread").text().contains("y@elsewhere.test"), "came meanwhile");
        Ran again = by(after, "rollback");
        assertEquals(100, again.code(), again.text());
    }

    @Test
    @Order(3)
    void aVersionWhoseDoorDoesNotStartGivesWayBeforeTheDoorWasClosed() throws Exception {
        Path broken = version("broken", "nothing");
        Ran said = underFire(broken, 1, "upgrade", "--without-rehearsal", "--to", backups.toString());
        assertTrue(said.text().contains("it runs as before the upgrade"), said.text());
        allRun("before");
        theQueueIsAsItWas();
    }

    @Test
    @Order(4)
    void oneThatWasKilledGoesOnWhenItIsCalledAgain() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        after.resolve("qrate").toString(), "upgrade", "--without-rehearsal", "--to", backups.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("killed").toFile());
        builder.environment().putAll(stack.with(state));
        Process process = builder.start();
        try {
            // a second container of the door is there
            await().atMost(SOON)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() ->
                            stack.compose("ps", "-a", "-q", "smtpd").lines().size() == 2);
        } finally {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        Ran other = by(before, "upgrade", "--to", backups.toString());
        assertEquals(100, other.code(), other.text());
        assertTrue(other.text().contains("was cut off"), other.text());
        Ran said = by(after, "upgrade", "--to", backups.toString());
        assertEquals(0, said.code(), said.text());
        assertTrue(said.text().contains("going on with the upgrade that was cut off"), said.text());
        allRun("after");
        theQueueIsAsItWas();
    }

    @Test
    @Order(5)
    void aProgramThatIsTooOldForTheStateDoesNotStart() throws Exception {
        String version = "/var/qmail/users/version";
        stack.inside(
                        "admin",
                        "cp " + version + " " + version + ".was && printf 'version 9.9.0\\nsince 9.9.0\\n' >" + version)
                .orFail();
        by(after, "down").orFail();
        Ran said = by(after, "up", "--compose");
        assertFalse(said.code() == 0, said.text());
        assertTrue(said.text().contains("the state is of 9.9.0, which 9.9.0 and newer can read"), said.text());
        stack.compose("run", "--rm", "-T", "--entrypoint", "sh", "init", "-c", "mv " + version + ".was " + version)
                .orFail();
        by(after, "up", "--compose").orFail();
        theQueueIsAsItWas();
    }
}
