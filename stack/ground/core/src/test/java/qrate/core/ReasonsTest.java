package qrate.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A failure says what is wrong, not only with what.
class ReasonsTest {
    @TempDir
    Path folder;

    @Test
    void aFilesNameIsFollowedByWhatIsWrong() {
        Path away = folder.resolve("a\nb");
        assertEquals(
                folder + "/a\\x0ab: no such file",
                Reasons.of(assertThrows(IOException.class, () -> Files.readString(away))));
        assertEquals(
                folder + ": it is there already",
                Reasons.of(assertThrows(IOException.class, () -> Files.createDirectory(folder))));
        assertEquals(
                "f: permission denied: this user may not read or write it", Reasons.of(new AccessDeniedException("f")));
    }

    @Test
    void aReasonThatIsGivenStays() {
        assertEquals("f: no leave", Reasons.of(new AccessDeniedException("f", null, "no leave")));
        assertEquals("too long", Reasons.of(new UncheckedIOException(new IOException("too long"))));
        assertEquals("EOFException", Reasons.of(new EOFException()));
    }
}
