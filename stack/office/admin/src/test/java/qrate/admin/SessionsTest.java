package qrate.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class SessionsTest {
    private final AtomicLong now = new AtomicLong(1_764_000_000_000L);
    private final Sessions sessions = new Sessions(new byte[32], () -> Instant.ofEpochMilli(now.get()));

    @Test
    void readsItsOwnCookieUntilItIsOver() {
        Sessions.Session session = sessions.open("ann@example.test", "f");
        String cookie = sessions.cookie(session);
        assertEquals(Optional.of(session), sessions.read(cookie));
        now.addAndGet(Sessions.LASTS.toMillis());
        assertEquals(Optional.empty(), sessions.read(cookie));
    }

    @Test
    void takesNoCookieThatWasTouched() {
        String cookie = sessions.cookie(sessions.open("ann@example.test", "f"));
        Seeds.forAll(300, random -> {
            char[] touched = cookie.toCharArray();
            int at = random.nextInt(touched.length - 1);
            touched[at] = (char) (33 + random.nextInt(94));
            if (touched[at] != cookie.charAt(at)) {
                assertEquals(Optional.empty(), sessions.read(new String(touched)));
            }
        });
        byte[] other = new byte[32];
        other[0] = 1;
        assertEquals(Optional.empty(), new Sessions(other, Instant::now).read(cookie));
        for (String bad : List.of("", ".", "a.b", "x".repeat(5000) + ".y", "é.é")) {
            assertEquals(Optional.empty(), sessions.read(bad));
        }
    }

    @Test
    void givesEachSessionItsOwnFormToken() {
        Sessions.Session one = sessions.open("admin", "f");
        Sessions.Session two = sessions.open("admin", "f");
        assertFalse(sessions.matches(one, sessions.csrf(two)));
        assertFalse(sessions.matches(one, ""));
        assertEquals(true, sessions.matches(one, sessions.csrf(one)));
    }

    @Test
    void hidesTheFormTokenBehindOtherBytesInEachAnswer() {
        Sessions.Session session = sessions.open("admin", "f");
        Set<String> given = new HashSet<>();
        Set<String> endings = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            String csrf = sessions.csrf(session);
            assertTrue(sessions.matches(session, csrf));
            given.add(csrf);
            endings.add(csrf.substring(csrf.length() / 2));
        }
        assertEquals(100, given.size());
        assertEquals(100, endings.size());
        String csrf = sessions.csrf(session);
        for (String bad : List.of(
                csrf.substring(1),
                csrf + "A",
                csrf.substring(csrf.length() / 2),
                csrf.substring(0, csrf.length() / 2),
                (csrf.charAt(0) == 'A' ? 'B' : 'A') + csrf.substring(1),
                "A".repeat(csrf.length()),
                "é".repeat(86))) {
            assertFalse(sessions.matches(session, bad), bad);
        }
    }
}
