package qrate.directory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import qrate.core.Log;
import qrate.directory.Database.Tx;

/// The audit log: who changed what, by which door, from where, and what came of it.
///
/// What was done stands in the transaction that did it. What was refused has a room of its own, so that nobody pushes
/// out what was done by asking again and again.
public final class Audit {
    /// Most lines kept of what was done; the oldest go first.
    public static final int DONE_LINES_MAX = 1_000_000;

    /// Most lines kept of what was refused or failed.
    public static final int REFUSED_LINES_MAX = 100_000;

    /// Lines that one look for a text goes through.
    public static final int SEARCHED_MAX = 5_000;

    /// The oldest go after so many new ones: few at once, since whoever changes something waits for it.
    static final int TRIMMED_EVERY = 10;

    private static final int WHAT_CHARS_MAX = 1000;
    private static final int PROBLEM_CHARS_MAX = 300;
    private static final int REMOTE_CHARS_MAX = 64;
    private static final int ABOUT_CHARS_MAX = 320;

    private static final String ALL = "id < ? ORDER BY id DESC";
    private static final String WHO = "who = ? AND id < ? ORDER BY who DESC, id DESC";
    private static final String ABOUT = "about = ? AND id < ? AND who <> ? ORDER BY about DESC, id DESC";
    private static final long LAST = Long.MAX_VALUE;

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
    public record Event(Instant when, String who, String door, String from, String what, String problem) {
        private boolean holds(String query) {
            return query.isEmpty()
                    || String.join(" ", who, from, what, problem)
                            .toLowerCase(Locale.ROOT)
                            .contains(query);
        }
    }

    /// Notes something that was done outside of the directory.
    public void done(Actor actor, String what) throws IOException {
        note(new Line(actor, what, "", ""));
    }

    /// Notes something that was not done.
    ///
    /// @param problem why
    public void refused(Actor actor, String what, String problem) throws IOException {
        note(new Line(actor, what, "", problem));
    }

    private record Line(Actor actor, String what, String about, String problem) {}

    private void note(Line line) throws IOException {
        database.call(tx -> {
            write(tx, clock, line);
            return true;
        });
    }

    /// Notes what a transaction does.
    static void record(Tx tx, InstantSource clock, Actor actor, String what) throws SQLException {
        write(tx, clock, new Line(actor, what, "", ""));
    }

    /// Notes an edit that a transaction does.
    static void record(Tx tx, InstantSource clock, Actor actor, Outcome.Line done) throws SQLException {
        Deed deed = deed(done.edit(), actor);
        String change = done.change().isEmpty() ? "" : ": " + done.change();
        write(tx, clock, new Line(actor, deed.text() + change, deed.about, ""));
    }

    /// What the line says of an edit: `modify mailbox ann@example.test: quota NOQUOTA -> 50MB`. It holds no secret.
    ///
    /// @param about the address, domain, file or person that it is about
    /// @param more what stands behind that
    private record Deed(String verb, String about, String more) {
        Deed(String verb, String about) {
            this(verb, about, "");
        }

        String text() {
            return (verb + " " + about).strip() + more;
        }
    }

