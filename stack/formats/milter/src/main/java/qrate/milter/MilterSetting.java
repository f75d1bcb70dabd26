package qrate.milter;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One milter that mail is shown to: a line of `control/milters`.
///
/// @param name in the log and in macros of nobody; the address unless the line says one
/// @param accept whether mail goes on without it when it is away; else it is put off
public record MilterSetting(MilterAddress address, String name, Waits waits, boolean accept) {
    /// Most milters, one after the other.
    public static final int MILTERS_MAX = 16;

    /// How long a milter may be silent over a message unless its line says another time, in seconds.
    public static final int TIMEOUT_SECONDS = 60;

    /// Longest that any milter may take for a message, in seconds: SMTP clients wait ten minutes (RFC 5321
    /// §4.5.3.2.6).
    public static final int TIMEOUT_SECONDS_MAX = 540;

    private static final int NAME_CHARS_MAX = 64;

    /// How long a milter is waited for.
    ///
    /// @param connect until it takes the connection and has agreed on options
    /// @param send until it has taken a command
    /// @param reply until it has answered a step, or said that it is at work
    /// @param bodyEnd the same for the end of the body
    /// @param total for an answer however often it says that it is at work, and for a whole message from its
    ///     first field to the verdict
    public record Waits(Duration connect, Duration send, Duration reply, Duration bodyEnd, Duration total) {
        private static final Duration USUAL = Duration.ofSeconds(10);
        private static final Duration REPLY = Duration.ofSeconds(30);

        /// Those of a milter that may be silent over a message for so long, and may take five times as long
        /// where it says that it is at work; no step takes longer, connecting and sending ten seconds, an
        /// answer thirty at most.
        static Waits of(Duration timeout) {
            Duration total = least(timeout.multipliedBy(5), Duration.ofSeconds(TIMEOUT_SECONDS_MAX));
            return new Waits(least(USUAL, timeout), least(USUAL, timeout), least(REPLY, timeout), timeout, total);
        }

        private static Duration least(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }
    }

    /// Reads `ADDRESS [timeout=SECONDS] [away=tempfail|accept] [name=WORD]`.
    ///
    /// @throws IllegalArgumentException names the line and says in words what is wrong
    public static MilterSetting parse(String line) {
        try {
            String[] words = line.strip().split("[ \t]+", -1);
            Map<String, String> settings = new LinkedHashMap<>();
            for (String word : List.of(words).subList(1, words.length)) {
                int equals = word.indexOf('=');
                String key = equals < 0 ? word : word.substring(0, equals);
                if (equals < 0 || !List.of("timeout", "away", "name").contains(key)) {
                    throw new IllegalArgumentException(
                            word + " is none of timeout=SECONDS, away=tempfail, away=accept, name=WORD");
                }
                if (settings.put(key, word.substring(equals + 1)) != null) {
                    throw new IllegalArgumentException(key + " stands there twice");
                }
            }
            return new MilterSetting(
                    MilterAddress.parse(words[0]),
                    name(settings.getOrDefault("name", words[0]), settings.containsKey("name")),
                    Waits.of(timeout(settings.getOrDefault("timeout", "" + TIMEOUT_SECONDS))),
                    accept(settings.getOrDefault("away", "tempfail")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("control/milters: " + line.strip() + ": " + e.getMessage(), e);
        }
    }

    private static String name(String name, boolean chosen) {
        boolean plain = !name.isEmpty()
                && name.length() <= NAME_CHARS_MAX
                && name.chars().allMatch(c -> c == '-' || c == '_' || c == '.' || Character.isLetterOrDigit(c));
        if (chosen && !plain) {
            throw new IllegalArgumentException("a name has letters, digits, - _ . and " + NAME_CHARS_MAX + " at most");
        }
        return name;
    }

    private static Duration timeout(String text) {
        boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int seconds = number ? Integer.parseInt(text) : 0;
        if (seconds < 1 || seconds > TIMEOUT_SECONDS_MAX) {
            throw new IllegalArgumentException("timeout is 1 to " + TIMEOUT_SECONDS_MAX + " seconds, not " + text);
        }
        return Duration.ofSeconds(seconds);
    }

    private static boolean accept(String text) {
        return switch (text) {
            case "accept" -> true;
            case "tempfail" -> false;
            default -> throw new IllegalArgumentException("away is tempfail or accept, not " + text);
        };
    }
}
