package qrate.directory;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import qrate.directory.Database.Tx;
import qrate.snapshots.Vacation;

/// What owners of mailboxes have answered while they are away.
record Vacations(Editor editor) {
    /// In the order in which {@link #read} takes them.
    static final String COLUMNS = "answers, starts, ends, days, subject, answer, zone";

    private static final long MILLIS_MAX = Instant.parse("9999-12-31T00:00:00Z").toEpochMilli();

    /// Sets one.
    Change set(Edit.SetVacation edit) throws IOException {
        Optional<Refusal> problem = problem(edit.vacation());
        if (problem.isPresent()) {
            return new Change.Refused(problem.get());
        }
        Vacation after = edit.vacation();
        return editor.onMailbox(edit.address(), (tx, box) -> {
            Vacation before = of(tx, box);
            tx.update("DELETE FROM vacations WHERE domain = ? AND box = ?", box.domain(), box.local());
            tx.update(
                    "INSERT INTO vacations (domain, box, " + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    box.domain(),
                    box.local(),
                    after.on(),
                    after.from().toEpochMilli(),
                    after.until().toEpochMilli(),
                    after.days(),
                    after.subject(),
                    after.text(),
                    after.zone());
            return Outcome.done(new Edit.SetVacation(box.toString(), after), words(before) + " -> " + words(after));
        });
    }

    /// Without what is answered, which is nobody's business in an audit log.
    private static String words(Vacation vacation) {
        if (!vacation.on()) {
            return "off";
        }
        return "on"
                + (vacation.from().equals(Instant.EPOCH) ? "" : " from " + vacation.from())
                + (vacation.until().equals(Instant.EPOCH) ? "" : " until " + vacation.until());
    }

    private static Optional<Refusal> problem(Vacation vacation) {
        boolean oneLine = vacation.subject().chars().noneMatch(Character::isISOControl);
        if (!oneLine || vacation.subject().length() > Vacation.SUBJECT_CHARS_MAX) {
            return Optional.of(Refusal.of(Refusal.Key.VACATION_SUBJECT, Vacation.SUBJECT_CHARS_MAX));
        }
        boolean text = vacation.text().chars().noneMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t');
        if (!text || vacation.text().length() > Vacation.TEXT_CHARS_MAX) {
            return Optional.of(Refusal.of(Refusal.Key.VACATION_TEXT, Vacation.TEXT_CHARS_MAX));
        }
        if (vacation.days() < 1 || vacation.days() > Vacation.DAYS_MAX) {
            return Optional.of(Refusal.of(Refusal.Key.VACATION_DAYS, Vacation.DAYS_MAX));
        }
        if (!vacation.zone().isEmpty() && !Vacation.isZone(vacation.zone())) {
            return Optional.of(Refusal.of(Refusal.Key.VACATION_ZONE));
        }
        boolean ends = !vacation.until().equals(Instant.EPOCH);
        boolean inOrder = !ends || vacation.from().isBefore(vacation.until());
        return inOrder && isTime(vacation.from()) && isTime(vacation.until())
                ? Optional.empty()
                : Optional.of(Refusal.of(Refusal.Key.VACATION_TIMES));
    }

    private static boolean isTime(Instant time) {
        return !time.isBefore(Instant.EPOCH) && time.isBefore(Instant.ofEpochMilli(MILLIS_MAX));
    }

    /// That of a mailbox; {@link Vacation#NONE} where none was ever set.
    static Vacation of(Tx tx, Box box) throws SQLException {
        return tx.one(
                        "SELECT " + COLUMNS + " FROM vacations WHERE domain = ? AND box = ?",
                        row -> read(row, 1),
                        box.domain(),
                        box.local())
                .orElse(Vacation.NONE);
    }

    /// Reads a row.
    ///
    /// @param at place of the first of {@link #COLUMNS}
    static Vacation read(ResultSet row, int at) throws SQLException {
        return new Vacation(
                row.getBoolean(at),
                Instant.ofEpochMilli(row.getLong(at + 1)),
                Instant.ofEpochMilli(row.getLong(at + 2)),
                row.getInt(at + 3),
                Rows.orEmpty(row.getString(at + 4)),
                Rows.orEmpty(row.getString(at + 5)),
                Rows.orEmpty(row.getString(at + 6)));
    }
}
