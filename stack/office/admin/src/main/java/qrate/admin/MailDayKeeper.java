package qrate.admin;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import qrate.core.Log;
import qrate.core.RefusedCounts;
import qrate.core.Repeating;
import qrate.core.SaidOnce;
import qrate.directory.Domains;
import qrate.directory.MailDay;
import qrate.directory.MailDays;
import qrate.qcontrol.QueueControl;

/// Asks send every few minutes what mail there was, takes what the door has refused from its file, and keeps both for
/// the pages. A day is asked about until it is over and once more; days that were missed are made good, as far as
/// send's ledger goes back.
public final class MailDayKeeper implements AutoCloseable {
    /// How often send is asked.
    static final Duration ASKED_EVERY = Duration.ofMinutes(5);

    /// Who knows what mail there was on a day.
    @FunctionalInterface
    public interface Days {
        /// By domain, strangers' domains perhaps among them.
        List<QueueControl.Traffic> of(LocalDate day) throws IOException;
    }

    private final MailDays kept;
    private final Days days;
    private final Path refused;
    private final Repeating turns = new Repeating("mail-days", ASKED_EVERY, this::look);
    private LocalDate asked = LocalDate.MIN;
    private final SaidOnce trouble;

    MailDayKeeper(Domains domains, Days days, Path refused, Log log) {
        this.kept = domains.mailDays();
        this.days = days;
        this.refused = refused;
        this.trouble = new SaidOnce(log::line);
    }

    /// Asks from now on.
    ///
    /// @param refused the door's file
    public static MailDayKeeper start(Domains domains, Days days, Path refused, Log log) {
        MailDayKeeper keeper = new MailDayKeeper(domains, days, refused, log);
        keeper.turns.start();
        return keeper;
    }

    /// Asks once.
    void look() {
        try {
            LocalDate today = kept.today();
            LocalDate oldest = today.minusDays(MailDays.KEPT - 1);
            LocalDate from = asked.equals(LocalDate.MIN) ? kept.last().orElse(oldest) : asked;
            RefusedCounts.Left door = RefusedCounts.read(refused);
            for (LocalDate day = from.isBefore(oldest) ? oldest : from; !day.isAfter(today); day = day.plusDays(1)) {
                kept.note(day, counted(day), door);
                asked = day;
            }
            trouble.well();
        } catch (IOException | RuntimeException e) {
            trouble.say("admin: warning: statistics: ", e);
        }
    }

    private Map<String, MailDay> counted(LocalDate day) throws IOException {
        Map<String, MailDay> counted = new HashMap<>();
        for (QueueControl.Traffic one : days.of(day)) {
            counted.merge(
                    one.domain(),
                    new MailDay(
                            day,
                            one.received(),
                            one.receivedBytes(),
                            one.spam(),
                            one.sent(),
                            one.sentBytes(),
                            one.bounced(),
                            0),
                    MailDay::plus);
        }
        return counted;
    }

    @Override
    public void close() {
        turns.close();
    }
}
