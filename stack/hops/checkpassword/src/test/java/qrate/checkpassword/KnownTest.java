package qrate.checkpassword;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import qrate.core.Log;

class KnownTest {
    private final MovedClock clock = new MovedClock();

    @TempDir
    Path folder;

    private Known known() {
        return Known.in(folder.resolve("known"), clock, Log.silent());
    }

    @Test
    void outlivesARestart() throws IOException {
        Known before = known();
        before.add("192.0.2.0/24", "ann@example.test");
        before.add("2001:db8:1:2::/64", "ann@example.test");
        before.save();
        Known after = known();
        assertTrue(after.has("192.0.2.0/24", "ann@example.test"));
        assertTrue(after.has("2001:db8:1:2::/64", "ann@example.test"));
        assertFalse(after.has("192.0.2.0/24", "bob@example.test"));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("known"))),
                "where people were is nobody's business");
    }

    @Test
    void writesByItselfNowAndThen() {
        Known known = known();
        known.add("192.0.2.0/24", "ann@example.test");
        assertFalse(Files.exists(folder.resolve("known")));
        clock.move(Duration.ofMinutes(1));
        known.add("198.51.100.0/24", "ann@example.test");
        assertTrue(known().has("192.0.2.0/24", "ann@example.test"));
    }

    @Test
    void forgetsWhatIsNotUsedForLong() {
        Known known = known();
        known.add("192.0.2.0/24", "ann@example.test");
        known.save();
        clock.move(Duration.ofDays(Known.KEEP_DAYS + 1));
        assertFalse(known.has("192.0.2.0/24", "ann@example.test"));
        assertEquals(0, known().size());
    }

    @Test
    void boundsWhatOneAccountAndAllTake() {
        Known known = known();
        known.add("192.0.2.0/24", "bob@example.test");
        for (int i = 0; i < 100_000; i++) {
            known.add(i + ".0/24", "ann@example.test");
        }
        assertEquals(1 + Known.NETWORKS_MAX, known.size());
        assertTrue(known.has("192.0.2.0/24", "bob@example.test"));
        for (int i = 0; i < 2 * Known.ACCOUNTS_MAX; i++) {
            known.add("192.0.2.0/24", i + "@example.test");
        }
        assertEquals(Known.ACCOUNTS_MAX, known.size());
    }

    @Test
    void readsWhateverStandsInItsFile() throws IOException {
        long today = clock.millis() / Duration.ofDays(1).toMillis();
        Files.writeString(
                folder.resolve("known"),
                "\n \nx y z\n99999999999 a b\n-1 a b\n" + today + " 192.0.2.0/24 ann\n" + today);
        assertTrue(known().has("192.0.2.0/24", "ann"));
        assertEquals(1, known().size());
        Files.write(folder.resolve("known"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        assertEquals(0, known().size());
    }
}
