package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.State;
import qrate.directory.Change;
import qrate.directory.Domains;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Password;
import qrate.directory.Settings;
import qrate.directory.Tokens;
import qrate.lists.ListSet;

/// Every page on a directory of 1,000 domains with 100,000 mailboxes and a million lines of the audit log: it prints
/// how long each takes and how much it sends. Only the bytes are a matter of right or wrong here: how long something
/// takes,
/// the machine has a say in.
@Tag("long")
class PagesAtScaleTest {
    private static final int BYTES_MAX = 100_000;
    private static final int MEMBERS = 10_000;
    private static final int WARM = 15;
    private static final int ROUNDS = 11;

    @TempDir
    Path folder;

    private final List<String> table = new ArrayList<>();

    private void note(String what, double millis, Object more) {
        String line = String.format(Locale.ROOT, "%-72s %9.1f ms  %s", what, millis, more);
        table.add(line);
        System.out.println(line);
    }

    private interface Work {
        Object run() throws IOException, SQLException;
    }

    private void time(String what, Work work) throws IOException, SQLException {
        long start = System.nanoTime();
        Object more = work.run();
        note(what, (System.nanoTime() - start) / 1e6, more);
    }

    @Test
    void everyPageOfALargeDirectoryIsSmall() throws Exception {
        State state = new State(folder);
        FullDirectory full = new FullDirectory(
                state,
                1_000,
                Integer.getInteger("qrate.scale.mailboxes", 100_000),
                Integer.getInteger("qrate.scale.lines", 1_000_000));
        time("made", () -> {
            full.make();
            return full;
        });
        time("opened, and all snapshots written", () -> {
            open(state).close();
            return "";
        });
        time("opened again", () -> {
            open(state).close();
            return "";
        });
        try (Domains domains = open(state)) {
            for (int i = 0; i < 3; i++) {
                lose(state.users().resolve("domains"));
                lose(state.passwords());
                time("all snapshots lost and made anew", () -> {
                    domains.heal();
                    return "";
                });
            }
            changes(domains);
        }
        try (Rig rig = new Rig(folder)) {
            HostileList.make(rig);
            List<String> members = IntStream.range(0, MEMBERS)
                    .mapToObj(i -> "member" + i + "@far.test")
                    .toList();
            time(
                    "so many members of a list: " + MEMBERS,
                    () -> rig.domains.apply(new Edit.AddToList(HostileList.ADDRESS, ListSet.SUBSCRIBERS, members)));
            rig.domains
                    .tokens()
                    .create(rig.domains.accounts().principal("admin").orElseThrow(), wish());
            rig.domains
                    .tokens()
                    .create(rig.domains.accounts().principal("ann@example.test").orElseThrow(), wish());
            pages(rig);
        }
        System.out.println(String.join("\n", table));
    }

    private static void lose(Path snapshots) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(snapshots, "*.cdb")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static Tokens.Wish wish() {
        return Tokens.Wish.usual("a token");
    }

    private static Domains open(State state) throws IOException {
        return Domains.open(state, Settings.of(Map.of("QRATE_BCRYPT_COST", "4"), state), InstantSource.system());
    }

    private void changes(Domains domains) throws IOException {
        double[] times = new double[200];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            assertEquals(
                    new Change.Done(),
                    domains.apply(new Edit.AddAlias(
                            new EditableDirectory.Alias("n" + i + "@" + FullDirectory.LARGE, "x@far.test"))));
            times[i] = (System.nanoTime() - start) / 1e6;
        }
        note("one change in the largest domain, median of 200", median(times), "");
        List<Edit.AddMailbox> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(new Edit.AddMailbox("bulk" + i + "@d7.test", new Password.Clear("correct horse")));
        }
        long start = System.nanoTime();
        assertTrue(domains.addMailboxes(many).stream().allMatch(new Change.Done()::equals));
        note("a thousand mailboxes at once, bcrypt cost 4", (System.nanoTime() - start) / 1e6, "");
    }

    private static double median(double... times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private void pages(Rig rig) throws Exception {
        List<String> paths = new ArrayList<>();
        for (Router.Route route : rig.routes()) {
            if (route.method().equals("GET") && route.door() != Router.Door.LINK) {
                paths.add(Paths.of(route, (one, parameter) -> there(rig, one, parameter)));
            }
        }
        String d = "/domains/" + FullDirectory.LARGE;
        paths.addAll(List.of(
                "/search?q=user77",
                "/search?q=nothing-of-that",
                "/domains?q=d99",
                "/domains?after=d500.test",
                "/domains?sort=-mailboxes",
                d + "?q=user77",
                d + "?q=nobody-at-all",
                d + "?after=user5000",
                "/domains/d7.test?sort=-used",
                "/domains/d7.test?sort=seen",
                "/domains/d7.test?sort=name",
                d + "/aliases?q=office77",
                "/audit?before=500000",
                "/audit?q=user77@d77.test",
                "/audit?q=admin",
                "/audit?q=admin&before=500000",
                "/audit?q=nothing-of-that",
                "/audit?q=quota&before=700000"));
        Rig.Browser admin = rig.browser().signIn("admin");
        String token = rig.token("admin");
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (String path : paths) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(rig.url() + path))
                        .header("Accept-Encoding", "gzip")
                        .header("Cookie", admin.cookie)
                        .header("Authorization", "Bearer " + token)
                        .build();
                measure(client, request, path);
            }
        }
    }

    private void measure(HttpClient client, HttpRequest request, String path) throws Exception {
        double[] times = new double[ROUNDS];
        HttpResponse<byte[]> answer = null;
        for (int i = 0; i < WARM + ROUNDS; i++) {
            long start = System.nanoTime();
            answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            times[i % ROUNDS] = (System.nanoTime() - start) / 1e6;
        }
        int bytes = answer.body().length;
        String coding = answer.headers().firstValue("Content-Encoding").orElse("as it is");
        note(path, median(times), answer.statusCode() + " " + bytes + " bytes " + coding);
        boolean whole = path.startsWith("/api/") || path.endsWith(".csv"); // programs say how much they want
        assertTrue(whole || bytes <= BYTES_MAX, path + ": " + bytes);
    }

    private static String there(Rig rig, Router.Route route, String parameter) throws IOException {
        boolean large = !route.path().contains("/quarantine/") && !route.path().contains("/texts/");
        return parameter.equals("domain") && large ? FullDirectory.LARGE : Paths.there(rig, route, parameter);
    }
}
