package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.zone.DomainRows;
import qrate.zone.RowSeen;
import qrate.zone.ZoneLook;

/// What a domain should publish and what is seen of it, and who is told the policy on TLS.
class ZonePagesTest {
    private static final String PAGE = "/domains/example.test/dns";
    private static final String API = "/api/v1/domains/example.test/dns";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
        Files.writeString(rig.state.control().resolve("me"), "mail.example.test\n");
        Files.writeString(rig.state.control().resolve("localips"), "192.0.2.25\n");
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private static List<ZoneLook.Looked> strange(DomainRows rows) {
        RowSeen seen = new RowSeen(RowSeen.State.WRONG, List.of("<script>alert(1)</script>"), "<b>no</b>");
        return List.of(new ZoneLook.Looked(
                rows.rows().getFirst(),
                List.of(new ZoneLook.By("the resolver", seen)),
                RowSeen.State.WRONG,
                "<i>do</i> something"));
    }

    @Test
    void theRowsStandThereToBeCopiedBeforeAnybodyLooked() throws IOException {
        String page = rig.browser().signIn("admin").get(PAGE).body();
        assertTrue(page.contains("example.test. 3600 IN MX 10 mail.example.test."), page);
        assertTrue(page.contains("_mta-sts.example.test. 3600 IN TXT"), page);
        assertFalse(page.contains("Ready"), "nobody looked: " + page);
        assertFalse(page.contains("Looked at"), page);
    }

    @Test
    void aLookGoesOnBehindThePageAndWhatStrangersWroteIsEscaped() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        rig.looking = (rows, _, _) -> {
            await(end);
            return strange(rows);
        };
        Rig.Browser admin = rig.browser().signIn("admin");
        admin.get(PAGE);
        assertEquals(303, admin.post(PAGE, Map.of()).statusCode());
        assertTrue(admin.get(PAGE).body().contains("DNS is being asked"));
        end.countDown();
        Awaitility.await().until(() -> admin.get(PAGE).body().contains("Not ready"));
        String page = admin.get(PAGE).body();
        assertFalse(page.contains("<script>") || page.contains("<i>do"), page);
        assertTrue(page.contains("&lt;script"), page);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFewLooksGoOnAtOnceAndOneMoreIsPutOff() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        rig.looking = (rows, _, _) -> {
            await(end);
            return strange(rows);
        };
        String token = rig.token("admin");
        rig.api("POST", "/api/v1/domains", token, "{\"name\":\"third.test\",\"password\":\"" + Rig.PASSWORD + "\"}");
        for (String domain : List.of("example.test", "other.test", "example.test")) {
            assertEquals(
                    204,
                    rig.api("POST", "/api/v1/domains/" + domain + "/dns", token, "")
                            .statusCode());
        }
        assertEquals(
                503,
                rig.api("POST", "/api/v1/domains/third.test/dns", token, "").statusCode());
        assertTrue(rig.api("GET", API, token, "").body().contains("\"looking\":true"));
        end.countDown();
        Awaitility.await().until(() -> rig.api("GET", API, token, "").body().contains("\"looking\":false"));
        String body = rig.api("GET", API, token, "").body();
        assertTrue(body.contains("\"ready\":false") && body.contains("\"state\":\"wrong\""), body);
    }

    @Test
    void aLookThatFailsSaysWhyAndIsOver() throws IOException {
        rig.looking = (_, _, _) -> {
            throw new IOException("control/dnscheck: nonsense");
        };
        String token = rig.token("admin");
        assertEquals(204, rig.api("POST", API, token, "").statusCode());
        Awaitility.await().until(() -> rig.api("GET", API, token, "").body().contains("control/dnscheck: nonsense"));
        assertFalse(rig.api("GET", API, token, "").body().contains("\"ready\":true"));
    }

    @Test
    void onlyWhoAdministersTheDomainSeesIt() throws IOException {
        assertEquals(403, rig.api("GET", API, rig.token("ann@example.test"), "").statusCode());
        assertEquals(
                403, rig.api("GET", API, rig.token("postmaster@other.test"), "").statusCode());
        assertEquals(
                200,
                rig.api("GET", API, rig.token("postmaster@example.test"), "").statusCode());
        assertEquals(401, rig.api("GET", API, "", "").statusCode());
        assertEquals(
                404,
                rig.api("GET", "/api/v1/domains/no.test/dns", rig.token("admin"), "")
                        .statusCode());
        assertEquals(303, rig.browser().get(PAGE).statusCode());
    }

    /// What somebody hears who believes to speak with a host.
    private String policy(String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", rig.admin.address().getPort())) {
            socket.getOutputStream()
                    .write(("GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))
                    .lines()
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    void thePolicyOnTlsIsServedForOurDomainsAlone() throws IOException {
        for (String host : List.of("mta-sts.example.test", "MTA-STS.Example.Test:443")) {
            String answer = policy(host);
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
            assertTrue(answer.contains("Content-Type: text/plain"), answer);
            assertTrue(answer.endsWith("version: STSv1\nmode: testing\nmx: mail.example.test\nmax_age: 86400"), answer);
        }
        for (String host : List.of("mta-sts.elsewhere.test", "example.test", "mta-sts.", "x")) {
            assertTrue(policy(host).startsWith("HTTP/1.1 404"), host);
        }
        Files.writeString(rig.state.control().resolve("mtasts"), "enforce\n");
        Awaitility.await().until(() -> policy("mta-sts.example.test").contains("mode: enforce"));
        Files.writeString(rig.state.control().resolve("mtasts"), "off\n");
        Awaitility.await().until(() -> policy("mta-sts.example.test").startsWith("HTTP/1.1 404"));
    }
}
