package qrate.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.testkit.WireScript;

class Pop3dDialogueTest {
    private static final Path WIRE = Path.of("src/test/wire");

    @TempDir
    Path root;

    private Box box;

    @BeforeEach
    void fill() throws IOException {
        box = new Box(root);
        box.put("ann", "1000.Q1R0.host", "Subject: one\n\nfirst line\n.\n..two\nlast without end");
        box.put("ann", "1001.Q2R0.host", "Subject: two\n\nhello\n");
        box.put("ann", "999.Q9R0.host,S=11:2,R", "Oldest: 1\n\n");
    }

    private void play(String script) throws IOException {
        try (PlainServer server = new PlainServer(box.service())) {
            WireScript.play(WIRE.resolve(script), server.port());
        }
    }

    @Test
    void readsMarksAndDeletesOnQuit() throws IOException {
        play("session.wire");
        assertEquals(List.of("1001.Q2R0.host,S=20"), box.names("ann", "new"));
        assertEquals(List.of("1000.Q1R0.host,S=49:2,S"), box.names("ann", "cur"));
    }
}
