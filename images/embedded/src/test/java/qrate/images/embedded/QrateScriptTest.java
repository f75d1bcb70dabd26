package qrate.images.embedded;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The script `qrate` itself, in the one-process shape: a copy beside what a build would have left, so that it builds
/// nothing.
class QrateScriptTest {
    @TempDir
    Path folder;

    private Checkout checkout;
    private Path top;

    @BeforeEach
    void copy() throws IOException {
        checkout = Checkout.in(folder);
        top = checkout.top;
    }

    @AfterEach
    void end() {
        checkout.close();
    }

    @Test
    void aWrongCallIsOneLineAndExit100() throws Exception {
        checkout.saysOneLine(100, "--state needs a folder", "status", "--state");
        checkout.saysOneLine(100, "--domain needs a name", "up", "--embedded", "--domain");
        checkout.saysOneLine(100, "--minutes needs a number", "fuzz", "--minutes");
        for (String bad : List.of("abc", "0", "65536", "-1", "25 26")) {
            checkout.environment.put("QRATE_POP3_PORT", bad);
            checkout.saysOneLine(100, "QRATE_POP3_PORT: '" + bad + "' is no port", "up", "--embedded");
        }
        assertFalse(Files.exists(top.resolve("var")));
    }

    @Test
    void whatNeedsAnInstallationMakesNoneWhereThereIsNone() throws Exception {
        String nothing = "nothing is set up in " + top + "/var: ./qrate up";
        checkout.saysOneLine(100, nothing, "status");
        checkout.saysOneLine(100, nothing, "status", "--json");
        checkout.saysOneLine(100, nothing, "logs");
        checkout.saysOneLine(100, nothing, "down");
        checkout.saysOneLine(100, nothing, "smoke");
        checkout.saysOneLine(100, nothing, "vadddomain", "example.org", "password");
        checkout.saysOneLine(100, nothing, "ezmlm-make", "team@example.org");
        assertEquals(0, checkout.qrate("vadddomain", "--help").code());
        assertFalse(Files.exists(top.resolve("var")));
    }

    @Test
    void aStateThatCannotBeWrittenIsOneLine() throws Exception {
        Files.createFile(top.resolve("file"));
        checkout.saysOneLine(
                111, top + "/file: no folder can be made or written there", "--state", "file", "up", "--embedded");
    }

    @Test
    void aDomainThatCanBeNoneIsForgottenAgain() throws Exception {
        Checkout.Said bad = checkout.qrate("up", "--embedded", "--domain", "no domain");
        assertEquals(100, bad.code());
        assertTrue(bad.text().startsWith("init: no domain: is no name for a mail domain\n"), bad::text);
        assertFalse(Files.exists(top.resolve("var/domain")));
        assertFalse(Files.exists(top.resolve("var/control")));
    }

