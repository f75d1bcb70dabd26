package qrate.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import qrate.testkit.Seeds;

class TraceFieldsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static String received(String host, String helo, String info) {
        return TraceFields.received(new TraceFields.Peer(host, helo, info, "192.0.2.7"), "me.test", "ESMTP", NOW);
    }

    @Test
    void writesEachFieldAsQmailDoes() {
        String by = ")\n  by me.test with ESMTP; 2 Jan 2026 03:04:05 -0000\n";
        assertEquals("Received: from unknown (HELO x) (192.0.2.7" + by, received("unknown", "x", ""));
        assertEquals("Received: from a.test (ann@192.0.2.7" + by, received("a.test", "A.TEST", "ann"));
        assertEquals(
                "Received: (qmail 17 invoked from network); 2 Jan 2026 03:04:05 -0000\n",
                TraceFields.invoked(17, "from network", NOW));
        assertEquals("Delivered-To: a b@c.test\n", TraceFields.deliveredTo("a b@c.test"));
        assertEquals("Return-Path: <>\n", TraceFields.returnPath(""));
        assertEquals("Date: 2 Jan 2026 03:04:05 -0000\n", TraceFields.date(NOW));
        assertEquals("Message-ID: <1.x@me.test>\n", TraceFields.messageId("1.x", "me.test"));
    }

    @Test
    void nothingThatAClientSaysEndsAField() {
        Seeds.forAll(500, random -> {
            StringBuilder said = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                said.append((char) random.nextInt(300));
            }
            String field = received(said.toString(), "x" + said, "" + said);
            assertEquals(2, field.lines().count(), field);
            assertTrue(field.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~')), field);
            assertFalse(field.substring(0, field.indexOf("by me.test")).contains(";"), field);
        });
    }

    @Test
    void writesDatesAsTheJdkWouldForAnyTime() {
        List<ZoneId> zones =
                List.of(ZoneOffset.UTC, ZoneId.of("+05:30"), ZoneId.of("-09:30"), ZoneId.of("America/New_York"));
        Seeds.forAll(2_000, random -> {
            Instant at = Instant.ofEpochSecond(random.nextLong(0, 253_402_300_800L));
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            assertEquals(by("d MMM yyyy HH:mm:ss '-0000'", ZoneOffset.UTC, at), Dates.header(at));
            assertEquals(by("d MMM yyyy HH:mm:ss 'GMT'", ZoneOffset.UTC, at), Dates.gmt(at));
            assertEquals(by("EEE MMM ppd HH:mm:ss yyyy", ZoneOffset.UTC, at), Dates.asctime(at));
            assertEquals(by("yyyyMMddHHmmss", ZoneOffset.UTC, at), Dates.stamp(at));
            Instant recent = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L));
            assertEquals(by("d MMM yyyy HH:mm:ss xx", zone, recent), Dates.header(recent, zone));
        });
    }

    private static String by(String pattern, ZoneId zone, Instant at) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).format(at.atZone(zone));
    }
}
