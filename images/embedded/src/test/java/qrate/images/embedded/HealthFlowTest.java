package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `/healthz` says of the one process while its parts fall ill and recover.
class HealthFlowTest {
    @TempDir
    private Path folder;

    private record Said(int code, String text) {}

    @Test
    void aCertificateThatCannotBeUsedIsSaidUntilItCan() throws Exception {
        try (Installation here = Installation.start(folder)) {
            assertEquals(new Said(200, "ok\n"), healthz(here));
            Path key = here.state().tls().resolve("key.pem");
            byte[] good = Files.readAllBytes(key);
            Files.writeString(key, "-----BEGIN EC PRIVATE KEY-----\nnone\n-----END EC PRIVATE KEY-----\n");
            await().atMost(Installation.SOON).until(() -> healthz(here).code == 503);
            String why = healthz(here).text;
            assertTrue(why.startsWith("tls: unable to use tls/cert.pem and key.pem: key.pem: "), why);
            assertEquals(1, why.lines().count(), "two doors, one certificate: " + why);
            Files.write(key, good);
            await().atMost(Installation.SOON).until(() -> healthz(here).equals(new Said(200, "ok\n")));
        }
    }

    private static Said healthz(Installation here) throws IOException, InterruptedException {
        int port = here.running().admin().door().orElseThrow().address().getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + "/healthz");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> reply =
                    client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(UTF_8));
            return new Said(reply.statusCode(), reply.body());
        }
    }
}
