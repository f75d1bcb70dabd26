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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Figure;
import qrate.directory.Json;

/// What an operator sees of the one process while mail goes through it.
class FiguresFlowTest {
    @TempDir
    private Path folder;

    /// What only a CA's answer brings, and what other services alone have.
    private static final Set<Figure> NOT_HERE = Set.of(Figure.CERTIFICATE_NEXT);

    @Test
    void mailLoginsAndConnectionsAreCounted() throws Exception {
        try (Installation here = Installation.start(folder)) {
            here.send("one", Installation.ANN);
            here.box(Installation.ANN, 1);
            try (Talk talk = Talk.submission(here.running().smtp().submission().port())) {
                assertTrue(talk.auth(Installation.BOB, "wrong").startsWith("535 "));
            }
            here.drained();
            await().atMost(Installation.SOON)
                    .until(() -> metrics(here).contains("qrate_queue_waiting{kind=\"local\",service=\"qrate\"} 0\n"));
            String text = metrics(here);
            for (String line : List.of(
                    "qrate_messages_accepted_total{service=\"qrate\"} 1",
                    "qrate_deliveries_total{channel=\"local\",result=\"success\",service=\"qrate\"} 1",
                    "qrate_deliveries_total{channel=\"remote\",result=\"permanent\",service=\"qrate\"} 0",
                    "qrate_logins_total{protocol=\"smtp\",result=\"refused\",service=\"qrate\"} 1",
                    "qrate_connections_total{door=\"smtp\",service=\"qrate\"} 1",
                    "qrate_connections_refused_total{door=\"pop3\",service=\"qrate\"} 0",
                    "qrate_service_up{service=\"qrate\"} 1",
                    "qrate_problems 0",
                    "qrate_queue_messages 0")) {
                assertTrue(text.contains("\n" + line + "\n"), line + " in\n" + text);
            }
            Set<String> shown = text.lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.split(" ", 4)[2])
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> all = new TreeSet<>();
            for (Figure figure : Figure.values()) {
                if (!NOT_HERE.contains(figure)) {
                    all.add(figure.title());
                }
            }
            assertEquals(all, shown, "every figure is really there");
        }
    }

    @Test
    void theStateOfTheWholeIsOneAnswer() throws Exception {
        try (Installation here = Installation.start(folder)) {
            Map<String, Object> status = Json.object(get(here, "/status.json").getBytes(UTF_8));
            assertEquals(true, status.get("well"), status::toString);
            assertEquals(List.of(), status.get("problems"));
            Map<String, Object> service = Json.objects(status, "services").getFirst();
            assertEquals("qrate", service.get("name"));
            assertEquals(
                    Set.of("smtp", "submission", "smtps", "pop3", "pop3s"),
                    Json.objects(service, "doors").stream()
                            .map(door -> door.get("name"))
                            .collect(Collectors.toSet()));
            Map<String, Object> disks = Json.objects(service, "disks").stream()
                    .collect(Collectors.toMap(disk -> (String) disk.get("name"), disk -> disk));
            assertEquals(Set.of("queue", "spool", "db", "users", "control", "maildirs"), disks.keySet());
            assertTrue(Json.number(Json.asObject(disks.get("queue")), "freeInodes", 0) > 0, disks::toString);
            assertTrue(Json.number(Json.asObject(status.get("certificate")), "daysLeft", 0) > 300, status::toString);
            assertEquals(
                    Set.of("todo", "local", "remote", "held"),
                    Json.asObject(Json.asObject(status.get("queue")).get("waiting"))
                            .keySet());
        }
    }

    private static String metrics(Installation here) throws IOException, InterruptedException {
        return get(here, "/metrics");
    }

    static String get(Installation here, String path) throws IOException, InterruptedException {
        int port = here.running().admin().door().orElseThrow().address().getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString(UTF_8))
                    .body();
        }
    }
}
