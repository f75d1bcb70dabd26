package qrate.images.embedded;

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
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;

/// What became of a message, and what would become of one, as REST says it of a running system.
class TraceFlowTest {
    @TempDir
    private Path folder;

    private static String get(Installation here, String path) throws IOException, InterruptedException {
        String token =
                Files.readString(here.state().db().resolve("local-token")).strip();
        int port = here.running().admin().door().orElseThrow().address().getPort();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .header("Authorization", "Bearer " + token)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
            return answer.body();
        }
    }

    @Test
    void theWayOfAMessageIsToldFromWhenItWasTaken() throws Exception {
        try (Installation here = Installation.start(folder)) {
            assertTrue(here.send("one", Installation.ANN, Installation.BOB).startsWith("250 "));
            here.box(Installation.BOB, 1);
            await().atMost(Installation.SOON).untilAsserted(() -> {
                String way = get(here, "/trace?q=" + Installation.BOB);
                assertTrue(way.contains("\"event\":\"delivered\",\"address\":\"" + Installation.BOB + "\""), way);
                assertTrue(way.contains("\"event\":\"ended\""), way);
            });
            String theirs = get(here, "/mailboxes/" + Installation.BOB + "/trace");
            assertTrue(theirs.contains("\"address\":\"" + Installation.BOB + "\""), theirs);
            here.stop();
            here.start();
            assertTrue(get(here, "/trace?q=" + Installation.BOB).contains("\"event\":\"accepted\""));
            assertEquals("[]", get(here, "/trace?q=nobody@example.test").strip());
        }
    }

    @Test
    void whatWouldHappenIsWhatDoes() throws Exception {
        try (Installation here = Installation.start(folder)) {
            try (EditableDirectory directory = here.directory()) {
                Installation.done(directory.apply(
                        new Edit.AddAlias(new EditableDirectory.Alias("sales@example.test", Installation.ANN))));
            }
            String known = get(here, "/explain?address=sales@example.test");
            assertTrue(known.contains("\"outcome\":\"delivered\"") && known.contains(Installation.ANN), known);
            String unknown = get(here, "/domains/example.test/explain?address=nobody@example.test");
            assertTrue(unknown.contains("\"outcome\":\"refused\""), unknown);
        }
    }
}
