package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateVersionTest {
    @TempDir
    private Path folder;

    private State state;

    @BeforeEach
    void users() throws IOException {
        state = new State(folder);
        Files.createDirectory(state.users());
    }

    private void says(String text) throws IOException {
        Files.writeString(StateVersion.file(state), text);
    }

    @Test
    void aStateOfBeforeThereWasSuchAFileIsTaken() throws IOException {
        StateVersion.check(state, "0.1.0");
        StateVersion.write(state, "0.2.0", "0.1.0");
        assertEquals(Optional.of(new StateVersion("0.2.0", "0.1.0")), StateVersion.of(state));
    }

    @Test
    void aVersionThatIsTooOldIsToldWhatToDo() throws IOException {
        says("version 0.12.0\nsince 0.10.1\n");
        StateVersion.check(state, "0.10.1");
        StateVersion.check(state, "0.10.1-SNAPSHOT");
        for (String old : new String[] {"0.10.0", "0.9.9"}) {
            IOException refused = assertThrows(IOException.class, () -> StateVersion.write(state, old, "0.1.0"));
            assertEquals(
                    "this is Qrate " + old + ", and the state is of 0.12.0, which 0.10.1 and newer can read:"
                            + " start that version, or go back by its ./qrate rollback",
                    refused.getMessage());
        }
        assertEquals(Optional.of(new StateVersion("0.12.0", "0.10.1")), StateVersion.of(state));
    }

    @Test
    void aRollbackDoesNotForgetWhatTheNewerVersionWrote() throws IOException {
        StateVersion.write(state, "0.2.0", "0.1.0");
        StateVersion.write(state, "0.3.0", "0.2.0");
        StateVersion.write(state, "0.2.0", "0.1.0");
        assertEquals(Optional.of(new StateVersion("0.2.0", "0.2.0")), StateVersion.of(state));
        assertThrows(IOException.class, () -> StateVersion.check(state, "0.1.0"));
    }

    @Test
    void linesOfVersionsToComeAreSkippedAndNonsenseIsNot() throws IOException {
        says("version 0.2.0\nqueue 7\n\nsince 0.1.0\n");
        StateVersion.check(state, "0.1.0");
        for (String nonsense :
                new String[] {"", "version 0.2.0\n", "version two\nsince 0.1.0\n", "since 1.2.3.4\nversion 0.1.0"}) {
            says(nonsense);
            assertTrue(assertThrows(IOException.class, () -> StateVersion.check(state, "9.0.0"))
                    .getMessage()
                    .endsWith("version: does not say which version the state is of"));
        }
    }

    @Test
    void thisVersionReadsWhatItWrites() throws IOException {
        StateVersion.write(state);
        StateVersion.check(state);
        StateVersion.write(state);
        assertEquals(Optional.of(new StateVersion(Version.text(), StateVersion.SINCE)), StateVersion.of(state));
    }
}
