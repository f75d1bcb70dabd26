package qrate.images.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A state that a release before this one made, as `./qrate up` takes it over: mail, passwords, aliases, lists and the
/// queue are as they were. What is in it stands beside it, in `states/README.md`.
class UpgradeTest {
    private static final String LARGE = "304540";

    @TempDir
    Path folder;

    private Checkout checkout;
    private Path state;

    @BeforeEach
    void unpack() throws Exception {
        checkout = Checkout.in(folder);
        state = checkout.top.resolve("var");
        Path archive = folder.resolve("0.1.0.tar.gz");
        try (InputStream in =
                Objects.requireNonNull(UpgradeTest.class.getResourceAsStream("/states/0.1.0-embedded.tar.gz"))) {
            Files.copy(in, archive);
        }
        assertEquals(
                0,
                checkout.shell("mkdir var && tar -x -z -C var --strip-components=1 -f " + archive)
                        .code());
        // what waits there is older with each day: it must not bounce for that
        Files.writeString(state.resolve("control/queuelifetime"), "3000000000\n");
    }

    @AfterEach
    void end() {
        checkout.close();
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

    @Test
    void aStateOf010IsAsItWas() throws Exception {
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
        theDirectory();
        theQueue();
        mailGoesOn();
        // and once more: nothing of it was for one start only
        qrate("down");
        qrate("up", "--embedded");
        assertEquals(7, messages("ann@example.test", "Correct-horse-ann"));
        assertEquals(7, waiting());
        qrate("down");
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
        assertTrue(queue.contains(LARGE), queue);
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
