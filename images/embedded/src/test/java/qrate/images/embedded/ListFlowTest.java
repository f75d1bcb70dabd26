package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static qrate.images.embedded.Installation.ANN;
import static qrate.images.embedded.Installation.BOB;
import static qrate.images.embedded.Installation.CID;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Address;
import qrate.core.Program;
import qrate.images.admin.Main;

/// Mailing lists from a subscriber's mail to a subscriber's box, with programs off for the domain.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ListFlowTest {
    private Installation qrate;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        qrate = Installation.start(folder);
        for (String list : List.of("team@example.test", "big@example.test", "sick@example.test")) {
            assertEquals("", command("ezmlm-make", "-f", list));
        }
        assertEquals("", command("ezmlm-make", "-m", "board@example.test"));
        Installation.settle();
    }

    @AfterAll
    void stop() {
        qrate.close();
    }

    /// Runs a command by hand; what it says if it fails, else nothing.
    private String command(String... words) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(out, true, UTF_8);
        Map<String, String> environment = new TreeMap<>(Map.of(
                "QRATE_STATE",
                qrate.state().root().toString(),
                "QRATE_ADMIN_URL",
                "http://127.0.0.1:"
                        + qrate.running().admin().door().orElseThrow().address().getPort()));
        int code = Main.commands()
                .get(words[0])
                .run(
                        List.of(words).subList(1, words.length),
                        new Program.Stdio(environment, InputStream.nullInputStream(), print, print));
        return code == 0 ? "" : code + " " + out.toString(UTF_8);
    }

    private void send(String from, String to, String subject) throws Exception {
        try (Talk talk = qrate.submission(from)) {
            String reply = talk.message(from, List.of(to), Installation.letter(from, subject));
            assertTrue(reply.startsWith("250 "), to + ": " + reply);
        }
    }

    private static String field(String message, String name) {
        int at = message.indexOf("\r\n" + name + ": ") + name.length() + 4;
        return message.substring(at, message.indexOf("\r\n", at));
    }

    private Path list(String name) {
        return qrate.state().maildirs().resolve("domains/example.test/" + name);
    }

    @Test
    void aStrangerSubscribesByMailAndGetsThePosts() throws Exception {
        send(ANN, "team-subscribe@example.test", "please");
        String ask = qrate.box(ANN, 1).getLast();
        send(ANN, field(ask, "Reply-To"), "yes");
        assertTrue(qrate.box(ANN, 2).getLast().contains("is on the list now"), qrate::log);
        send(BOB, "team@example.test", "hello everybody");
        String got = qrate.box(ANN, 3).getLast();
        assertTrue(got.startsWith("Return-Path: <team-return-1-ann=example.test@example.test>\r\n"), got);
        for (String line : List.of(
                "Subject: [team] hello everybody",
                "List-Id: <team.example.test>",
                "List-Unsubscribe: <mailto:team-unsubscribe@example.test>",
                "Mailing-List: contact team-help@example.test; run by ezmlm")) {
            assertTrue(got.contains("\r\n" + line + "\r\n"), line + " in " + got);
        }
        // its lines may be a second late
        Awaitility.await().atMost(Installation.SOON).untilAsserted(() -> {
            String ledger = ledger();
            String post = ledger.lines()
                    .filter(line -> line.contains(" info msg ") && line.contains("from <team-return-1-@"))
                    .map(line -> line.replaceFirst(".* info msg ([0-9]+):.*", "$1"))
                    .findFirst()
                    .orElse("none");
            assertTrue(
                    ledger.lines()
                            .anyMatch(line -> line.contains(" from msg " + post + ": client 127.0.0.1 ")
                                    && line.contains(" login " + BOB + " ")),
                    () -> "who sent the post to the list is known of what the list sends: " + ledger);
        });
    }

    private String ledger() throws Exception {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> days = Files.list(qrate.state().queue().resolve("ledger"))) {
            for (Path day : days.sorted().toList()) {
                all.append(Files.readString(day));
            }
        }
        return all.toString();
    }

    @Test
    void aListIsEditedAndIsNobodyElsesName() throws Exception {
        assertEquals("", command("ezmlm-make", "talk@example.test"));
        assertEquals("", command("ezmlm-make", "-e", "-u", "talk@example.test"));
        assertTrue(Files.exists(list("talk/subpostonly")));
        assertEquals("", command("valias", "-i", ANN, "sales@example.test"));
        assertEquals(
                "100 ezmlm-make: fatal: sales@example.test is there already\n",
                command("ezmlm-make", "sales@example.test"));
        assertFalse(Files.exists(list("sales")));
        assertEquals(
                "100 vadduser: fatal: A mailing list, or a folder of that name, is there\n",
                command("vadduser", "talk@example.test", "correct horse"));
    }

    /// What a domain's `.qmail` files say holds for its other names (vpopmail).
    @Test
    void aListAnswersUnderAnAliasDomainToo() throws Exception {
        assertEquals("", command("vaddaliasdomain", "example.test", "example.net"));
        assertEquals("", command("ezmlm-make", "club@example.test"));
        String user = "dan@example.test";
        assertEquals("", command("vadduser", user, Installation.PASSWORD));
        Installation.settle();
        send(user, "club-subscribe@example.net", "please");
        String ask = qrate.box(user, 1).getLast();
        assertTrue(ask.contains("confirm subscribe to club@example.test"), ask);
    }

    @Test
    void aModeratorLetsAPostOut() throws Exception {
        assertEquals("", command("ezmlm-sub", "board@example.test", BOB));
        assertEquals("", command("ezmlm-sub", "board@example.test/mod", CID));
        send(BOB, "board@example.test", "a motion");
        String ask = qrate.box(CID, 1).getLast();
        assertTrue(ask.contains("Subject: MODERATE for board@example.test"), ask);
        assertTrue(qrate.box(BOB).isEmpty());
        send(CID, field(ask, "Reply-To"), "yes");
        assertTrue(qrate.box(BOB, 1).getLast().contains("\r\nSubject: a motion\r\n"));
    }

    /// A decision of the admin service is carried out where mail is delivered.
    @Test
    void aModeratorDecidesByRest() throws Exception {
        qrate.people(3);
        String member = qrate.someone();
        String moderator = qrate.someone();
        String writer = qrate.someone();
        assertEquals("", command("ezmlm-make", "-m", "panel@example.test"));
        assertEquals("", command("ezmlm-sub", "panel@example.test", member));
        assertEquals("", command("ezmlm-sub", "panel@example.test/mod", moderator));
        Installation.settle();
        send(writer, "panel@example.test", "wanted");
        send(writer, "panel@example.test", "unwanted");
        Awaitility.await().atMost(Installation.SOON).until(() -> count(list("panel/mod/pending")) == 2);
        decide("wanted", "{\"decision\":\"accept\"}");
        assertTrue(qrate.box(member, 1).getLast().contains("\r\nSubject: wanted\r\n"));
        decide("unwanted", "{\"decision\":\"reject\",\"reason\":\"not here\"}");
        String back = qrate.box(writer, 1).getLast();
        assertTrue(back.contains("The moderator says:\r\n\r\nnot here\r\n"), back);
        Awaitility.await().atMost(Installation.SOON).until(() -> count(list("panel/mod/pending")) == 0);
    }

    private void decide(String subject, String decision) throws Exception {
        String url = "http://127.0.0.1:"
                + qrate.running().admin().door().orElseThrow().address().getPort()
                + "/api/v1/lists/panel@example.test/waiting";
        String token =
                Files.readString(qrate.state().db().resolve("local-token")).strip();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest.Builder asked =
                    HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token);
            String waiting = client.send(asked.build(), BodyHandlers.ofString()).body();
            Matcher post = Pattern.compile("\"id\":\"([^\"]+)\"[^}]*\"subject\":\"" + subject + "\"")
                    .matcher(waiting);
            assertTrue(post.find(), waiting);
            asked.uri(URI.create(url + "/" + post.group(1))).POST(HttpRequest.BodyPublishers.ofString(decision));
            assertEquals(
                    204, client.send(asked.build(), BodyHandlers.ofString()).statusCode());
        }
    }

    @Test
    void anAddressThatBouncesIsWarnedProbedAndRemoved() throws Exception {
        String gone = "gone@example.test";
        assertEquals("", command("ezmlm-sub", "sick@example.test", gone));
        send(BOB, "sick@example.test", "lost");
        Awaitility.await().atMost(Installation.SOON).until(() -> count(list("sick/bounce/d")) == 1);
        warn();
        Awaitility.await().atMost(Installation.SOON).until(() -> count(list("sick/bounce/w")) == 1);
        assertTrue(subscribers("sick").contains(gone));
        warn();
        Awaitility.await()
                .atMost(Installation.SOON)
                .until(() -> !subscribers("sick").contains(gone));
        qrate.logged("removed after its probe bounced: " + gone);
    }

    @Test
    void aSubscriberLeavesByOneClick() throws Exception {
        qrate.people(2); // boxes of their own
        String reader = qrate.someone();
        String writer = qrate.someone();
        String url = "http://127.0.0.1:"
                + qrate.running().admin().door().orElseThrow().address().getPort();
        assertEquals("", command("ezmlm-make", "news@example.test"));
        assertEquals("", command("ezmlm-sub", "news@example.test", reader, "eve@nowhere.invalid"));
        Files.createFile(list("news").resolve("oneclick"));
        Installation.settle();
        send(writer, "news@example.test", "without links");
        assertFalse(qrate.box(reader, 1).getLast().contains("One-Click"));
        qrate.control("listurl", url + "\n");
        send(writer, "news@example.test", "with links");
        String got = qrate.box(reader, 2).getLast();
        assertTrue(got.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), got);
        String field = field(got, "List-Unsubscribe");
        URI link = URI.create(field.substring(1, field.indexOf('>')));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> page = client.send(HttpRequest.newBuilder(link).build(), BodyHandlers.ofString());
            assertEquals(200, page.statusCode(), page.body());
            assertTrue(subscribers("news").contains(reader), "to look changes nothing");
            HttpRequest.Builder click = HttpRequest.newBuilder(link)
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString("List-Unsubscribe=One-Click"));
            assertEquals(
                    200, client.send(click.build(), BodyHandlers.ofString()).statusCode());
            Awaitility.await()
                    .atMost(Installation.SOON)
                    .until(() -> !subscribers("news").contains(reader));
            URI other = URI.create(
                    link.toString().replace(Address.of(reader).local() + "%40example.test", "eve%40nowhere.invalid"));
            assertEquals(
                    200,
                    client.send(click.uri(other).build(), BodyHandlers.ofString())
                            .statusCode());
            qrate.drained();
            assertTrue(subscribers("news").contains("eve@nowhere.invalid"), "a code is for one address");
            URI strange = URI.create(link.toString().replace("news", "nothing"));
            assertEquals(
                    404,
                    client.send(click.uri(strange).build(), BodyHandlers.ofString())
                            .statusCode());
            Files.delete(qrate.state().control().resolve("listurl"));
            Installation.settle();
            assertEquals(
                    404,
                    client.send(click.uri(link).build(), BodyHandlers.ofString())
                            .statusCode());
        }
        assertEquals(2, qrate.box(reader).size(), "no letter follows");
    }

    private static int count(Path folder) throws Exception {
        return (int) Installation.files(folder).stream()
                .filter(f -> !f.getFileName().toString().startsWith("."))
                .count();
    }

    private String subscribers(String name) throws Exception {
        StringBuilder all = new StringBuilder();
        for (Path file : Installation.files(list(name).resolve("subscribers"))) {
            if (!file.getFileName().toString().startsWith(".")) { // one that is being written may go meanwhile
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    /// `ezmlm-warn` as the list's owner address runs it, without the eleven days.
    private void warn() throws Exception {
        Files.writeString(list("sick").resolve("owner"), "|ezmlm-warn -t 0 -l 0 sick\n");
        Installation.settle();
        send(BOB, "sick-owner@example.test", "now");
    }

    @Test
    void tenThousandSubscribersAreOneMessageInTheQueue() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            all.append("Tuser").append(i).append("@nowhere.invalid\0");
        }
        Files.writeString(list("big").resolve("subscribers/@"), all);
        qrate.control("smtproutes", ":127.0.0.1:1\n");
        List<String> before = new ArrayList<>(List.of(qrate.log().split("\n")));
        send(BOB, "big@example.test", "to all of you");
        Awaitility.await()
                .atMost(Installation.SOON)
                .until(() -> Files.exists(list("big").resolve("num")));
        qrate.logged("to remote user9@nowhere.invalid");
        long messages = qrate.log()
                .lines()
                .skip(before.size())
                .filter(line -> line.contains("from <big-return-1-@example.test-@[]>"))
                .count();
        assertEquals(1, messages, qrate::log);
        assertFalse(qrate.log().contains("#@[]"));
    }
}
