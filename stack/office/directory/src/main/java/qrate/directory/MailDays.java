package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.RefusedCounts;
import qrate.directory.Database.Tx;
import qrate.snapshots.Names;

/// The mail of domains, day by day for a month. What is told again about a day takes the place of what was told
/// before, so that nothing counts twice.
public final class MailDays {
    /// Days that are kept and shown, today among them.
    public static final int KEPT = 30;

    private static final String COLUMNS =
            "epoch_day, received, received_bytes, spam, sent, sent_bytes, bounced, refused";

    private final Database database;
    private final InstantSource clock;

    MailDays(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Today, as the days of mail are counted.
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    /// A day of a domain, as it stands in its row.
    private record Kept(MailDay mail, long run, long count) {}

    /// Notes what is known of a day, and forgets days that are too old.
    ///
    /// @param counted by domain, without what was refused; by any name, strangers' domains among them
    /// @param refused what the door counted
    public void note(LocalDate day, Map<String, MailDay> counted, RefusedCounts.Left refused) throws IOException {
        database.call(tx -> {
            Map<String, String> real = names(tx);
            Map<String, MailDay> mail = new HashMap<>();
            counted.forEach((name, of) -> own(real, name).ifPresent(domain -> mail.merge(domain, of, MailDay::plus)));
            Map<String, Long> door = new HashMap<>();
            refused.of(day)
                    .forEach(
                            (name, count) -> own(real, name).ifPresent(domain -> door.merge(domain, count, Long::sum)));
            door.keySet().forEach(domain -> mail.putIfAbsent(domain, MailDay.none(day)));
            Map<String, Kept> before = kept(tx, day);
            for (Map.Entry<String, MailDay> one : mail.entrySet()) {
                Kept old = before.getOrDefault(one.getKey(), new Kept(MailDay.none(day), 0, 0));
                Kept now = next(old, one.getValue(), refused.run(), door.getOrDefault(one.getKey(), 0L));
                if (!now.equals(old)) {
                    write(tx, one.getKey(), now, before.containsKey(one.getKey()));
                }
            }
            return tx.update("DELETE FROM mail_days WHERE epoch_day <= ?", today().toEpochDay() - KEPT);
        });
    }

    private static Map<String, String> names(Tx tx) throws SQLException {
        Map<String, String> real = new HashMap<>();
        for (String[] pair : tx.list("SELECT name, alias_of FROM domains", row ->
                new String[] {row.getString(1), Rows.orEmpty(row.getString(2))})) {
            real.put(pair[0], pair[1].isEmpty() ? pair[0] : pair[1]);
        }
        return real;
    }

    private static Optional<String> own(Map<String, String> real, String name) {
        return Names.domain(name).map(real::get);
    }

    private static Map<String, Kept> kept(Tx tx, LocalDate day) throws SQLException {
        Map<String, Kept> kept = new HashMap<>();
        tx.list(
                "SELECT " + COLUMNS + ", door_run, door_count, domain FROM mail_days WHERE epoch_day = ?",
                row -> kept.put(row.getString(11), new Kept(mail(row), row.getLong(9), row.getLong(10))),
                day.toEpochDay());
        return kept;
    }

    /// What stands there after this: the door's count grows by what it counted since it was last heard of.
    private static Kept next(Kept old, MailDay counted, long run, long count) {
        long since = count - (run == old.run ? old.count : 0);
        long refused = old.mail.refused() + Math.max(0, since);
        MailDay mail = new MailDay(
                old.mail.day(),
                counted.received(),
                counted.receivedBytes(),
                counted.spam(),
                counted.sent(),
                counted.sentBytes(),
                counted.bounced(),
                refused);
        return since > 0 ? new Kept(mail, run, count) : new Kept(mail, old.run, old.count);
    }

    private static void write(Tx tx, String domain, Kept kept, boolean there) throws SQLException {
        MailDay mail = kept.mail;
        List<Object> values = new ArrayList<>(List.of(
                mail.received(),
                mail.receivedBytes(),
                mail.spam(),
                mail.sent(),
                mail.sentBytes(),
                mail.bounced(),
                mail.refused(),
                kept.run,
                kept.count,
                domain,
                mail.day().toEpochDay()));
        tx.update(
                there
                        ? "UPDATE mail_days SET received = ?, received_bytes = ?, spam = ?, sent = ?, sent_bytes = ?,"
                                + " bounced = ?, refused = ?, door_run = ?, door_count = ?"
                                + " WHERE domain = ? AND epoch_day = ?"
                        : "INSERT INTO mail_days (received, received_bytes, spam, sent, sent_bytes, bounced, refused,"
                                + " door_run, door_count, domain, epoch_day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                values.toArray());
    }

    private static MailDay mail(java.sql.ResultSet row) throws SQLException {
        return new MailDay(
                LocalDate.ofEpochDay(row.getLong(1)),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8));
    }

    /// The newest day of which something is known; empty for none.
    public Optional<LocalDate> last() throws IOException {
        return database.call(tx -> tx.one("SELECT MAX(epoch_day) FROM mail_days", row -> row.getLong(1)))
                .filter(day -> day > 0)
                .map(LocalDate::ofEpochDay);
    }

    /// The last days of all domains together, the oldest first, today at the end: also those without mail.
    public List<MailDay> all() throws IOException {
        return database.call(tx -> {
            Map<LocalDate, MailDay> known = new HashMap<>();
            tx.list(
                    "SELECT epoch_day, SUM(received), SUM(received_bytes), SUM(spam), SUM(sent), SUM(sent_bytes),"
                            + " SUM(bounced), SUM(refused) FROM mail_days GROUP BY epoch_day",
                    row -> known.put(LocalDate.ofEpochDay(row.getLong(1)), mail(row)));
            return month(known, today());
        });
    }

    /// The last days of a domain, the oldest first, today at the end: also those without mail.
    ///
    /// @param domain not an alias domain
    static List<MailDay> of(Tx tx, String domain, LocalDate today) throws SQLException {
        Map<LocalDate, MailDay> known = new HashMap<>();
        tx.list(
                "SELECT " + COLUMNS + " FROM mail_days WHERE domain = ?",
                row -> known.put(LocalDate.ofEpochDay(row.getLong(1)), mail(row)),
                domain);
        return month(known, today);
    }

    private static List<MailDay> month(Map<LocalDate, MailDay> known, LocalDate today) {
        List<MailDay> days = new ArrayList<>();
        for (LocalDate day = today.minusDays(KEPT - 1); !day.isAfter(today); day = day.plusDays(1)) {
            days.add(known.getOrDefault(day, MailDay.none(day)));
        }
        return days;
    }
}
