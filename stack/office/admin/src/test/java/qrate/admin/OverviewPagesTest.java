package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.RefusedCounts;
import qrate.directory.Json;
import qrate.directory.MailDay;

class OverviewPagesTest {
    private static final String API = "/api/v1/overview";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws IOException {
        rig.close();
    }

    private Map<String, Object> data() throws IOException {
        rig.later();
        return Json.object(rig.api("GET", API, rig.token("admin"), "").body().getBytes(UTF_8));
    }

    private List<String> needs() throws IOException {
        return Json.objects(data(), "needs").stream()
                .map(one -> one.get("kind") + " " + one.get("urgent") + " " + one.get("what"))
                .toList();
    }

    @Test
    void whatNeedsSomebodyStandsFirstAndLeadsToWhereItIsMended() throws IOException {
        rig.problems = List.of("refused: <i>example.org</i> takes no mail of example.test", "something: odd");
        assertEquals(
                List.of(
                        "problem true Refused elsewhere",
                        "problem true something",
                        "sender true postmaster@example.test may not send",
                        "waiting false Mail for x.test waits. Messages: 1, the oldest since 1 Jan 1970, 00:00 UTC"),
                needs());
        String page = rig.browser().signIn("admin").get("/overview").body();
        assertTrue(page.contains("Needs you (4)"), page);
        assertTrue(page.contains("href=\"/queue\""), page);
        assertFalse(page.contains("<i>example.org") || page.contains("<b>why"), "what others said is escaped: " + page);
    }

    @Test
    void whenAllIsWellOneLineSaysSoWithTheTime() throws IOException {
        rig.queue.senders.clear();
        rig.queue.empty = true;
        Map<String, Object> data = data();
        assertEquals(true, data.get("well"), data.toString());
        String page = rig.browser().signIn("admin").get("/overview").body();
        assertTrue(page.contains("All is well.") && page.contains("<time "), page);
        assertFalse(page.contains("Needs you"), page);
        assertTrue(page.contains("Domains: 2") && page.contains("Mailboxes: 3"), page);
    }

    @Test
    void whatMailThereWasTodayAndYesterdayStandsBelow() throws IOException {
        LocalDate today = rig.domains.mailDays().today();
        for (int i = 0; i < 3; i++) {
            MailDay day = new MailDay(today.minusDays(i), 1204 + i, 1, 0, 310, 1, 4, 0);
            rig.domains.mailDays().note(day.day(), Map.of("example.test", day), RefusedCounts.Left.NONE);
        }
        String page = rig.browser().signIn("admin").get("/overview").body();
        assertTrue(
                page.contains("Mail of all domains, the last 30 days") && page.contains("<svg class=\"chart\""), page);
        assertTrue(page.matches("(?s).*Today</th>\\s*<td class=\"num\">1,204</td>.*"), page);
        assertTrue(page.matches("(?s).*Yesterday</th>\\s*<td class=\"num\">1,205</td>.*"), page);
        assertTrue(page.matches("(?s).*Together</th>\\s*<td class=\"num\">3,615</td>.*"), page);
        List<Map<String, Object>> days = Json.objects(data(), "days");
        assertEquals(30, days.size());
        assertEquals(today.toString(), days.getLast().get("day"));
    }

    @Test
    void aQueueThatDoesNotAnswerIsSaidAndThePageIsThere() throws IOException {
        rig.queue.down = true;
        assertEquals(
                List.of("sender true postmaster@example.test may not send", "queue true The queue does not answer"),
                needs());
        assertEquals(200, rig.browser().signIn("admin").get("/overview").statusCode());
    }

    @Test
    void aMessageThatHasJustComeIsNoTrouble() throws IOException {
        rig.queue.senders.clear();
        rig.queue.born = Instant.now().minus(Duration.ofMinutes(5));
        assertEquals(List.of(), needs());
        rig.later(Duration.ofHours(1));
        assertTrue(needs().getFirst().startsWith("waiting false Mail for x.test waits"), "an hour later");
    }

    @Test
    void onlyAdministratorsSeeIt() throws IOException {
        for (String name : List.of("ann@example.test", "postmaster@example.test")) {
            assertEquals(403, rig.api("GET", API, rig.token(name), "").statusCode(), name);
            assertEquals(403, rig.browser().signIn(name).get("/overview").statusCode(), name);
        }
        assertEquals(303, rig.browser().get("/overview").statusCode());
    }
}
