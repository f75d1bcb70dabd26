package qrate.lists;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import qrate.core.Address;

/// What a list wrote of late, so that a stranger who writes in somebody's name cannot make it write to them again and
/// again: the file `answers`, which every delivery process reads under the list's lock and a restart leaves alone.
///
/// A line is a time in seconds, what it was (`a` an answer, `b` one since which the address confirmed something, `c` a
/// confirmation that was used), its bytes of the archive, and to whom or which.
record Answers(ListFolder folder) {
    /// How long nobody gets a second answer that anybody may have asked for.
    static final Duration QUIET = Duration.ofHours(1);

    /// Answers to the addresses of one domain in that time: whoever owns a domain has all names in it.
    static final int DOMAIN_ANSWERS_MAX = 20;

    /// Answers to all addresses in that time.
    static final int ANSWERS_MAX = 200;

    /// How long bytes of the archive count.
    static final Duration DAY = Duration.ofDays(1);

    /// Bytes of the archive in one letter.
    static final long GET_BYTES_MAX = 1 << 20;

    /// Bytes of the archive to one address in a day.
    static final long GET_DAY_BYTES_MAX = 4 << 20;

    /// Bytes of the archive to everybody in a day.
    static final long GET_ALL_DAY_BYTES_MAX = 64 << 20;

    private static final String FILE = "answers";
    private static final String ANSWER = "a";
    private static final String SETTLED = "b";
    private static final String CONFIRMED = "c";
    private static final Pattern LINE = Pattern.compile("([0-9]{1,12}) ([abc]) ([0-9]{1,12}) (\\S{1,600})");

    private record Entry(Instant time, String kind, long bytes, String whom) {
        boolean since(Instant start) {
            return time.isAfter(start);
        }
    }

    /// Why nobody writes to an address now; empty when the list may.
    ///
    /// @param bytes of the archive that the letter would hold
    Optional<String> held(String address, long bytes, Instant now) throws IOException {
        String whom = whom(address);
        String domain = whom.substring(whom.lastIndexOf('@'));
        List<Entry> all = read(now);
        List<Entry> answers = all.stream()
                .filter(entry -> entry.kind.equals(ANSWER) && entry.since(now.minus(QUIET)))
                .toList();
        if (answers.stream().anyMatch(entry -> entry.whom.equals(whom))) {
            return Optional.of("it had an answer within the hour");
        }
        if (answers.stream().filter(entry -> entry.whom.endsWith(domain)).count() >= DOMAIN_ANSWERS_MAX) {
            return Optional.of("its domain had " + DOMAIN_ANSWERS_MAX + " answers within the hour");
        }
        if (answers.size() >= ANSWERS_MAX) {
            return Optional.of("the list wrote " + ANSWERS_MAX + " answers within the hour");
        }
        long own = bytes;
        long whole = bytes;
        for (Entry entry : all) {
            whole += entry.bytes;
            own += entry.whom.equals(whom) ? entry.bytes : 0;
        }
        return bytes > 0 && (own > GET_DAY_BYTES_MAX || whole > GET_ALL_DAY_BYTES_MAX)
                ? Optional.of("the archive gave as much as it gives in a day")
                : Optional.empty();
    }

    /// Notes a letter that the queue has.
    void answered(String address, long bytes, Instant now) throws IOException {
        List<Entry> all = read(now);
        all.add(new Entry(now, ANSWER, bytes, whom(address)));
        write(all);
    }

    /// Notes a confirmation: whoever sends one reads that address's mail, which may be written to again.
    ///
    /// @return whether it is the first use of it
    boolean confirmed(String address, String cookie, Instant now) throws IOException {
        String key = cookie + "-" + whom(address);
        List<Entry> all = read(now);
        if (all.stream().anyMatch(entry -> entry.kind.equals(CONFIRMED) && entry.whom.equals(key))) {
            return false;
        }
        all.replaceAll(entry -> entry.kind.equals(ANSWER) && entry.whom.equals(whom(address))
                ? new Entry(entry.time, SETTLED, entry.bytes, entry.whom)
                : entry);
        all.add(new Entry(now, CONFIRMED, 0, key));
        write(all);
        return true;
    }

    /// One mailbox has one name here, whatever it calls itself behind a `+`.
    private static String whom(String address) {
        Address split = Address.of(address.toLowerCase(Locale.ROOT));
        int plus = split.local().indexOf('+');
        return (plus > 0 ? split.local().substring(0, plus) : split.local()) + "@" + split.domain();
    }

    /// What still counts.
    private List<Entry> read(Instant now) throws IOException {
        List<Entry> all = new ArrayList<>();
        for (String line : folder.text(FILE).orElse("").lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                continue;
            }
            Instant time = Instant.ofEpochSecond(Long.parseLong(matcher.group(1)));
            long bytes = Long.parseLong(matcher.group(3));
            boolean future = time.isAfter(now.plus(QUIET)); // a clock went back
            if (!future && time.isAfter(now.minus(bytes > 0 ? DAY : QUIET))) {
                all.add(new Entry(time, matcher.group(2), bytes, matcher.group(4)));
            }
        }
        return all;
    }

    private void write(List<Entry> all) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Entry entry : all) {
            text.append(entry.time.getEpochSecond())
                    .append(' ')
                    .append(entry.kind)
                    .append(' ')
                    .append(entry.bytes)
                    .append(' ')
                    .append(entry.whom)
                    .append('\n');
        }
        folder.write(FILE, text.toString());
    }
}
