package qrate.directory;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.State;

/// Moves a directory from one kind of database to the other, all of it, while nobody changes it.
///
/// `db/kind` says where the directory is, and is changed last: whatever comes between, the old database holds all of it
/// and the move can begin anew. A database that is moved into is marked before its first row, and one that was moved
/// away
/// from when all is done: only an empty one or one with such a mark is written over.
final class DirectoryMove {
    /// The table of the mark.
    static final String MARK = "move_mark";

    private static final String INCOMING = "incoming";
    private static final String AWAY = "away";

    private final State state;
    private final Settings from;
    private final Settings to;

    /// @param from where the directory is
    /// @param to of the other kind
    DirectoryMove(State state, Settings from, Settings to) {
        this.state = state;
        this.from = from;
        this.to = to;
    }

    /// What came of it.
    ///
    /// @param tables what each holds now; none when it was there already
    record Moved(List<Tables.Content> tables) {
        Moved {
            tables = List.copyOf(tables);
        }
    }

    /// Does it, or what is left of it.
    ///
    /// @throws IOException when it is not done; the directory is where it was
    Moved run() throws IOException {
        DatabaseKind kind = DatabaseKind.of(state, to);
        boolean there = kind.before().equals(Optional.of(kind.name()));
        if (!there) {
            DatabaseKind.of(state, from).check();
        }
        try (Database source = Database.open(from.url(), from.user(), from.password());
                Database.Claim _ = source.claim(WriterLock.WAIT_SECONDS_MAX);
                Database target = Database.open(to.url(), to.user(), to.password());
                Database.Claim _ = target.claim(WriterLock.WAIT_SECONDS_MAX)) {
            List<Tables.Content> moved = there ? List.of() : copy(source, target);
            if (!there) {
                kind.set();
            }
            mark(source, AWAY);
            unmark(target);
            return new Moved(moved);
        }
    }

    private List<Tables.Content> copy(Database source, Database target) throws IOException {
        if (isEmpty(source)) {
            throw new IOException("database: there is no directory at " + from.url() + " to be moved");
        }
        if (mark(target).isEmpty() && !isEmpty(target)) {
            throw new IOException("database: " + to.url() + " holds another directory: it is not written over");
        }
        mark(target, INCOMING);
        return source.call(in -> target.call(out -> copy(in.connection(), out.connection())));
    }

    private static List<Tables.Content> copy(Connection source, Connection target) throws SQLException, IOException {
        List<Tables.Table> tables = Tables.of(source);
        if (!tables.equals(Tables.of(target))) {
            throw new IOException("database: the two have different tables: " + tables + ", " + Tables.of(target));
        }
        Tables.clear(target, tables);
        List<Tables.Content> moved = new ArrayList<>();
        for (Tables.Table table : tables) {
            Tables.copy(source, target, table);
            Tables.Content before = Tables.content(source, table);
            Tables.Content after = Tables.content(target, table);
            if (!before.equals(after)) {
                throw new IOException("database: " + before + " has become " + after);
            }
            moved.add(after);
        }
        return moved;
    }

    private static boolean isEmpty(Database database) throws IOException {
        return database.call(
                tx -> tx.count("SELECT COUNT(*) FROM domains") + tx.count("SELECT COUNT(*) FROM administrators") == 0);
    }

    private static Optional<String> mark(Database database) throws IOException {
        return database.call(tx -> {
            makeMark(tx);
            return tx.one("SELECT word FROM " + MARK, row -> row.getString(1));
        });
    }

    private static void mark(Database database, String word) throws IOException {
        database.call(tx -> {
            makeMark(tx);
            tx.update("DELETE FROM " + MARK);
            return tx.update("INSERT INTO " + MARK + " (word) VALUES (?)", word);
        });
    }

    private static void makeMark(Database.Tx tx) throws SQLException {
        tx.execute("CREATE TABLE IF NOT EXISTS " + MARK + " (word VARCHAR(20) NOT NULL PRIMARY KEY)");
    }

    private static void unmark(Database database) throws IOException {
        database.call(tx -> {
            tx.execute("DROP TABLE IF EXISTS " + MARK);
            return true;
        });
    }
}
