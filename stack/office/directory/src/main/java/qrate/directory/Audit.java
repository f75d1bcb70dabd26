package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import qrate.core.Log;
import qrate.directory.Database.Tx;

/// The audit log: who changed what, by which door, from where, and what came of it.
///
/// What was done stands in the transaction that did it. What was refused has a room of its own, so that nobody pushes
/// out what was done by asking again and again.
public final class Audit {
    /// Most lines kept of what was done; the oldest go first.
    public static final int DONE_LINES_MAX = 10_000;

    /// Most lines kept of what was refused or failed.
    public static final int REFUSED_LINES_MAX = 1_000;

    /// The oldest go after so many new ones.
    static final int TRIMMED_EVERY = 100;

    private static final int WHAT_CHARS_MAX = 1000;
    private static final int PROBLEM_CHARS_MAX = 300;
    private static final int REMOTE_CHARS_MAX = 64;

    private final Database database;
    private final InstantSource clock;

    Audit(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /// One line.
    ///
    /// @param door as {@link Actor.Door#word} spells it; empty for a line of a version that did not note it
    /// @param from address of the client; empty for this host
    /// @param problem why it was not done; empty when it was
    public record Event(Instant when, String who, String door, String from, String what, String problem) {}

    /// Notes something that was done outside of the directory.
    public void done(Actor actor, String what) throws IOException {
        note(new Line(actor, what, ""));
    }

    /// Notes something that was not done.
    ///
    /// @param problem why
    public void refused(Actor actor, String what, String problem) throws IOException {
        note(new Line(actor, what, problem));
    }

    private record Line(Actor actor, String what, String problem) {}

    private void note(Line line) throws IOException {
        database.call(tx -> {
            write(tx, clock, line);
            return true;
        });
    }

    /// Notes what a transaction does.
    static void record(Tx tx, InstantSource clock, Actor actor, String what) throws SQLException {
        write(tx, clock, new Line(actor, what, ""));
    }

    /// Notes an edit that a transaction does.
    static void record(Tx tx, InstantSource clock, Actor actor, Outcome.Line done) throws SQLException {
        record(tx, clock, actor, text(done, actor));
    }

    /// What the line says of an edit: `modify mailbox ann@example.test: quota NOQUOTA -> 50MB`. It holds no secret.
    static String text(Outcome.Line done, Actor actor) {
        String what = switch (done.edit()) {
            case Edit.AddDomain edit -> "add domain " + edit.domain();
            case Edit.DeleteDomain edit -> "delete domain " + edit.domain();
            case Edit.AddAliasDomain edit -> "add alias domain " + edit.alias() + " of " + edit.domain();
            case Edit.SetCatchAll edit -> "catch-all of " + edit.domain();
            case Edit.SetText edit ->
                "text " + edit.wording().word() + " (" + edit.language().tag() + ") of " + orSystem(edit.domain());
            case Edit.SetLanguage edit -> "language of " + orSystem(edit.domain());
            case Edit.SetLimits edit -> "limits of " + edit.domain();
            case Edit.AddMailbox edit -> "add mailbox " + edit.address();
            case Edit.DeleteMailbox edit -> "delete mailbox " + edit.address();
            case Edit.SetPassword edit -> "set password of " + edit.address() + kept(edit.keepTokens());
            case Edit.ResetPassword edit ->
                "set forgotten password of " + edit.holder() + " by its link" + kept(edit.keepTokens());
            case Edit.RenewHash edit -> "upgrade password hash of " + edit.address();
            case Edit.Modify edit -> "modify mailbox " + edit.address();
            case Edit.SetVacation edit -> "vacation of " + edit.address();
            case Edit.SetForward edit -> "forward of " + edit.address();
            case Edit.AddAppPassword edit ->
                "make app password " + edit.wish().label() + " (" + edit.wish().doors() + ") of " + edit.address();
            case Edit.EndAppPassword edit -> "end app password " + edit.id() + " of " + edit.address();
            case Edit.AddAlias edit ->
                "add alias " + edit.line().address() + " to " + edit.line().target();
            case Edit.DeleteAlias edit ->
                "delete alias " + edit.line().address() + " to " + edit.line().target();
            case Edit.SetList edit -> "list " + edit.address();
            case Edit.AddToList edit -> "add to " + edit.set().word() + " of list " + edit.address();
            case Edit.TakeFromList edit -> "take from " + edit.set().word() + " of list " + edit.address();
            case Edit.RemoveList edit -> "remove list " + edit.address();
            case Edit.SetControl edit -> "set control file " + edit.file().file();
            case Edit.RemoveControl edit -> "remove control file " + edit.file().file();
            case Edit.AddAdministrator edit -> "add administrator " + edit.name();
            case Edit.SetAdministratorPassword edit ->
                "administrator password of " + edit.name() + kept(edit.keepTokens());
            case Edit.SetAdministratorRecovery edit -> "recovery address of administrator " + edit.name();
            case Edit.RemoveAdministrator edit -> "remove administrator " + edit.name();
            case Edit.SetSecondFactor edit -> "set second factor of " + edit.holder();
            case Edit.RemoveSecondFactor edit -> "remove second factor of " + edit.holder();
            case Edit.SetRecoveryCodes edit -> "set recovery codes of " + edit.holder();
            case Edit.AddPasskey edit -> "add passkey " + edit.passkey().label() + " of " + edit.holder();
            case Edit.RemovePasskey edit -> "remove passkey " + edit.id() + " of " + edit.holder();
            case Edit.EndToken edit -> "end token " + edit.id() + " of " + edit.holder();
            case Edit.EndTokens edit -> "end all tokens of " + edit.holder();
            case Edit.EndSession edit ->
                edit.holder().equals(actor.name()) ? "sign out" : "end session " + edit.id() + " of " + edit.holder();
            case Edit.EndSessions edit -> "end all sessions of " + edit.holder();
        };
        return done.change().isEmpty() ? what : what + ": " + done.change();
    }

    private static String orSystem(String domain) {
        return domain.isEmpty() ? "this system" : domain;
    }

    private static String kept(boolean tokens) {
        return tokens ? ", its tokens stay" : "";
    }

    private static void write(Tx tx, InstantSource clock, Line line) throws SQLException {
        tx.update(
                "INSERT INTO audit (happened, who, what, door, remote, problem) VALUES (?, ?, ?, ?, ?, ?)",
                clock.millis(),
                line.actor.name(),
                cut(Log.escape(line.what), WHAT_CHARS_MAX),
                line.actor.door().word(),
                cut(line.actor.from(), REMOTE_CHARS_MAX),
                cut(Log.escape(line.problem), PROBLEM_CHARS_MAX));
        if (tx.count("SELECT MAX(id) FROM audit") % TRIMMED_EVERY == 0) {
            trim(tx, "problem = ''", DONE_LINES_MAX);
            trim(tx, "problem <> ''", REFUSED_LINES_MAX);
        }
    }

    private static void trim(Tx tx, String kind, int most) throws SQLException {
        Optional<Long> last = tx.one(
                "SELECT id FROM audit WHERE " + kind + " ORDER BY id DESC LIMIT 1 OFFSET " + most, r -> r.getLong(1));
        if (last.isPresent()) {
            tx.update("DELETE FROM audit WHERE " + kind + " AND id <= ?", last.get());
        }
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }

    /// The newest lines, newest first.
    public List<Event> newest(int most) throws IOException {
        return database.call(tx -> tx.list(
                "SELECT happened, who, door, remote, what, problem FROM audit ORDER BY id DESC LIMIT " + most,
                r -> new Event(
                        Instant.ofEpochMilli(r.getLong(1)),
                        r.getString(2),
                        r.getString(3),
                        r.getString(4),
                        r.getString(5),
                        r.getString(6))));
    }

    /// A line and its number.
    public record Numbered(long number, Event event) {}

    /// Lines a part at a time, the newest first, whose words, name or address hold a text.
    ///
    /// @param before a number: those that are older; 0 for the newest
    public List<Numbered> older(long before, String query, int most) throws IOException {
        Paged<Numbered> lines = new Paged<>(
                "id, happened, who, door, remote, what, problem FROM audit",
                "1 = 1",
                List.of(),
                List.of("id"),
                "LOWER(who || ' ' || remote || ' ' || what || ' ' || problem)",
                r -> new Numbered(
                        r.getLong(1),
                        new Event(
                                Instant.ofEpochMilli(r.getLong(2)),
                                r.getString(3),
                                r.getString(4),
                                r.getString(5),
                                r.getString(6),
                                r.getString(7))));
        return database.call(tx -> lines.newest(tx, before, query, most));
    }
}
