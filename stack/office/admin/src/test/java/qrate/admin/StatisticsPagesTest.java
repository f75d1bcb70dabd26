package qrate.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import qrate.core.Log;
import qrate.core.RefusedCounts;
import qrate.directory.Edit;
import qrate.directory.MailDay;
import qrate.directory.Password;
import qrate.qcontrol.QueueControl.Traffic;

/// A domain's mail of a month, from send's counts to the page and the API.
class StatisticsPagesTest extends AdminOnRig {
    private static final String DOMAIN = "month.test";

    @BeforeAll
    static void fill() throws IOException {
        rig.domains.apply(new Edit.AddDomain(DOMAIN, new Password.Clear(Rig.PASSWORD)));
        rig.domains.apply(new Edit.AddAliasDomain(DOMAIN, "second.test"));
    }

    private static MailDayKeeper keeper(MailDayKeeper.Days days, ByteArrayOutputStream said) {
        Log log = new Log(new PrintStream(said, true, UTF_8), Log.Stamp.NONE, InstantSource.system());
        return new MailDayKeeper(rig.domains, days, folder.resolve(RefusedCounts.FILE), log);
    }

    @Test
    void whatSendCountsAndTheDoorRefusesIsShown() throws IOException {
        LocalDate today = rig.domains.mailDays().today();
        Files.writeString(folder.resolve(RefusedCounts.FILE), "run 5\n" + today + " second.test 6\n");
        List<LocalDate> asked = new ArrayList<>();
        AtomicBoolean away = new AtomicBoolean(true);
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        try (MailDayKeeper keeper = keeper(
                day -> {
                    asked.add(day);
                    if (day.equals(today.minusDays(2)) && away.getAndSet(false)) {
                        throw new IOException("qmail-send does not run");
                    }
                    return List.of(
                            new Traffic(DOMAIN, 1234, 5 << 20, 3, 40, 2048, 2),
                            new Traffic("stranger.test", 1, 1, 1, 1, 1, 1));
                },
                said)) {
            keeper.look();
            assertEquals(28, asked.size(), "the month, to the day that failed");
            assertTrue(said.toString(UTF_8).contains("statistics: qmail-send does not run"), said.toString(UTF_8));
            asked.clear();
            keeper.look();
            keeper.look();
            assertEquals(
                    List.of(today.minusDays(3), today.minusDays(2), today.minusDays(1), today, today),
                    asked,
                    "goes on where it was, and then asks about today alone");
        }
        List<MailDay> days = rig.domains.mailDays(DOMAIN);
        assertEquals(new MailDay(today, 1234, 5 << 20, 3, 40, 2048, 2, 6), days.getLast());
        String page = page(rig.browser().signIn("postmaster@" + DOMAIN).get("/domains/" + DOMAIN + "/statistics"));
        for (String part : List.of("<svg", "37,020", "1,234", "5 MB", ">6<", "class=\"sent\"", "aria-current")) {
            assertTrue(page.contains(part), part + page);
        }
        assertFalse(page.contains("stranger.test"), page);
        String json =
                page(rig.api("GET", "/api/v1/domains/second.test/statistics", rig.token("postmaster@" + DOMAIN), ""));
        assertTrue(
                json.endsWith("{\"day\":\"" + today + "\",\"received\":1234,\"receivedBytes\":5242880,\"spam\":3,"
                        + "\"sent\":40,\"sentBytes\":2048,\"bounced\":2,\"refused\":6}]\n"),
                json);
    }

    private static String page(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    @Test
    void aDomainWithoutMailHasAnEmptyChart() throws IOException {
        StatisticsPages.Chart chart = StatisticsPages.Chart.of(List.of(MailDay.none(LocalDate.EPOCH)));
        assertEquals(new StatisticsPages.Chart(List.of(), 0), chart);
        Rig.Browser admin = rig.browser().signIn("admin");
        assertEquals(200, admin.get("/domains/example.test/statistics").statusCode());
        assertEquals(404, admin.get("/domains/no.test/statistics").statusCode());
    }

    @Test
    void theSmallestNumberCanBeSeenBesideTheLargest() {
        StatisticsPages.Chart chart = StatisticsPages.Chart.of(List.of(
                new MailDay(LocalDate.EPOCH, 1, 0, 0, Long.MAX_VALUE / 2, 0, 0, 0), MailDay.none(LocalDate.MAX)));
        assertEquals(
                List.of(2, StatisticsPages.Chart.HEIGHT),
                chart.bars().stream().map(StatisticsPages.Chart.Bar::height).toList());
    }
}
