package qrate.message;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/// A point in time in each form that qmail's programs write.
public final class Dates {
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    private Dates() {}

    /// `24 Nov 2026 06:06:07 -0000`, as it stands in a header (RFC 5322 §3.3, where the weekday may be missing and this
    /// zone says that it is nobody's).
    public static String header(Instant instant) {
        return day(instant.atZone(ZoneOffset.UTC)).append(" -0000").toString();
    }

    /// `24 Nov 2026 07:06:07 +0100`, for whoever is somewhere (datemail(1)).
    public static String header(Instant instant, ZoneId zone) {
        ZonedDateTime there = instant.atZone(zone);
        int minutes = there.getOffset().getTotalSeconds() / 60;
        StringBuilder text = day(there).append(minutes < 0 ? " -" : " +");
        two(text, Math.abs(minutes) / 60);
        return two(text, Math.abs(minutes) % 60).toString();
    }

    /// `24 Nov 2026 06:06:07 GMT` (qmail-qread(8)).
    public static String gmt(Instant instant) {
        return day(instant.atZone(ZoneOffset.UTC)).append(" GMT").toString();
    }

    /// `Tue Nov 24 06:06:07 2026`, as asctime(3) has it: 24 characters, the day of the month padded by a blank
    /// (mbox(5)).
    public static String asctime(Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24);
        text.append(DAYS[utc.getDayOfWeek().getValue() - 1])
                .append(' ')
                .append(MONTHS[utc.getMonthValue() - 1])
                .append(utc.getDayOfMonth() < 10 ? "  " : " ")
                .append(utc.getDayOfMonth())
                .append(' ');
        return time(text, utc).append(' ').append(utc.getYear()).toString();
    }

    /// `20261124060607`, 14 digits, for names that sort by time.
    public static String stamp(Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(14).append(utc.getYear());
        two(text, utc.getMonthValue());
        two(text, utc.getDayOfMonth());
        two(text, utc.getHour());
        two(text, utc.getMinute());
        return two(text, utc.getSecond()).toString();
    }

    private static StringBuilder day(ZonedDateTime when) {
        StringBuilder text = new StringBuilder(26);
        text.append(when.getDayOfMonth())
                .append(' ')
                .append(MONTHS[when.getMonthValue() - 1])
                .append(' ')
                .append(when.getYear())
                .append(' ');
        return time(text, when);
    }

    private static StringBuilder time(StringBuilder text, ZonedDateTime when) {
        two(text, when.getHour()).append(':');
        two(text, when.getMinute()).append(':');
        return two(text, when.getSecond());
    }

    private static StringBuilder two(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
