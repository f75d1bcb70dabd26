package qrate.message;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/// A point in time as qmail's programs write it in a header: `24 Nov 2026 06:06:07 -0000` (RFC 5322 §3.3, where the
/// weekday may be missing and the zone says that it is nobody's).
public final class HeaderDate {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private HeaderDate() {}

    /// The date as text.
    public static String of(Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(26);
        text.append(utc.getDayOfMonth())
                .append(' ')
                .append(MONTHS[utc.getMonthValue() - 1])
                .append(' ')
                .append(utc.getYear())
                .append(' ');
        two(text, utc.getHour()).append(':');
        two(text, utc.getMinute()).append(':');
        two(text, utc.getSecond()).append(" -0000");
        return text.toString();
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
