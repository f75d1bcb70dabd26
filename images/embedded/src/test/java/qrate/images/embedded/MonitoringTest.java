package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Figure;
import qrate.directory.Json;

/// What `monitoring/` asks for is what `/metrics` has (FiguresFlowTest sees that it has every figure), and each alert
/// fires when it should and not otherwise.
class MonitoringTest {
    private static final Path FOLDER = root().resolve("monitoring");
    private static final Map<String, Figure> FIGURES =
            Arrays.stream(Figure.values()).collect(Collectors.toMap(Figure::title, Function.identity()));

    /// What Prometheus adds to each series, and what admin adds to those of processes.
    private static final Set<String> ADDED = Set.of("instance", "job", "service");

    private static final Pattern SERIES = Pattern.compile("(qrate_[a-z_]+)(?:\\{([^{}]*)\\})?");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|=|!=)");

    @TempDir
    private Path folder;

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("monitoring"))) {
            here = here.getParent();
        }
        return here;
    }

    private record Ran(int code, String text) {}

    private static Ran promtool(Path where, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("promtool").directory(where.toFile());
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ran(process.waitFor(), text);
    }

    private static Set<String> alerts() throws IOException {
        return Pattern.compile("- alert: (\\w+)")
                .matcher(Files.readString(FOLDER.resolve("alerts.yaml")))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everySeriesAskedForIsOneOfOursWithItsOwnLabels() throws IOException {
        Set<String> wrong = new TreeSet<>();
        int seen = 0;
        for (String file : List.of("alerts.yaml", "alerts-test.yaml", "dashboard.json")) {
            String text = Files.readString(FOLDER.resolve(file)).replace("\\\"", "\"");
            for (Matcher series = SERIES.matcher(text); series.find(); seen++) {
                Figure figure = FIGURES.get(series.group(1));
                if (figure == null) {
                    wrong.add(file + ": " + series.group(1));
                    continue;
                }
                Matcher label = LABEL.matcher(series.group(2) == null ? "" : series.group(2));
                while (label.find()) {
                    if (!ADDED.contains(label.group(1)) && !figure.labels().contains(label.group(1))) {
                        wrong.add(file + ": " + series.group());
                    }
                }
            }
        }
        assertEquals(Set.of(), wrong);
        assertTrue(seen > 100, "series are found: " + seen);
    }

    @Test
    void theDashboardIsWholeJsonWithAQueryInEachPanel() throws IOException {
        Map<String, Object> dashboard = Json.object(Files.readAllBytes(FOLDER.resolve("dashboard.json")));
        List<Map<String, Object>> panels = Json.objects(dashboard, "panels");
        assertTrue(panels.size() > 15);
        for (Map<String, Object> panel : panels) {
            for (Map<String, Object> target : Json.objects(panel, "targets")) {
                assertTrue(Json.text(target, "expr").contains("qrate_"), panel::toString);
            }
        }
    }

    @Test
    void theManualHasEveryFigureAndEveryAlert() throws IOException {
        String page = Files.readString(root().resolve("docs/operations.md"));
        Set<String> missing = new TreeSet<>();
        FIGURES.keySet().stream()
                .filter(name -> !page.contains("`" + name + "`"))
                .forEach(missing::add);
        alerts().stream().filter(name -> !page.contains("`" + name + "`")).forEach(missing::add);
        assertEquals(Set.of(), missing);
    }

    @Test
    void eachAlertHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
        Map<String, Set<Boolean>> cases = new TreeMap<>();
        Pattern one = Pattern.compile("alertname: (\\w+)\\s+eval_time: \\w+\\s+exp_alerts:( \\[\\])?");
        for (Matcher found = one.matcher(Files.readString(FOLDER.resolve("alerts-test.yaml"))); found.find(); ) {
            cases.computeIfAbsent(found.group(1), _ -> new TreeSet<>()).add(found.group(2) == null);
        }
        assertEquals(alerts(), cases.keySet());
        cases.forEach((alert, both) -> assertEquals(Set.of(true, false), both, alert));
    }

    @Test
    @Tag("peer")
    void prometheusTakesTheFilesAndTheAlertsFireAsTheyShould() throws Exception {
        for (List<String> command : List.of(
                List.of("check", "rules", "alerts.yaml"),
                List.of("check", "config", "scrape.yaml"),
                List.of("test", "rules", "alerts-test.yaml"))) {
            Ran ran = promtool(FOLDER, command.toArray(String[]::new));
            assertEquals(0, ran.code, ran.text);
        }
    }

    /// A case that a broken rule passes proves nothing.
    @Test
    @Tag("peer")
    void aRuleThatNeverFiresIsFoundOut() throws Exception {
        String rules = Files.readString(FOLDER.resolve("alerts.yaml"));
        Files.copy(FOLDER.resolve("alerts-test.yaml"), folder.resolve("alerts-test.yaml"));
        for (List<String> change : List.of(
                List.of("qrate_queue_messages > 10000", "qrate_queue_messages > 100000"),
                List.of("qrate_queue_messages > 10000", "qrate_queue_messages > 1000"),
                List.of("kind=\"held\"", "kind=\"todo\""))) {
            assertTrue(rules.contains(change.getFirst()), change.getFirst());
            Files.writeString(folder.resolve("alerts.yaml"), rules.replace(change.getFirst(), change.getLast()));
            assertNotEquals(0, promtool(folder, "test", "rules", "alerts-test.yaml").code, change::toString);
        }
    }

    /// Prometheus' own look at names, types and texts.
    @Test
    @Tag("peer")
    void prometheusHasOneThingToSayAgainstTheFigures() throws Exception {
        try (Installation here = Installation.start(folder)) {
            ProcessBuilder builder = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectInput(Files.writeString(folder.resolve("metrics"), FiguresFlowTest.get(here, "/metrics"))
                            .toFile())
                    .redirectErrorStream(true);
            Process process = builder.start();
            String text = new String(process.getInputStream().readAllBytes(), UTF_8);
            process.waitFor();
            // days are what people count certificates in; qrate_certificate_not_after_seconds is there for the rest
            assertEquals("qrate_certificate_days_left use base unit \"seconds\" instead of \"days\"\n", text);
        }
    }
}
