package qrate.directory;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A domain's mail of a day of UTC.
///
/// @param received deliveries to its addresses, and the bytes of their messages
/// @param spam how many of those a filter called spam
/// @param sent messages of its users, however many recipients each had, and their bytes
/// @param bounced messages of its users that came back
/// @param refused recipients that the door refused
public record MailDay(
        LocalDate day,
        long received,
        long receivedBytes,
        long spam,
        long sent,
        long sentBytes,
        long bounced,
        long refused) {
    /// One without mail.
    public static MailDay none(LocalDate day) {
        return new MailDay(day, 0, 0, 0, 0, 0, 0, 0);
    }

    /// Both together, on this one's day.
    public MailDay plus(MailDay other) {
        return new MailDay(
                day,
                received + other.received,
                receivedBytes + other.receivedBytes,
                spam + other.spam,
                sent + other.sent,
                sentBytes + other.sentBytes,
                bounced + other.bounced,
                refused + other.refused);
    }

    /// All of some days, which are not none, on the first's day.
    public static MailDay sum(List<MailDay> days) {
        return days.stream().reduce(none(days.getFirst().day), MailDay::plus);
    }

    /// For JSON.
    public Map<String, Object> json() {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("day", day.toString());
        shape.put("received", received);
        shape.put("receivedBytes", receivedBytes);
        shape.put("spam", spam);
        shape.put("sent", sent);
        shape.put("sentBytes", sentBytes);
        shape.put("bounced", bounced);
        shape.put("refused", refused);
        return shape;
    }

    /// Of JSON; what is missing is 0.
    static MailDay of(Map<String, Object> shape) throws IOException {
        try {
            return new MailDay(
                    LocalDate.parse(Json.text(shape, "day")),
                    Json.number(shape, "received", 0),
                    Json.number(shape, "receivedBytes", 0),
                    Json.number(shape, "spam", 0),
                    Json.number(shape, "sent", 0),
                    Json.number(shape, "sentBytes", 0),
                    Json.number(shape, "bounced", 0),
                    Json.number(shape, "refused", 0));
        } catch (DateTimeException e) {
            throw new IOException("admin: day: " + e.getMessage(), e);
        }
    }
}
