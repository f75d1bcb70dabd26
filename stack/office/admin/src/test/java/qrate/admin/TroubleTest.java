package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import qrate.directory.Edit;
import qrate.directory.Password;
import qrate.directory.RemoteDirectory;
import qrate.directory.Trouble;

/// Under trouble each answer says what happened, and what is saved.
class TroubleTest extends AdminOnRig {
    private Path blocked;

    /// A folder stands where a file should go: what a full or broken disk answers.
    @BeforeEach
    void block() throws IOException {
        blocked = rig.state.control().resolve("rcpthosts");
        Files.deleteIfExists(blocked);
        Files.createDirectories(blocked.resolve("in the way"));
    }

    @AfterEach
    void unblock() throws IOException {
        Files.deleteIfExists(blocked.resolve("in the way"));
        Files.deleteIfExists(blocked);
        rig.domains.heal();
    }

    @Test
    void saysThatAChangeIsSavedThoughNotEverybodyReadsIt() throws IOException {
        HttpResponse<String> response = rig.api(
                "POST", "/api/v1/domains", rig.token("admin"), "{\"name\":\"full.test\",\"password\":\"12345678\"}");
        assertEquals(202, response.statusCode(), response.body());
        assertTrue(response.body().contains("\"error\":\"ALL\""), response.body());
        assertTrue(response.body().contains("the change is saved"), response.body());
        assertTrue(rig.domains.domain("full.test").isPresent());
    }

    @Test
    void saysTheSameToACommand() throws IOException {
        try (RemoteDirectory remote =
                new RemoteDirectory(rig.url(), Files.readString(rig.state.db().resolve("local-token")))) {
            Trouble trouble = assertThrows(
                    Trouble.class,
                    () -> remote.apply(new Edit.AddDomain("fuller.test", new Password.Clear("12345678"))));
            assertEquals(Trouble.Saved.ALL, trouble.saved());
            assertTrue(trouble.getMessage().endsWith("the change is saved and is not to be made again"));
        }
    }

    @Test
    void saysThatNobodyTakesAConnectionAndNothingWasChanged() {
        try (RemoteDirectory nobody = new RemoteDirectory("http://127.0.0.1:1", "x")) {
            Trouble trouble = assertThrows(Trouble.class, () -> nobody.apply(new Edit.DeleteDomain("example.test")));
            assertEquals(Trouble.Saved.NOTHING, trouble.saved());
        }
    }
}
