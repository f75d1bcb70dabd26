package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Control;
import qrate.core.Log;
import qrate.testkit.LoopbackListener;

class MaildropLocksTest {
    private static final Path BOX = Path.of("/box");

    @TempDir
    Path root;

    private volatile Instant now = Instant.EPOCH;
    private final MaildropLocks boxes = new MaildropLocks(() -> now);

    private void silence() {
        now = now.plus(MaildropLocks.SILENT_MAX).plusMillis(1);
    }

    @Test
    void leavesABoxToWhoeverIsHeard() {
        MaildropLocks.Hold first = boxes.take(BOX).orElseThrow();
        for (int i = 0; i < 5; i++) {
            now = now.plus(MaildropLocks.SILENT_MAX);
            assertTrue(boxes.take(BOX).isEmpty());
            assertTrue(first.heard());
        }
        boxes.release(BOX, first);
        assertTrue(boxes.take(BOX).isPresent());
    }

    @Test
    void givesTheBoxOfASilentSessionToTheNextForGood() {
        MaildropLocks.Hold first = boxes.take(BOX).orElseThrow();
        silence();
        MaildropLocks.Hold second = boxes.take(BOX).orElseThrow();
        assertFalse(first.heard());
        assertFalse(first.end());
        boxes.release(BOX, first);
        assertTrue(boxes.take(BOX).isEmpty(), "who has lost it releases nothing");
        assertTrue(second.end());
    }

    @Test
    void interruptsNobodyWhoDeletes() {
        MaildropLocks.Hold first = boxes.take(BOX).orElseThrow();
        assertTrue(first.end());
        silence();
        assertTrue(boxes.take(BOX).isEmpty());
    }

    /// A phone that lost its network, and comes back.
    @Test
    void takesOverFromASessionThatIsSilentWhichThenDeletesNothing() throws IOException {
        Box box = new Box(root);
        box.put("ann", "1000.Q1R0.host", "Subject: one\n\none\n");
        Pop3d pop3d = new Pop3d(box::check, new Control(root.resolve("control"), () -> now), Log.silent(), () -> now);
        try (LoopbackListener server = new LoopbackListener(pop3d);
                Client lost = new Client(server.port());
                Client back = new Client(server.port())) {
            lost.login("ann");
            assertEquals("+OK marked", lost.ask("DELE 1"));
            back.ask("USER ann");
            assertEquals("-ERR [IN-USE] another session has this box open", back.ask("PASS secret"));
            silence();
            back.login("ann");
            assertEquals("-ERR [IN-USE] a newer session has this box, nothing was deleted", lost.ask("QUIT"));
            assertEquals("+OK 1 21", back.ask("STAT"));
        }
        assertEquals(1, List.copyOf(box.names("ann", "new")).size());
    }
}