    private static Deed deed(Edit done, Actor actor) {
        return switch (done) {
            case Edit.AddDomain edit -> new Deed("add domain", edit.domain());
            case Edit.DeleteDomain edit -> new Deed("delete domain", edit.domain());
            case Edit.AddAliasDomain edit -> new Deed("add alias domain", edit.alias(), " of " + edit.domain());
            case Edit.SetCatchAll edit -> new Deed("catch-all of", edit.domain());
            case Edit.SetText edit ->
                new Deed(
                        "text " + edit.wording().word() + " (" + edit.language().tag() + ") of",
                        orSystem(edit.domain()));
            case Edit.SetLanguage edit -> new Deed("language of", orSystem(edit.domain()));
            case Edit.SetLimits edit -> new Deed("limits of", edit.domain());
            case Edit.AddMailbox edit -> new Deed("add mailbox", edit.address());
            case Edit.DeleteMailbox edit -> new Deed("delete mailbox", edit.address());
            case Edit.RestoreMailbox edit -> new Deed("bring back mailbox", edit.address());
            case Edit.ForgetMailbox edit -> new Deed("delete for good what was kept of mailbox", edit.address());
            case Edit.SetPassword edit -> new Deed("set password of", edit.address(), kept(edit.keepTokens()));
            case Edit.ResetPassword edit ->
                new Deed("set forgotten password of", edit.holder(), " by its link" + kept(edit.keepTokens()));
            case Edit.RenewHash edit -> new Deed("upgrade password hash of", edit.address());
            case Edit.Modify edit -> new Deed("modify mailbox", edit.address());
            case Edit.SetVacation edit -> new Deed("vacation of", edit.address());
            case Edit.SetForward edit -> new Deed("forward of", edit.address());
            case Edit.AddAppPassword edit ->
                new Deed(
                        "make app password " + edit.wish().label() + " ("
                                + edit.wish().doors() + ") of",
                        edit.address());
            case Edit.EndAppPassword edit -> new Deed("end app password " + edit.id() + " of", edit.address());
            case Edit.AddAlias edit ->
                new Deed(
                        "add alias", edit.line().address(), " to " + edit.line().target());
            case Edit.DeleteAlias edit ->
                new Deed(
                        "delete alias",
                        edit.line().address(),
                        " to " + edit.line().target());
            case Edit.SetList edit -> new Deed("list", edit.address());
            case Edit.AddToList edit -> new Deed("add to " + edit.set().word() + " of list", edit.address());
            case Edit.TakeFromList edit -> new Deed("take from " + edit.set().word() + " of list", edit.address());
            case Edit.RemoveList edit -> new Deed("remove list", edit.address());
            case Edit.SetControl edit ->
                new Deed("set control file", edit.file().file());
            case Edit.RemoveControl edit ->
                new Deed("remove control file", edit.file().file());
            case Edit.AddAdministrator edit -> new Deed("add administrator", edit.name());
            case Edit.SetAdministratorPassword edit ->
                new Deed("administrator password of", edit.name(), kept(edit.keepTokens()));
            case Edit.SetAdministratorRecovery edit -> new Deed("recovery address of administrator", edit.name());
            case Edit.RemoveAdministrator edit -> new Deed("remove administrator", edit.name());
            case Edit.SetSecondFactor edit -> new Deed("set second factor of", edit.holder());
            case Edit.RemoveSecondFactor edit -> new Deed("remove second factor of", edit.holder());
            case Edit.SetRecoveryCodes edit -> new Deed("set recovery codes of", edit.holder());
            case Edit.AddPasskey edit ->
                new Deed("add passkey " + edit.passkey().label() + " of", edit.holder());
            case Edit.RemovePasskey edit -> new Deed("remove passkey " + edit.id() + " of", edit.holder());
            case Edit.EndToken edit -> new Deed("end token " + edit.id() + " of", edit.holder());
            case Edit.EndTokens edit -> new Deed("end all tokens of", edit.holder());
            case Edit.EndSession edit ->
                edit.holder().equals(actor.name())
                        ? new Deed("sign out", "")
                        : new Deed("end session " + edit.id() + " of", edit.holder());
            case Edit.EndSessions edit -> new Deed("end all sessions of", edit.holder());
        };
    }

    private static String orSystem(String domain) {
        return domain.isEmpty() ? "this system" : domain;
    }

    private static String kept(boolean tokens) {
        return tokens ? ", its tokens stay" : "";
    }

    private static void write(Tx tx, InstantSource clock, Line line) throws SQLException {
        boolean done = line.problem.isEmpty();
        long last = tx.count("SELECT " + (done ? "MAX" : "MIN") + "(place) FROM audit");
        long place = done ? Math.max(last, 0) + 1 : Math.min(last, 0) - 1;
        tx.update(
                "INSERT INTO audit (happened, who, what, door, remote, problem, place, about)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                clock.millis(),
                line.actor.name(),
                cut(Log.escape(line.what), WHAT_CHARS_MAX),
                line.actor.door().word(),
                cut(line.actor.from(), REMOTE_CHARS_MAX),
                cut(Log.escape(line.problem), PROBLEM_CHARS_MAX),
                place,
                cut(line.about.toLowerCase(Locale.ROOT), ABOUT_CHARS_MAX));
        if (place % TRIMMED_EVERY == 0) {
            trim(tx, place);
        }
    }

