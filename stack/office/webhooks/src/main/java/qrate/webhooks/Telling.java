package qrate.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What one place has been told, and what is to be told next.
final class Telling {
    /// How long something must last before it is told: a service that restarts is none.
    static final Duration SETTLED = Duration.ofMinutes(1);

    /// How long after the first failure the next attempt comes; it doubles with each.
    static final Duration RETRY_FIRST = Duration.ofSeconds(10);

    static final Duration RETRY_MAX = Duration.ofHours(1);

    private static final int DOUBLED_MAX = 20;

    /// A message.
    ///
    /// @param begins whether it begins to be so; else it is over
    record Message(Notice notice, boolean begins) {}

    /// Most things that came and went while the place was away; of more, the newest.
    static final int MISSED_MAX = 100;

    private final Map<Notice.About, Notice> told = new LinkedHashMap<>();

    /// What stood at the last look and was to be told.
    private final Map<Notice.About, Notice> due = new LinkedHashMap<>();

    /// What was to be told and is over: that it began, and then that it ended, is told late.
    private final Map<Notice.About, Notice> missed = new LinkedHashMap<>();

    private Instant next = Instant.MIN;
    private int failures;
    private String why = "";

    /// Notes what stands now, also while the place is left alone.
    void look(List<Notice> standing, Instant now) {
        Set<Notice.About> present = standing.stream().map(Notice::about).collect(Collectors.toSet());
        missed.keySet().removeAll(present); // it is back, and is told as what it is now
        due.values().stream()
                .filter(notice -> !present.contains(notice.about()) && !told.containsKey(notice.about()))
                .forEach(notice -> missed.put(notice.about(), notice));
        due.clear();
        standing.stream().filter(notice -> isDue(notice, now)).forEach(notice -> due.put(notice.about(), notice));
        Iterator<Notice> oldest = missed.values().iterator();
        while (missed.size() > MISSED_MAX) {
            oldest.next();
            oldest.remove();
        }
    }

    private boolean isDue(Notice notice, Instant now) {
        return !told.containsKey(notice.about())
                && !notice.since().plus(SETTLED).isAfter(now);
    }

    /// What is to be told now; nothing when there is nothing, or while the place is left alone after a failure.
    ///
    /// @param standing all that the place wants to know
    Optional<Message> next(List<Notice> standing, Instant now) {
        if (now.isBefore(next)) {
            return Optional.empty();
        }
        Set<Notice.About> present = standing.stream().map(Notice::about).collect(Collectors.toSet());
        Optional<Message> over = told.values().stream()
                .filter(notice -> !present.contains(notice.about()))
                .findFirst()
                .map(notice -> new Message(notice, false));
        Optional<Message> message = over.or(() -> Stream.concat(
                        missed.values().stream(), standing.stream().filter(notice -> isDue(notice, now)))
                .findFirst()
                .map(notice -> new Message(notice, true)));
        if (message.isEmpty()) {
            well(); // what was to be told is over, too
        }
        return message;
    }

    /// It has been heard.
    void heard(Message message) {
        if (message.begins) {
            told.put(message.notice.about(), message.notice);
            missed.remove(message.notice.about());
        } else {
            told.remove(message.notice.about());
        }
        well();
    }

    private void well() {
        failures = 0;
        why = "";
    }

    /// It has not.
    void failed(String reason, Instant now) {
        why = reason;
        Duration wait = RETRY_FIRST.multipliedBy(1L << Math.min(failures, DOUBLED_MAX));
        next = now.plus(wait.compareTo(RETRY_MAX) < 0 ? wait : RETRY_MAX);
        failures++;
    }

    /// Why the place hears nothing; empty while it does.
    String why() {
        return why;
    }
}
