package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.RefusedCounts;
import qrate.core.State;

/// What is kept of domains' mail.
class MailDaysTest {
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");
    private static final Password PASSWORD = new Password.Clear("correct-horse-battery");

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private Domains domains;

    Map<String, String> environment() throws IOException {
        return Map.of("QRATE_BCRYPT_COST", "4");
    }

    @BeforeEach
    void open() throws IOException {
        State state = new State(folder);
        Files.createDirectories(state.control());
        Files.createDirectories(state.db());
        domains = Domains.open(state, Settings.of(environment(), state), () -> now);
        domains.apply(new Edit.AddDomain("example.test", PASSWORD));
        domains.apply(new Edit.AddAliasDomain("example.test", "other.test"));
    }

    @AfterEach
    void close() {
        domains.close();
    }

    private static MailDay received(LocalDate day, long received) {
        return new MailDay(day, received, received * 100, 1, 2, 300, 1, 0);
    }

    private MailDay last() throws IOException {
        return domains.mailDays("example.test").getLast();
    }

    @Test
    void whatIsToldAgainOfADayCountsOnce() throws IOException {
        domains.mailDays().note(DAY, Map.of("example.test", received(DAY, 5)), RefusedCounts.Left.NONE);
        domains.mailDays().note(DAY, Map.of("example.test", received(DAY, 7)), RefusedCounts.Left.NONE);
        assertEquals(received(DAY, 7), last());
        assertEquals(MailDays.KEPT, domains.mailDays("other.test").size());
        assertEquals(
                MailDay.none(DAY.minusDays(29)), domains.mailDays("OTHER.test").getFirst());
        assertEquals(List.of(), domains.mailDays("far.test"));
    }

    @Test
    void allDomainsTogetherHaveTheirDaysToo() throws IOException {
        domains.apply(new Edit.AddDomain("second.test", PASSWORD));
        domains.mailDays()
                .note(
                        DAY,
                        Map.of("example.test", received(DAY, 5), "second.test", received(DAY, 2)),
                        RefusedCounts.Left.NONE);
        List<MailDay> all = domains.mailDays().all();
        assertEquals(MailDays.KEPT, all.size());
        assertEquals(received(DAY, 5).plus(received(DAY, 2)), all.getLast());
        assertEquals(MailDay.none(DAY.minusDays(29)), all.getFirst());
        assertEquals(7, MailDay.sum(all).received());
    }

    @Test
    void othersNamesCountAsTheDomainAndStrangersNotAtAll() throws IOException {
        Map<String, MailDay> told = new HashMap<>();
        told.put("example.test", received(DAY, 5));
        told.put("other.test", received(DAY, 3));
        told.put("far.test", received(DAY, 9));
        told.put("no domain", received(DAY, 9));
        domains.mailDays().note(DAY, told, RefusedCounts.Left.NONE);
        assertEquals(received(DAY, 5).plus(received(DAY, 3)), last());
        assertEquals(DAY, domains.mailDays().last().orElseThrow());
    }

    private void refused(long run, long count) throws IOException {
        domains.mailDays()
                .note(
                        DAY,
                        Map.of(),
                        new RefusedCounts.Left(run, Map.of(DAY, Map.of("other.test", count, "far.test", 99L))));
    }

    @Test
    void whatTheDoorRefusedGrowsByWhatIsNewWhicheverIsStartedAnew() throws IOException {
        refused(1, 4);
        refused(1, 4);
        refused(1, 6);
        assertEquals(6, last().refused());
        refused(2, 3); // the door forgot what it had counted
        refused(2, 5);
        assertEquals(11, last().refused());
        domains.mailDays().note(DAY, Map.of("example.test", received(DAY, 5)), RefusedCounts.Left.NONE);
        refused(2, 5);
        assertEquals(11, last().refused());
    }

    @Test
    void daysGoAfterAMonthAndWithTheirDomain() throws IOException {
        domains.mailDays().note(DAY, Map.of("example.test", received(DAY, 5)), RefusedCounts.Left.NONE);
        now = Instant.parse("2026-03-30T12:00:00Z");
        LocalDate today = LocalDate.parse("2026-03-30");
        domains.mailDays().note(today, Map.of("example.test", received(today, 1)), RefusedCounts.Left.NONE);
        assertEquals(received(DAY, 5), domains.mailDays("example.test").getFirst());
        now = Instant.parse("2026-03-31T12:00:00Z");
        domains.mailDays().note(today.plusDays(1), Map.of(), RefusedCounts.Left.NONE);
        assertEquals(today, domains.mailDays().last().orElseThrow());
        domains.apply(new Edit.DeleteDomain("example.test"));
        assertEquals(true, domains.mailDays().last().isEmpty());
    }
}