    /// Lets the oldest lines go of the room that a line has just got a place in.
    static void trim(Tx tx, long place) throws SQLException {
        if (place > 0) {
            tx.update("DELETE FROM audit WHERE place > 0 AND place <= ?", place - DONE_LINES_MAX);
        } else {
            tx.update("DELETE FROM audit WHERE place < 0 AND place >= ?", place + REFUSED_LINES_MAX);
        }
    }

    private static String cut(String text, int most) {
        return text.length() > most ? text.substring(0, most) : text;
    }

    /// The newest lines, newest first.
    public List<Event> newest(int most) throws IOException {
        return older(0, "", most).lines.stream().map(Numbered::event).toList();
    }

    /// A line and its number.
    public record Numbered(long number, Event event) {}

    /// Some lines, the newest first.
    ///
    /// @param next before which the next look begins; 0 where there is none
    public record Part(List<Numbered> lines, long next) {
        /// Keeps a copy.
        public Part {
            lines = List.copyOf(lines);
        }

        private static Part of(List<Numbered> found, int most, long otherwise) {
            return found.size() > most
                    ? new Part(found.subList(0, most), found.get(most - 1).number())
                    : new Part(found, otherwise);
        }
    }

    /// Whether a text is a name whose lines are found at once, however many others there are.
    public boolean isName(String text) throws IOException {
        return !text.isEmpty()
                && database.call(tx -> !read(tx, WHO, 1, text, LAST).isEmpty()
                        || !read(tx, ABOUT, 1, text, LAST, text).isEmpty());
    }

    /// The lines of a name, or else those that hold a text, as {@link #of} and {@link #older} find them.
    public Part find(String query, long before, int most) throws IOException {
        return isName(query) ? of(query, before, most) : older(before, query, most);
    }

    /// What somebody did, and what was done to somebody or something, a part at a time, the newest first.
    ///
    /// @param name as {@link #isName} knows it
    /// @param before a number: those that are older; 0 for the newest
    public Part of(String name, long before, int most) throws IOException {
        long end = before == 0 ? LAST : before;
        return database.call(tx -> Part.of(
                Stream.concat(
                                read(tx, WHO, most + 1, name, end).stream(),
                                read(tx, ABOUT, most + 1, name, end, name).stream())
                        .sorted(Comparator.comparingLong(Numbered::number).reversed())
                        .toList(),
                most,
                0));
    }

    /// Lines a part at a time, the newest first, whose words, name or address hold a text. It may find fewer than there
    /// are, where it has gone through {@link #SEARCHED_MAX}; the next part goes on behind them.
    ///
    /// @param query in small letters; empty for every line
    /// @param before a number: those that are older; 0 for the newest
    public Part older(long before, String query, int most) throws IOException {
        int looks = query.isEmpty() ? most + 1 : SEARCHED_MAX;
        List<Numbered> looked = database.call(tx -> read(tx, ALL, looks, before == 0 ? LAST : before));
        long further = looked.size() == looks ? looked.getLast().number() : 0;
        return Part.of(looked.stream().filter(line -> line.event.holds(query)).toList(), most, further);
    }

    /// @param which of the lines, and in the order of which index: HSQLDB goes by it only when it is told all of it
    private static List<Numbered> read(Tx tx, String which, int most, Object... values) throws SQLException {
        return tx.list(
                "SELECT id, happened, who, door, remote, what, problem FROM audit WHERE " + which + " LIMIT " + most,
                r -> new Numbered(
                        r.getLong(1),
                        new Event(
                                Instant.ofEpochMilli(r.getLong(2)),
                                r.getString(3),
                                r.getString(4),
                                r.getString(5),
                                r.getString(6),
                                r.getString(7))),
                values);
    }
}
