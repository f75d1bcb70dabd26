package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.Pebble;

/// The stack with the service that asks a CA: pebble, which runs on this host.
@Timeout(240)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CertificatesInContainersTest extends OnStack {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(90);
    private static final long IDLE_BYTES_MAX = 4L << 20;

    @TempDir
    static Path folder;

    private Pebble pebble;

    @BeforeAll
    @Override
    void up() throws IOException {
        stack = Stack.prepared("acme", "acme-http");
        stack.publish("ACME");
        stack.started();
        // where the containers reach it; it finds every name on this host, at the published port
        String gateway = stack.network("certificates", "{{(index .IPAM.Config 0).Gateway}}");
        Certified.write(folder, "ip:" + gateway);
        pebble = new Pebble(folder, gateway, stack.port("ACME"), false);
    }

    @AfterAll
    @Override
    void down() throws IOException {
        if (pebble != null) {
            pebble.close();
        }
        super.down();
    }

    private void control(String name, String text) throws IOException {
        stack.inside("admin", "cat >/var/qmail/control/" + name + " <<'END'\n" + text.strip() + "\nEND\n")
                .orFail();
    }

    @Test
    @Order(1)
    void untilACaIsNamedThereIsAShellThatSleepsAndNothingElse() throws IOException {
        List<String> processes = stack.inside(
                        "acme", "for one in /proc/[0-9]*; do tr '\\0' ' ' <$one/cmdline; echo; done")
                .orFail()
                .lines();
        assertTrue(processes.stream().noneMatch(line -> line.contains("java")), processes.toString());
        String used = stack.inside(
                        "acme",
                        "cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory/memory.usage_in_bytes 2>/dev/null; true")
                .orFail()
                .lines()
                .getFirst();
        assertTrue(Long.parseLong(used) < IDLE_BYTES_MAX, used);
        assertEquals(
                new Ran(0, ""),
                stack.inside(
                        "acme",
                        "grep -h ' 0A ' /proc/net/tcp /proc/net/tcp6 | grep -v ' 0100007F:\\|0B00007F:' | cut -c7-20; true"),
                "nothing listens");
    }

    @Test
    @Order(1)
    void itHasTlsAndReadsControlAndReachesNobody() throws IOException {
        String script = """
                cd /var/qmail
                for folder in control users passwords vchkpw maildirs queue spool tls db run health; do
                  if touch $folder/.probe 2>/dev/null && rm $folder/.probe; then echo "writes $folder"
                  elif [ -n "$(ls -A $folder 2>/dev/null)" ]; then echo "reads $folder"
                  fi
                done
                grep -E '^(CapEff|NoNewPrivs):' /proc/self/status | tr -d '\\t'
                id -u
                """;
        assertEquals(
                List.of("reads control", "writes tls", "CapEff:0000000000000000", "NoNewPrivs:1", "7796"),
                stack.inside("acme", script).orFail().lines());
        for (String service : Stack.SERVICES) {
            assertNotEquals(0, stack.inside("acme", "nslookup " + service).code(), service);
        }
    }

    @Test
    @Order(2)
    void aCertificateComesByItselfAndIsShownEverywhere(@TempDir Path state) throws IOException {
        control("acmeca", Files.readString(folder.resolve("cert.pem")));
        control("acmenames", "mail.example.test example.test");
        control("acme", pebble.directory());
        await().atMost(ARRIVAL_MAX)
                .untilAsserted(() -> assertTrue(
                        stack.inside("acme", "qrate certificate").text().contains("Pebble Intermediate CA"),
                        () -> logs()));
        // the doors read it, admin shows it, and nobody but its owner reads the account's key
        await().atMost(ARRIVAL_MAX)
                .until(() -> stack.inside("smtpd", "healthy true").code() == 0);
        String metrics = stack.inside("admin", "wget -q -O - http://127.0.0.1:8080/metrics")
                .orFail()
                .text();
        assertTrue(metrics.contains("\nqrate_certificate_failures 0\n"), metrics);
        assertTrue(metrics.contains("qrate_certificate_next_seconds 1"), metrics);
        for (String service : List.of("smtpd", "pop3d", "admin")) {
            assertNotEquals(
                    0,
                    stack.inside(service, "cat /var/qmail/tls/acme/account.pem").code(),
                    service);
            assertEquals(
                    0, stack.inside(service, "test -r /var/qmail/tls/cert.pem").code(), service);
        }
        Files.writeString(state.resolve("shape"), "compose\n");
        Ran renewed = stack.qrate(state, "certificate", "renew", "--force");
        assertTrue(renewed.code() == 0 && renewed.text().contains("new certificate"), renewed.toString());
        assertTrue(stack.qrate(state, "certificate").text().contains("days left"));
        // an init changes nothing of it
        stack.compose("run", "--rm", "-T", "init").orFail();
        assertEquals(
                0,
                stack.inside("acme", "cat /var/qmail/tls/acme/account.pem >/dev/null")
                        .code());
    }

    private String logs() {
        try {
            return stack.compose("logs", "acme").text();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    @Order(3)
    void itStopsAtOnce() throws IOException {
        long before = System.nanoTime();
        stack.compose("stop", "acme").orFail();
        assertEquals("0", stack.inspect("acme", "{{.State.ExitCode}}"), () -> "after " + (System.nanoTime() - before));
    }
}
