package qrate.images.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.directory.Change;
import qrate.directory.Edit;
import qrate.directory.EditableDirectory;
import qrate.directory.Forwarding;
import qrate.directory.Opening;

/// What an owner sets of his mailbox, in the one process: his mail goes where he says, and he sees who has logged in.
class OwnerFlowTest {
    @TempDir
    private Path folder;

    private static String signIns(Installation here) throws Exception {
        String token = Files.readString(here.state().db().resolve(Opening.LOCAL_TOKEN));
        int port = here.running().admin().door().orElseThrow().address().getPort();
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/mailboxes/" + Installation.ANN + "/sign-ins");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(uri)
                                    .header("Authorization", "Bearer " + token.strip())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString(UTF_8))
                    .body();
        }
    }

    /// Set before any mail comes: whoever delivers may read what was said a second ago.
    private static void forward(Installation here, boolean keep) throws Exception {
        try (EditableDirectory directory = here.directory()) {
            Forwarding toBob = new Forwarding(List.of(Installation.BOB), keep);
            assertEquals(new Change.Done(), directory.apply(new Edit.SetForward(Installation.ANN, toBob)));
        }
    }

    @Test
    void mailGoesOnAndACopyStays() throws Exception {
        try (Installation here = Installation.start(folder)) {
            forward(here, true);
            assertTrue(here.send("first", Installation.ANN).startsWith("250 "));
            assertTrue(here.box(Installation.BOB, 1).getFirst().contains("This is first"));
            assertEquals(1, here.box(Installation.ANN, 1).size());
        }
    }

    @Test
    void mailGoesOnAndNoneStays() throws Exception {
        try (Installation here = Installation.start(folder)) {
            forward(here, false);
            assertTrue(here.send("second", Installation.ANN).startsWith("250 "));
            assertTrue(here.box(Installation.BOB, 1).getFirst().contains("This is second"));
            here.drained();
            assertEquals(List.of(), here.box(Installation.ANN));
        }
    }

    @Test
    void aLoginIsSeenByItsOwner() throws Exception {
        try (Installation here = Installation.start(folder)) {
            assertEquals("[]", signIns(here));
            assertTrue(here.login(Installation.ANN).startsWith("+OK"));
            try (Talk talk = here.submission(Installation.ANN)) {
                talk.say("QUIT");
            }
            await().atMost(Installation.SOON)
                    .until(() ->
                            signIns(here).contains("\"pop3\"") && signIns(here).contains("\"smtp\""));
            assertTrue(signIns(here).contains("\"from\":\"127.0.0.1\""), signIns(here));
        }
    }
}