    @Test
    void aPortThatAnotherProgramHasIsNotTakenForOurs() throws Exception {
        for (String door : List.of("SMTP", "ADMIN")) {
            try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                String before =
                        checkout.environment.put("QRATE_" + door + "_PORT", Integer.toString(other.getLocalPort()));
                checkout.saysOneLine(
                        111,
                        "port " + other.getLocalPort() + " is taken by another program: set QRATE_" + door
                                + "_PORT, or end it",
                        "up",
                        "--embedded");
                checkout.environment.put("QRATE_" + door + "_PORT", before);
            }
        }
    }

    /// After a reboot the number in a pid file may be another's: `down` would end a neighbour.
    @Test
    void theProcessOfAnotherStateIsNotTakenForOurs() throws Exception {
        Path neighbour = Files.createDirectories(top.resolve("neighbour"));
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "exec -a 'qrate.images.embedded.Main up' sleep 60");
        builder.environment().put("QRATE_STATE", neighbour.toString());
        Process other = builder.start();
        Path command = Path.of("/proc/" + other.pid() + "/cmdline");
        checkout.ends(other);
        await().until(() -> Files.readString(command).startsWith("qrate.images.embedded.Main up"));
        for (String state : List.of("neighbour", "var")) {
            Files.createDirectories(top.resolve(state).resolve("control"));
            Path pid =
                    Files.createDirectories(top.resolve(state).resolve("run")).resolve("embedded.pid");
            Files.writeString(pid, other.pid() + "\n");
        }
        assertTrue(checkout.qrate("status", "--state", "neighbour")
                .text()
                .startsWith("  embedded, pid " + other.pid() + "\n"));
        assertEquals(new Checkout.Said(1, "  embedded, not running\n"), checkout.qrate("status"));
        assertEquals(new Checkout.Said(0, "qrate: down (embedded)\n"), checkout.qrate("down"));
        assertTrue(other.isAlive());
    }

    @Test
    void theNamesInEnvAreReadAsComposeReadsThem() throws Exception {
        Files.createDirectories(top.resolve("compose"));
        Files.writeString(top.resolve("compose/.env"), """
                # a comment
                QRATE_SMTP_PORT=the later counts
                QRATE_SMTP_PORT="one"  # quoted
                QRATE_POP3_PORT='two'
                QRATE_POP3S_PORT=three # said
                QRATE_ADMIN_PORT=four  \r
                """);
        for (Map.Entry<String, String> entry : Map.of("SMTP", "one", "POP3", "two", "POP3S", "three", "ADMIN", "four")
                .entrySet()) {
            String name = "QRATE_" + entry.getKey() + "_PORT";
            Map<String, String> all = new TreeMap<>(checkout.environment);
            checkout.environment.remove(name);
            checkout.saysOneLine(100, name + ": '" + entry.getValue() + "' is no port", "up", "--embedded");
            checkout.environment.putAll(all);
        }
    }

    @Test
    void severalAtOnceAndInAnyPlaceDoWhatOneDoes() throws Exception {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Process first = checkout.start(one, "up", "--embedded", "--domain", "Example.ORG");
        Process second = checkout.start(two, "up", "--embedded");
        Checkout.Said up = Checkout.end(first, one);
        Checkout.Said again = Checkout.end(second, two);
        assertEquals(0, up.code(), up::text);
        assertEquals(0, again.code(), again::text);
        String ports = "  smtp 127.0.0.1:" + checkout.port("SMTP") + "  submission :" + checkout.port("SUBMISSION")
                + "  smtps :"
                + checkout.port("SMTPS") + "  pop3 :" + checkout.port("POP3") + "  pop3s :" + checkout.port("POP3S")
                + "\n  admin http://127.0.0.1:"
                + checkout.port("ADMIN") + "\n";
        assertTrue(up.text().contains(ports), up::text);
        assertTrue(again.text().contains(ports), again::text);
        String domain = Files.readString(top.resolve("var/domain")).strip();
        assertEquals(
                "",
                Files.readString(top.resolve("var/log/qrate.log"))
                        .lines()
                        .filter(line -> line.contains("fatal") || line.contains("alert") || line.contains("SLF4J"))
                        .reduce("", String::concat));

        // other ports in the environment change nothing that runs
        Map<String, String> before = new TreeMap<>(checkout.environment);
        checkout.takePorts();
        assertTrue(checkout.qrate("up", "--embedded").text().contains(ports));
        assertEquals(new Checkout.Said(0, ""), checkout.qrate("vadduser", "ann@" + domain, "a good password"));
        Checkout.Said status = checkout.qrate("status");
        assertEquals(0, status.code(), status::text);
        assertEquals(
                6,
                status.text().lines().filter(line -> line.endsWith(" answers")).count(),
                status::text);
        Checkout.Said json = checkout.qrate("status", "--json");
        assertTrue(json.code() == 0 && json.text().contains("\"well\":true,\"problems\":[]"), json::text);
        checkout.saysOneLine(
                100,
                "the domain here is " + domain + ": ./qrate vadddomain other.test adds another",
                "up",
                "--embedded",
                "--domain",
                "other.test");
        checkout.environment.putAll(before);

        // a door that cannot do what it is for is ill, and why
        Path certificate = top.resolve("var/tls/cert.pem");
        byte[] good = Files.readAllBytes(certificate);
        Files.writeString(certificate, "none");
        String ill = "qrate: not well: tls: unable to use tls/cert.pem and key.pem";
        await().atMost(Installation.SOON).untilAsserted(() -> {
            Checkout.Said bad = checkout.qrate("status");
            assertTrue(bad.code() == 1 && bad.text().contains(ill), bad::text);
        });
        Checkout.Said illJson = checkout.qrate("status", "--json");
        assertEquals(1, illJson.code());
        assertTrue(
                illJson.text().contains("\"problems\":[{\"part\":\"tls\",\"reason\":\"unable to use"), illJson::text);
        Checkout.Said illAgain = checkout.qrate("up", "--embedded");
        assertTrue(illAgain.code() == 1 && illAgain.text().contains(ill), illAgain::text);
        Files.write(certificate, good);
        await().atMost(Installation.SOON).until(() -> checkout.qrate("status").code() == 0);

        // no jar is built anew under what runs from it
        Files.createDirectories(top.resolve("stack/hops/some/src/main/java"));
        assertEquals(
                new Checkout.Said(0, "qrate: the sources are newer than what runs: ./qrate down, and up builds them\n"),
                checkout.qrate("vpasswd", "ann@" + domain, "a better password"));
        checkout.fresh();

        checkout.saysOneLine(100, "extra: usage: qrate down [--volumes] [--state DIR]", "down", "extra");
        assertEquals(new Checkout.Said(0, "qrate: down (embedded)\n"), checkout.qrate("down"));
        checkout.saysOneLine(111, "it does not run: ./qrate up", "smoke");

        // one that ends another in the middle of its start waits until that is done
        Process third = checkout.start(one, "up", "--embedded");
        Process last = checkout.start(two, "down");
        assertEquals(0, Checkout.end(third, one).code());
        assertEquals(0, Checkout.end(last, two).code());
        checkout.qrate("down");
        assertEquals(new Checkout.Said(1, "  embedded, not running\n"), checkout.qrate("status"));
        assertEquals(
                new Checkout.Said(
                        1,
                        "{\"well\":false,\"problems\":[{\"part\":\"qrate\",\"reason\":\"does not run\"}],\"services\":[]}\n"),
                checkout.qrate("status", "--json"));
        assertEquals(new Checkout.Said(0, "qrate: down (embedded)\n"), checkout.qrate("down", "--volumes"));
        try (var left = Files.list(top.resolve("var"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
