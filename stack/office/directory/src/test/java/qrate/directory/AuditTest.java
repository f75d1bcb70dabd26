package qrate.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The audit log: what is kept, and how it is looked through.
class AuditTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Actor ANN = new Actor("ann@example.test", Actor.Door.PAGE, "192.0.2.7");
    private static final Actor ADMIN = new Actor("admin", Actor.Door.COMMAND, "");

    @TempDir
    Path folder;

    private Database database;
    private Audit audit;

    Database database() throws IOException {
        return Database.open(Settings.HSQLDB + "file:" + folder.resolve("d") + ";hsqldb.tx=mvcc", "SA", "");
    }

    @BeforeEach
    void open() throws IOException {
        database = database();
        audit = new Audit(database, () -> NOW);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void done(Actor who, Edit edit) throws IOException {
        database.call(tx -> {
            Audit.record(tx, () -> NOW, who, new Outcome.Line(edit, ""));
            return true;
        });
    }

    /// What it would be to have written so many before.
    private void move(String room, long by) throws IOException {
        database.call(tx -> tx.update("UPDATE audit SET place = place + ? WHERE " + room, by));
    }

    private List<String> room(String word) throws IOException {
        return audit.newest(100).stream()
                .map(Audit.Event::what)
                .filter(what -> what.startsWith(word))
                .toList();
    }

    @Test
    void theOldestLinesOfARoomGoAndNoneOfTheOther() throws IOException {
        for (int i = 1; i <= 9; i++) {
            audit.done(ADMIN, "done " + i);
            audit.refused(ANN, "refused " + i, "403 Forbidden");
        }
        move("place = 9", Audit.DONE_LINES_MAX - 9);
        for (int i = 10; i <= 19; i++) {
            audit.done(ADMIN, "done " + i);
        }
        assertEquals(
                IntStream.rangeClosed(9, 19).mapToObj(i -> "done " + i).toList().reversed(), room("done"));
        assertEquals(9, room("refused").size());
        move("place = -9", 9 - Audit.REFUSED_LINES_MAX);
        for (int i = 10; i <= 19; i++) {
            audit.refused(ANN, "refused " + i, "403 Forbidden");
        }
        assertEquals(
                IntStream.rangeClosed(9, 19)
                        .mapToObj(i -> "refused " + i)
                        .toList()
                        .reversed(),
                room("refused"));
        assertEquals(11, room("done").size());
    }

    @Test
    void aLookForWordsGoesThroughSoManyLinesAndTheNextGoesOnBehindThem() throws IOException {
        audit.done(ADMIN, "queue: try ALL messages now");
        database.call(tx -> {
            for (int i = 0; i < Audit.SEARCHED_MAX; i++) {
                Audit.record(tx, () -> NOW, ANN, "another line");
            }
            return true;
        });
        Audit.Part first = audit.older(0, "all messages", 50);
        assertEquals(List.of(), first.lines());
        assertTrue(first.next() > 0, first::toString);
        Audit.Part second = audit.older(first.next(), "all messages", 50);
        assertEquals(
                "queue: try ALL messages now", second.lines().getFirst().event().what());
        assertEquals(0, second.next());
        assertEquals(50, audit.older(0, "192.0.2.7", 50).lines().size());
    }

    @Test
    void partsFollowEachOtherWithoutAGapOrATwin() throws IOException {
        for (int i = 0; i < 11; i++) {
            audit.done(ADMIN, "line " + i);
        }
        List<String> all = new ArrayList<>();
        long before = 0;
        do {
            Audit.Part part = audit.older(before, "", 5);
            part.lines().forEach(line -> all.add(line.event().what()));
            before = part.next();
        } while (before > 0);
        assertEquals(IntStream.range(0, 11).mapToObj(i -> "line " + i).toList().reversed(), all);
    }

    @Test
    void aNameFindsWhatSomebodyDidAndWhatWasDoneToHimWithoutALookAtOthers() throws IOException {
        for (int i = 0; i < 4; i++) {
            done(ADMIN, new Edit.Modify("ann@example.test", Map.of()));
            done(ADMIN, new Edit.Modify("bob@example.test", Map.of()));
            done(ANN, new Edit.EndTokens("ann@example.test"));
            audit.done(ANN, "queue: something");
        }
        assertTrue(audit.isName("ann@example.test") && audit.isName("bob@example.test") && audit.isName("admin"));
        assertFalse(audit.isName("carol@example.test") || audit.isName("") || audit.isName("ann"));
        List<String> all = new ArrayList<>();
        long before = 0;
        do {
            Audit.Part part = audit.of("ann@example.test", before, 5);
            part.lines().forEach(line -> all.add(line.event().what()));
            before = part.next();
        } while (before > 0);
        assertEquals(12, all.size(), all::toString);
        assertEquals(
                List.of("queue: something", "end all tokens of ann@example.test", "modify mailbox ann@example.test"),
                all.subList(0, 3));
    }
}
