package qrate.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Figure;
import qrate.core.Version;

class SystemStatusTest {
    @TempDir
    private Path folder;

    private final Instant now = Instant.now();

    private void says(String service, String text) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve(service)).resolve(ServiceStatus.FILE), text);
    }

    private SystemStatus status(String... problems) {
        List<ServiceStatus> services = new java.util.ArrayList<>();
        services.add(
                new ServiceStatus("admin", List.of(Figure.STARTED.of(now.getEpochSecond() - 60), Figure.HEAP.of(9))));
        services.addAll(ServiceStatus.in(folder, now));
        return new SystemStatus(
                now,
                services,
                List.of(
                        Figure.QUEUE_UP.of(1),
                        Figure.QUEUE_MESSAGES.of(5),
                        Figure.CERTIFICATE_DAYS.of(61),
                        Figure.CERTIFICATE_END.of(0)),
                List.of(problems));
    }

    @Test
    void theTextNamesEachFigureOnceAndEachServiceOfIt() throws IOException {
        says("send", "qrate_jvm_heap_bytes 7\nqrate_queue_oldest_seconds{kind=\"remote\"} 12\n");
        Files.createDirectories(folder.resolve("smtpd"));
        String text = status("disk: full").text();
        assertTrue(text.contains("""
                # HELP qrate_service_up Whether a service's figures are fresh.
                # TYPE qrate_service_up gauge
                qrate_service_up{service="admin"} 1
                qrate_service_up{service="send"} 1
                qrate_service_up{service="smtpd"} 0
                """), text);
        assertTrue(text.contains("""
                # TYPE qrate_jvm_heap_bytes gauge
                qrate_jvm_heap_bytes{service="admin"} 9
                qrate_jvm_heap_bytes{service="send"} 7
                """), text);
        assertTrue(text.contains("\nqrate_queue_oldest_seconds{kind=\"remote\",service=\"send\"} 12\n"), text);
        assertTrue(text.contains("\nqrate_queue_messages 5\n"), text);
        assertTrue(text.contains("\nqrate_problems 1\n"), text);
        assertEquals(
                text.lines()
                        .filter(line -> line.startsWith("# TYPE"))
                        .distinct()
                        .count(),
                text.lines().filter(line -> line.startsWith("# TYPE")).count());
    }

    @Test
    void noServiceSpeaksForAnother() throws IOException {
        says("smtpd", """
                qrate_service_up 0
                qrate_queue_messages 0
                qrate_queue_waiting{kind="remote"} 0
                qrate_jvm_heap_bytes 1
                qrate_jvm_heap_bytes 2
                qrate_jvm_heap_bytes{service="admin"} 3
                """);
        says("send", "qrate_queue_waiting{kind=\"remote\"} 4\nqrate_queue_oldest_seconds{kind=\"remote\"} 8\n");
        SystemStatus status = status();
        assertFalse(status.text().contains("qrate_service_up{service=\"smtpd\"} 0"), status.text());
        assertFalse(status.text().contains("qrate_queue_messages{service"), status.text());
        assertFalse(status.text().contains("qrate_jvm_heap_bytes{service=\"smtpd\"} 2"), "twice spoils the text");
        Map<?, ?> queue = (Map<?, ?>) status.json().get("queue");
        assertEquals(5L, queue.get("messages"));
        assertEquals(Map.of("remote", Map.of("messages", 4L, "oldestSeconds", 8L)), queue.get("waiting"));
    }

    @Test
    void jsonSaysWhatIsNotWellAndWhy() throws IOException {
        says("pop3d", """
                qrate_connections_open{door="pop3"} 2
                qrate_connections_total{door="pop3"} 10
                qrate_disk_free_bytes{folder="spool"} 100
                """);
        Map<String, Object> json = status("disk: almost full: 1 KiB", "odd").json();
        assertEquals(false, json.get("well"));
        assertEquals(Version.text(), json.get("version"));
        assertEquals(
                List.of(Map.of("part", "disk", "reason", "almost full: 1 KiB"), Map.of("part", "", "reason", "odd")),
                json.get("problems"));
        List<?> services = (List<?>) json.get("services");
        Map<?, ?> admin = (Map<?, ?>) services.getFirst();
        assertEquals("admin", admin.get("name"));
        assertEquals(60L, admin.get("uptimeSeconds"));
        Map<?, ?> pop3d = (Map<?, ?>) services.getLast();
        assertEquals(List.of(Map.of("name", "pop3", "open", 2L, "came", 10L)), pop3d.get("doors"));
        assertEquals(List.of(Map.of("name", "spool", "freeBytes", 100L)), pop3d.get("disks"));
        assertEquals(Map.of("daysLeft", 61L, "notAfter", "1970-01-01T00:00:00Z"), json.get("certificate"));
        assertEquals(Map.of(), json.get("database"));
        assertEquals(true, status().json().get("well"));
    }

    @Test
    void foldersThatAreNoServicesAreLeftOut() throws IOException {
        says("send", "qrate_queue_up 1\n");
        Files.createDirectories(folder.resolve("Not a service"));
        Files.writeString(folder.resolve("file"), "");
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("send"));
        assertEquals(
                List.of("send"),
                ServiceStatus.in(folder, now).stream().map(ServiceStatus::name).toList());
        assertEquals(List.of(), ServiceStatus.in(folder.resolve("none"), now));
    }
}
