package qrate.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import qrate.testkit.Fuzz;

class NoticeFuzzTest {
    private static final Instant SINCE = Instant.parse("2026-06-01T12:00:00.5Z");

    private static Notice notice(String subject, String text) {
        return new Notice(new Notice.About(Notice.Event.MAILBOX, subject), SINCE, text);
    }

    @Test
    void aLineBringsItWhole() {
        for (String text : new String[] {"", "96 % full", "a b\tc%20+\u00e4陳\"\\\n", "x".repeat(10_000)}) {
            Notice one = notice("ann+b@example.test", text);
            assertEquals(Optional.of(one), Notice.read(one.line()));
            assertTrue(
                    one.text().length() <= Notice.TEXT_CHARS_MAX && one.text().indexOf('\n') < 0, one.text());
        }
    }

    @Test
    void itIsTheSameForTheSameThingSinceTheSameTime() {
        assertEquals(notice("a", "x").id(), notice("a", "y").id());
        assertNotEquals(notice("a", "x").id(), notice("b", "x").id());
    }

    /// Entry points: {@link Notice#read}, {@link WebhookTarget#parse}.
    @Test
    void lines() {
        Fuzz.Outcome outcome = Fuzz.run(
                "webhook lines",
                Fuzz.corpus(
                        notice("ann@example.test", "full %41").line(),
                        "2026-06-01T12:00:00Z problem disk %zz",
                        "https://hooks.example.org:8443/a?b=c problem mailbox",
                        "http://[::1]:9/x sender"),
                bytes -> {
                    String text = new String(bytes, UTF_8);
                    Notice.read(text).ifPresent(one -> {
                        assertTrue(one.text().length() <= Notice.TEXT_CHARS_MAX);
                        assertEquals(Optional.of(one), Notice.read(one.line()));
                    });
                    WebhookTarget.parse(text)
                            .ifPresent(place -> assertTrue(
                                    !place.shown().isEmpty() && !place.events().isEmpty()));
                });
        assertTrue(outcome.runs() > 0);
    }
}
