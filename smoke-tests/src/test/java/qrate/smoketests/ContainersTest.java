package qrate.smoketests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The stack in containers, through its published ports, with services that restart and die.
@Timeout(400)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ContainersTest extends OnStack {
    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(60);
    private static final int FLOOD = 1_000;
    private static final int SMALL_FLOOD = 100;
    private static final long STOP_SECONDS_MAX = 10;

    @Test
    @Order(1)
    void mailGoesInByAPublishedPortAndOutByPop3() throws IOException, InterruptedException {
        Target.Login ann = stack.mailbox("ann");
        arriveAll(Flood.start(stack.target(), ann.address(), 1).join(), ann);
    }

    @Test
    @Order(1)
    void theSmokeTestPassesWithAMailboxOfItsOwn() throws IOException {
        String token = stack.inside("admin", "cat /var/qmail/db/local-token")
                .orFail()
                .text()
                .strip();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        int code = Smoke.run(
                new String[] {
                    "--smtp-port=" + stack.port("SMTP"),
                    "--submission-port=" + stack.port("SUBMISSION"),
                    "--smtps-port=" + stack.port("SMTPS"),
                    "--pop3-port=" + stack.port("POP3"),
                    "--pop3s-port=" + stack.port("POP3S"),
                    "--admin-url=http://127.0.0.1:" + stack.port("ADMIN"),
                    "--domain=" + Stack.DOMAIN,
                    "--admin-token=" + token
                },
                new PrintStream(lines, true, StandardCharsets.UTF_8));
        assertEquals(0, code, lines.toString(StandardCharsets.UTF_8));
    }

    @Test
    @Order(2)
    void aPublishedPortDoesNotRelay() throws IOException {
        for (int port :
                List.of(stack.target().ports().smtp(), stack.target().ports().submission())) {
            try (RawClient wire = RawClient.plain(stack.target(), port)) {
                wire.expect("220");
                wire.smtp("EHLO relay.invalid", "250");
                wire.send("MAIL FROM:<a@sender.invalid>\r\n".getBytes(StandardCharsets.US_ASCII));
                String mail = wire.line();
                wire.send("RCPT TO:<b@elsewhere.invalid>\r\n".getBytes(StandardCharsets.US_ASCII));
                String rcpt = wire.line();
                assertTrue(rcpt.startsWith("5"), () -> port + ": " + mail + ", " + rcpt);
            }
        }
    }

    @Test
    @Order(3)
    void aSecondUpChangesNothing() throws IOException {
        List<String> before = running();
        stack.start();
        assertEquals(before, running());
    }

    @Test
    @Order(4)
    void everyServiceIsHealthyAndLimited() throws IOException {
        for (String service : Stack.SERVICES) {
            assertEquals("healthy", stack.inspect(service, "{{.State.Health.Status}}"), service);
            assertTrue(Long.parseLong(stack.inspect(service, "{{.HostConfig.Memory}}")) > 0, service);
            assertTrue(Long.parseLong(stack.inspect(service, "{{.HostConfig.PidsLimit}}")) > 0, service);
        }
    }

    /// Who has no TLS can sign nobody in: the check of each door says so, and `/healthz`, and why.
    @Test
    @Order(4)
    void aDoorThatCannotDoWhatItIsForIsIllAndSaysWhy() throws IOException {
        assertEquals(new Ran(0, ""), stack.inside("smtpd", "healthy true"));
        tls("cp -p cert.pem aside && echo none >cert.pem");
        String ill = "tls: unable to use tls/cert.pem";
        try {
            for (String service : List.of("smtpd", "pop3d", "admin")) {
                await().atMost(ARRIVAL_MAX).untilAsserted(() -> {
                    Ran check = stack.inside(service, "healthy true");
                    assertEquals(1, check.code(), service);
                    assertTrue(check.text().startsWith(ill), service + ": " + check.text());
                });
            }
            assertEquals(new Ran(0, ""), stack.inside("send", "healthy true"), "it has no use for it");
            Ran healthz = stack.inside("admin", "wget -S -O - http://127.0.0.1:8080/healthz 2>&1");
            assertTrue(healthz.text().contains(" 503 "), healthz.text());
        } finally {
            tls("mv aside cert.pem");
        }
        for (String service : List.of("smtpd", "pop3d", "admin")) {
            await().atMost(ARRIVAL_MAX)
                    .until(() -> stack.inside(service, "healthy true").code() == 0);
        }
        await().atMost(ARRIVAL_MAX) // it remembers for a moment
                .until(() -> stack.inside("admin", "wget -q -O - http://127.0.0.1:8080/healthz")
                        .text()
                        .equals("ok\n"));
    }

    @Test
    @Order(4)
    void adminShowsTheFiguresOfTheServicesThatHaveAny() throws IOException {
        String metrics = stack.inside("admin", "wget -q -O - http://127.0.0.1:8080/metrics")
                .orFail()
                .text();
        for (String line : List.of(
                "qrate_service_up{service=\"admin\"} 1",
                "qrate_service_up{service=\"pop3d\"} 1",
                "qrate_service_up{service=\"send\"} 1",
                "qrate_service_up{service=\"smtpd\"} 1",
                "qrate_connections_refused_total{door=\"smtp\",service=\"smtpd\"} ",
                "qrate_connections_open{door=\"pop3s\",service=\"pop3d\"} ",
                "qrate_queue_oldest_seconds{kind=\"remote\",service=\"send\"} ",
                "qrate_disk_free_bytes{folder=\"queue\",service=\"send\"} ",
                "qrate_disk_free_inodes{folder=\"maildirs\",service=\"admin\"} ",
                "qrate_process_resident_bytes{service=\"smtpd\"} ")) {
            assertTrue(metrics.contains("\n" + line), line + " in\n" + metrics);
        }
    }

    @Test
    @Order(4)
    void whoIsNotHeardOfIsAProblem() throws IOException {
        stack.compose("stop", "pop3d").orFail();
        try {
            await().atMost(ARRIVAL_MAX)
                    .until(() -> stack.inside("admin", "wget -q -O - http://127.0.0.1:8080/metrics")
                            .text()
                            .contains("\nqrate_service_up{service=\"pop3d\"} 0\n"));
            // while all of them start, nobody's silence counts
            await().atMost(ARRIVAL_MAX)
                    .until(() -> stack.inside("admin", "wget -S -O - http://127.0.0.1:8080/healthz 2>&1")
                            .text()
                            .contains(" 503 "));
        } finally {
            stack.compose("up", "--wait", "--no-deps", "pop3d").orFail();
        }
        await().atMost(ARRIVAL_MAX)
                .until(() -> stack.inside("admin", "wget -q -O - http://127.0.0.1:8080/healthz")
                        .text()
                        .equals("ok\n"));
    }

    private void tls(String script) throws IOException {
        stack.compose("run", "--rm", "--no-deps", "--entrypoint", "sh", "init", "-c", "cd /var/qmail/tls && " + script)
                .orFail();
    }

    @ParameterizedTest
    @Order(5)
    @ValueSource(strings = {"smtpd", "send", "lspawn", "rspawn", "pop3d", "admin"})
    void aServiceThatRestartsUnderLoadLosesNothing(String service) throws IOException, InterruptedException {
        Target.Login box = stack.mailbox("restart-" + service);
        Flood flood = Flood.start(stack.target(), box.address(), SMALL_FLOOD);
        await().atMost(ARRIVAL_MAX).until(() -> flood.accepted() > SMALL_FLOOD / 4);
        stack.compose("restart", service).orFail();
        healthy();
        arriveAll(flood.join(), box);
    }

    @ParameterizedTest
    @Order(6)
    @ValueSource(strings = {"send", "lspawn"})
    void aServiceThatIsKilledAmongAThousandMessagesLosesAndDoublesNothing(String service)
            throws IOException, InterruptedException {
        Target.Login box = stack.mailbox("killed-" + service);
        Flood flood = Flood.start(stack.target(), box.address(), FLOOD);
        for (int part = 1; part <= 2; part++) {
            int from = part * FLOOD / 4;
            await().atMost(ARRIVAL_MAX).until(() -> flood.accepted() > from);
            stack.crash(service);
        }
        arriveAll(flood.join(), box);
        healthy();
    }

    @ParameterizedTest
    @Order(7)
    @ValueSource(strings = {"smtpd", "pop3d", "rspawn", "lspawn", "send", "admin"})
    void aServiceStopsCleanlyWithinTenSeconds(String service) throws IOException {
        long begun = System.nanoTime();
        stack.compose("stop", "--timeout", "20", service).orFail();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        String code = stack.inspect(service, "{{.State.ExitCode}}");
        stack.start();
        assertTrue(took.toSeconds() < STOP_SECONDS_MAX, () -> service + " took " + took);
        assertTrue(List.of("0", "143").contains(code), () -> service + " ended with " + code);
    }

    private void healthy() {
        await().atMost(ARRIVAL_MAX).untilAsserted(() -> {
            for (String service : Stack.SERVICES) {
                assertEquals("healthy", stack.inspect(service, "{{.State.Health.Status}}"), service);
            }
        });
    }

    private void arriveAll(Flood flood, Target.Login box) {
        await().atMost(ARRIVAL_MAX)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptionsInstanceOf(IOException.class) // pop3d may be on its way back
                .untilAsserted(() -> assertEquals(List.of(), flood.faults(box)));
    }

    private List<String> running() throws IOException {
        List<String> all = new ArrayList<>();
        for (String service : Stack.SERVICES) {
            all.add(stack.inspect(service, "{{.Id}} {{.State.StartedAt}}"));
        }
        return all;
    }
}
