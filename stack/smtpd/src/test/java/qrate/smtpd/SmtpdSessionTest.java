package qrate.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.tcpserver.Listener;
import qrate.testkit.WireScript;

class SmtpdSessionTest {
    @TempDir
    Path folder;

    @Test
    void takesAMessageInAPlainSession() throws IOException {
        House house = new House(folder);
        try (Listener listener = house.listen(Kind.MX)) {
            WireScript.play(Path.of("src/test/wire/plain.wire"), listener.port());
        }
        House.Message message = house.accepted.getFirst();
        assertEquals("sender@client.example", message.envelope().sender());
        assertEquals("BODY=8BITMIME", message.envelope().parameters());
        assertEquals(2, message.envelope().recipients().size());
        assertEquals("NOTIFY=NEVER", message.envelope().recipients().getFirst().parameters());
        assertEquals(
                "postmaster@mail.example.test",
                message.envelope().recipients().getLast().address());
        assertTrue(
                message.content()
                        .startsWith("Received: from unknown (HELO client.example) (127.0.0.1)\n"
                                + "  by mail.example.test with ESMTP; "),
                message.content());
        assertTrue(message.content().endsWith("\nSubject: hello\n\n.dot\ncaf\u00c3\u00a9\n"), message.content());
        assertEquals(1, house.accepted.size());
    }
}
