package qrate.refusals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Explains the texts of deliveries that did not succeed. For many threads.
public final class RefusalWords {
    /// Longest wait that is taken from a reply; longer ones count as this.
    public static final Duration WAIT_MAX = Duration.ofHours(1);

    private static final List<RefusalRule> RULES = RefusalTable.read();

    private static final List<String> WAITS = List.of(
            "try again in ",
            "try again after ",
            "retry in ",
            "retry after ",
            "again later in ",
            "resume in ",
            "come back in ",
            "wait ");
    private static final int NUMBER_DIGITS_MAX = 6;

    private RefusalWords() {}

    /// What a refusal means.
    ///
    /// @param text as the delivery ended with it, or as the ledger has it, from the verdict's text on
    /// @return empty for a reply that is not known, and for what was no other host's
    public static Optional<Advice> explain(String text) {
        return RemoteReply.in(text).flatMap(reply -> {
            MailProvider whose = MailProvider.of(reply.words());
            return RULES.stream()
                    .filter(rule -> rule.fits(reply, whose))
                    .findFirst()
                    .map(rule -> new Advice(
                            rule.kind(),
                            whose,
                            rule.said().meaning(),
                            rule.said().action()));
        });
    }

    /// How long a reply asks to be left alone: `try again in 300 seconds`.
    ///
    /// @return more than nothing, {@link #WAIT_MAX} at most; empty where it does not say
    public static Optional<Duration> wait(String text) {
        return RemoteReply.in(text)
                .flatMap(reply -> WAITS.stream()
                        .flatMap(phrase -> wait(reply.words(), phrase).stream())
                        .findFirst());
    }

    private static Optional<Duration> wait(String words, String phrase) {
        int at = words.indexOf(phrase);
        if (at < 0) {
            return Optional.empty();
        }
        int from = at + phrase.length();
        int to = from;
        while (to < words.length() && to - from <= NUMBER_DIGITS_MAX && Character.digit(words.charAt(to), 10) >= 0) {
            to++;
        }
        if (to == from || to - from > NUMBER_DIGITS_MAX) {
            return Optional.empty();
        }
        long number = Long.parseLong(words.substring(from, to));
        String unit = words.substring(to).stripLeading();
        Duration asked = unit.startsWith("min") || unit.startsWith("m ")
                ? Duration.ofMinutes(number)
                : unit.startsWith("hour") || unit.startsWith("hr") ? Duration.ofHours(number) : seconds(number, unit);
        return Optional.of(asked.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : asked).filter(Duration::isPositive);
    }

    private static Duration seconds(long number, String unit) {
        return unit.startsWith("s") ? Duration.ofSeconds(number) : Duration.ZERO;
    }
}
