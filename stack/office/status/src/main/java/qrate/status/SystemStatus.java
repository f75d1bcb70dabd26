package qrate.status;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import qrate.core.Figure;
import qrate.core.Version;

/// Everything that is known of the system at one moment.
///
/// @param services each process that leaves figures; admin itself is the first
/// @param site figures of the whole: directory, queue, certificate
/// @param problems what is not as it should be, `PART: REASON` each
public record SystemStatus(Instant at, List<ServiceStatus> services, List<Figure.Sample> site, List<String> problems) {
    /// Who may speak for the queue.
    private static final List<String> SENDS = List.of("send", ServiceStatus.WHOLE);

    /// What admin finds out itself, and no other process says.
    private static final Set<Figure> OF_SITE = EnumSet.of(
            Figure.SERVICE_UP,
            Figure.PROBLEMS,
            Figure.QUEUE_UP,
            Figure.QUEUE_MESSAGES,
            Figure.DATABASE_UP,
            Figure.DOMAINS,
            Figure.MAILBOXES,
            Figure.REQUESTS,
            Figure.FAILURES,
            Figure.SIGN_INS_FAILED,
            Figure.CERTIFICATE_END,
            Figure.CERTIFICATE_DAYS,
            Figure.CERTIFICATE_NEXT,
            Figure.CERTIFICATE_FAILURES);

    private static final List<String> KINDS = List.of("todo", "local", "remote", "held");

    public SystemStatus {
        services = List.copyOf(services);
        site = List.copyOf(site);
        problems = List.copyOf(problems);
    }

    /// The same figures, with other problems.
    public SystemStatus with(List<String> those) {
        return new SystemStatus(at, services, site, those);
    }

    /// Whether nothing is wrong.
    public boolean well() {
        return problems.isEmpty();
    }

    /// In Prometheus' text format. What a process says of itself has the label `service`.
    public String text() {
        StringBuilder out = new StringBuilder();
        for (Figure figure : Figure.values()) {
            List<String> lines = new ArrayList<>();
            if (figure == Figure.PROBLEMS) {
                lines.add(figure.of(problems.size()).line(""));
            }
            for (Figure.Sample sample : site) {
                if (sample.figure() == figure) {
                    lines.add(sample.line(""));
                }
            }
            for (ServiceStatus service : services) {
                if (figure == Figure.SERVICE_UP) {
                    lines.add(figure.of(service.up() ? 1 : 0).line(service.name()));
                }
                for (Figure.Sample sample : service.samples()) {
                    if (sample.figure() == figure && !OF_SITE.contains(figure)) {
                        lines.add(sample.line(service.name()));
                    }
                }
            }
            if (!lines.isEmpty()) {
                out.append("# HELP ").append(figure.title()).append(' ').append(figure.help());
                out.append("\n# TYPE ").append(figure.title()).append(' ');
                out.append(
                        switch (figure.kind()) {
                            case GAUGE -> "gauge\n";
                            case COUNTER -> "counter\n";
                        });
                lines.forEach(out::append);
            }
        }
        return out.toString();
    }

    /// As maps, lists, texts, whole numbers and truths, for JSON. A member that nothing is known of is left out.
    public Map<String, Object> json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("at", at.toString());
        all.put("version", Version.text());
        all.put("well", well());
        all.put("problems", problems.stream().map(SystemStatus::problem).toList());
        all.put("services", services.stream().map(this::service).toList());
        all.put("queue", queue());
        Map<String, Object> certificate = new LinkedHashMap<>();
        site(Figure.CERTIFICATE_DAYS).ifPresent(days -> certificate.put("daysLeft", days));
        site(Figure.CERTIFICATE_END)
                .ifPresent(end ->
                        certificate.put("notAfter", Instant.ofEpochSecond(end).toString()));
        site(Figure.CERTIFICATE_FAILURES).ifPresent(count -> certificate.put("failures", count));
        all.put("certificate", certificate);
        Map<String, Object> database = new LinkedHashMap<>();
        site(Figure.DATABASE_UP).ifPresent(up -> database.put("answers", up == 1));
        site(Figure.DOMAINS).ifPresent(count -> database.put("domains", count));
        site(Figure.MAILBOXES).ifPresent(count -> database.put("mailboxes", count));
        all.put("database", database);
        return all;
    }

    private static Map<String, Object> problem(String line) {
        int colon = line.indexOf(": ");
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("part", colon < 0 ? "" : line.substring(0, colon));
        all.put("reason", colon < 0 ? line : line.substring(colon + 2));
        return all;
    }

    private Map<String, Object> service(ServiceStatus service) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", service.name());
        all.put("answers", service.up());
        service.value(Figure.STARTED).ifPresent(started -> {
            all.put("startedAt", Instant.ofEpochSecond(started).toString());
            all.put("uptimeSeconds", Math.max(0, at.getEpochSecond() - started));
        });
        service.value(Figure.RESIDENT).ifPresent(bytes -> all.put("residentBytes", bytes));
        service.value(Figure.HEAP).ifPresent(bytes -> all.put("heapBytes", bytes));
        service.value(Figure.HEAP_LIMIT).ifPresent(bytes -> all.put("heapLimitBytes", bytes));
        service.value(Figure.THREADS).ifPresent(count -> all.put("threads", count));
        all.put(
                "doors",
                byLabel(
                        service,
                        "door",
                        Map.of(
                                Figure.CONNECTIONS_OPEN,
                                "open",
                                Figure.CONNECTIONS,
                                "came",
                                Figure.CONNECTIONS_REFUSED,
                                "refused")));
        all.put(
                "disks",
                byLabel(
                        service,
                        "folder",
                        Map.of(
                                Figure.DISK_FREE,
                                "freeBytes",
                                Figure.DISK_SIZE,
                                "sizeBytes",
                                Figure.INODES_FREE,
                                "freeInodes",
                                Figure.INODES,
                                "inodes")));
        return all;
    }

    /// One object for each value of a label, with the figures that have it.
    private static List<Map<String, Object>> byLabel(ServiceStatus service, String label, Map<Figure, String> wanted) {
        Map<String, Map<String, Object>> all = new LinkedHashMap<>();
        for (Figure.Sample sample : service.samples()) {
            String member = wanted.get(sample.figure());
            if (member != null) {
                all.computeIfAbsent(sample.label(label), name -> new LinkedHashMap<>(Map.of("name", name)))
                        .put(member, sample.value());
            }
        }
        return List.copyOf(all.values());
    }

    private Map<String, Object> queue() {
        Map<String, Object> all = new LinkedHashMap<>();
        site(Figure.QUEUE_UP).ifPresent(up -> all.put("answers", up == 1));
        site(Figure.QUEUE_MESSAGES).ifPresent(count -> all.put("messages", count));
        Optional<ServiceStatus> send =
                services.stream().filter(one -> SENDS.contains(one.name())).findFirst();
        send.ifPresent(one -> {
            Map<String, Object> waiting = new LinkedHashMap<>();
            for (String kind : KINDS) {
                one.value(Figure.WAITING, kind).ifPresent(count -> {
                    Map<String, Object> those = new LinkedHashMap<>();
                    those.put("messages", count);
                    those.put("oldestSeconds", one.value(Figure.OLDEST, kind).orElse(0L));
                    waiting.put(kind, those);
                });
            }
            all.put("waiting", waiting);
        });
        return all;
    }

    private Optional<Long> site(Figure figure) {
        return site.stream()
                .filter(sample -> sample.figure() == figure)
                .map(Figure.Sample::value)
                .findFirst();
    }
}
