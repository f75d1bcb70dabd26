package qrate.ledger;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a line of the ledger says. Whatever is none of these is {@link Other}, and no error: a file may be damaged.
sealed interface LedgerLine {
    /// A line with its time.
    record Stamped(Instant at, String text, LedgerLine line) {}

    /// qmail-send was started: what flew before will not land.
    record Running() implements LedgerLine {}

    record New(long id) implements LedgerLine {}

    /// @param recipients how many; -1 where a line of qmail's own does not say
    record Known(long id, String sender, int recipients) implements LedgerLine {}

    /// Who handed it over.
    ///
    /// @param messageId with its angle brackets, or empty
    record From(long id, String messageId) implements LedgerLine {}

    /// @param recipient its number in the envelope; -1 where a line of qmail's own does not say
    record Starting(long delivery, long id, String address, int recipient) implements LedgerLine {}

    record Result(long delivery, Outcome outcome) implements LedgerLine {}

    /// An administrator gave a recipient up.
    record GivenUp(long id, int recipient) implements LedgerLine {}

    record Bounce(long id, long bounce) implements LedgerLine {}

    /// A report of success or delay.
    record Report(long id, long report) implements LedgerLine {}

    /// A double bounce that failed.
    record Triple(long id) implements LedgerLine {}

    /// Nobody wants to hear of the failure.
    record Silent(long id) implements LedgerLine {}

    /// Deleted by hand.
    record Dropped(long id) implements LedgerLine {}

    /// What a filter had put aside was let out for a recipient, as another message, deleted, or kept for too long.
    ///
    /// @param copy queue id of the other message, or 0
    record Aside(long id, int recipient, long copy) implements LedgerLine {}

    /// Held or let go by hand.
    record Held(long id) implements LedgerLine {}

    record End(long id) implements LedgerLine {}

    /// The beginning of what the journal knows of a message after a crash.
    record Recovered(long id, String sender, int recipients) implements LedgerLine {}

    record RecoveredRecipient(long id, int recipient, Standing standing, String address) implements LedgerLine {}

    /// The end of it.
    ///
    /// @param bounce queue id of the bounce, or 0
    record RecoveredFate(long id, String fate, long bounce) implements LedgerLine {}

    /// Anything else.
    record Other() implements LedgerLine {}

    enum Outcome {
        SUCCESS,
        FAILURE,
        DEFERRAL
    }

    enum Standing {
        DELIVERED,
        REFUSED,
        QUEUED
    }

    /// Longest number taken.
    String NUMBER = "([0-9]{1,18})";

    String SMALL = "([0-9]{1,6})";

    /// The patterns of the lines, one after the other.
    final class Grammar {
        private static final Pattern MSG = Pattern.compile("(new|end|silent|held|released) msg " + NUMBER);
        private static final Pattern INFO = Pattern.compile("info msg " + NUMBER + ": bytes " + NUMBER
                + " from <(.*)> qp " + NUMBER + " uid " + NUMBER + "(?: recipients " + SMALL + ")?");
        private static final Pattern FROM = Pattern.compile("from msg " + NUMBER + ":(?: .*?)??(?: message-id (.*))?");
        private static final Pattern STARTING = Pattern.compile("starting delivery " + NUMBER + ": msg " + NUMBER
                + " to (?:local|remote) (\\S*)(?: recipient " + SMALL + ")?");
        private static final Pattern RESULT =
                Pattern.compile("delivery " + NUMBER + ": (success|failure|deferral): .*");
        private static final Pattern GIVEN_UP = Pattern.compile("gave up msg " + NUMBER + " recipient " + SMALL);
        private static final Pattern BOUNCE = Pattern.compile("bounce msg " + NUMBER + " qp " + NUMBER);
        private static final Pattern REPORT = Pattern.compile("report msg " + NUMBER + " qp " + NUMBER);
        private static final Pattern TRIPLE = Pattern.compile("triple bounce: discarding bounce/" + NUMBER);
        private static final Pattern DROPPED = Pattern.compile("dropped msg " + NUMBER + " by hand");
        private static final Pattern ASIDE = Pattern.compile("aside msg " + NUMBER + " recipient " + SMALL
                + " (?:let out qp " + NUMBER + "|deleted by hand|expired in quarantine)");
        private static final Pattern RECOVERED =
                Pattern.compile("recovered msg " + NUMBER + ": bytes " + NUMBER + " from <(.*)> recipients " + SMALL);
        private static final Pattern RECIPIENT = Pattern.compile(
                "recovered msg " + NUMBER + ": recipient " + SMALL + " (delivered|refused|queued) (\\S*)");
        private static final Pattern FATE = Pattern.compile(
                "recovered msg " + NUMBER + ": (?:end )?(queued|delivered|dropped|bounced)(?: qp " + NUMBER + ")?");

        private Grammar() {}

        private static Optional<Matcher> match(Pattern pattern, String text) {
            Matcher matcher = pattern.matcher(text);
            return matcher.matches() ? Optional.of(matcher) : Optional.empty();
        }

        private static int small(Matcher matcher, int group) {
            return matcher.group(group) == null ? -1 : Integer.parseInt(matcher.group(group));
        }

        private static long id(Matcher matcher) {
            return Long.parseLong(matcher.group(1));
        }

        private static LedgerLine recovered(String text) {
            return match(RECOVERED, text)
                    .<LedgerLine>map(m -> new Recovered(id(m), m.group(3), small(m, 4)))
                    .or(() -> match(RECIPIENT, text)
                            .map(m -> new RecoveredRecipient(
                                    id(m),
                                    small(m, 2),
                                    Standing.valueOf(m.group(3).toUpperCase(java.util.Locale.ROOT)),
                                    m.group(4))))
                    .or(() -> match(FATE, text)
                            .map(m -> new RecoveredFate(
                                    id(m), m.group(2), m.group(3) == null ? 0 : Long.parseLong(m.group(3)))))
                    .orElse(new Other());
        }

        private static LedgerLine word(Matcher m) {
            return switch (m.group(1)) {
                case "new" -> new New(Long.parseLong(m.group(2)));
                case "end" -> new End(Long.parseLong(m.group(2)));
                case "silent" -> new Silent(Long.parseLong(m.group(2)));
                default -> new Held(Long.parseLong(m.group(2)));
            };
        }

        private static LedgerLine delivery(String text) {
            return match(RESULT, text)
                    .<LedgerLine>map(
                            m -> new Result(id(m), Outcome.valueOf(m.group(2).toUpperCase(java.util.Locale.ROOT))))
                    .orElse(new Other());
        }

        private static LedgerLine ending(String text) {
            return match(BOUNCE, text)
                    .<LedgerLine>map(m -> new Bounce(id(m), Long.parseLong(m.group(2))))
                    .or(() -> match(REPORT, text).map(m -> new Report(id(m), Long.parseLong(m.group(2)))))
                    .or(() -> match(TRIPLE, text).map(m -> new Triple(id(m))))
                    .or(() -> match(DROPPED, text).map(m -> new Dropped(id(m))))
                    .or(() -> match(GIVEN_UP, text).map(m -> new GivenUp(id(m), small(m, 2))))
                    .or(() -> match(ASIDE, text)
                            .map(m ->
                                    new Aside(id(m), small(m, 2), m.group(3) == null ? 0 : Long.parseLong(m.group(3)))))
                    .orElse(new Other());
        }
    }

    /// Reads the text of a line, without its time.
    static LedgerLine parse(String text) {
        int blank = text.indexOf(' ');
        return switch (blank < 0 ? text : text.substring(0, blank)) {
            case "running" -> text.equals("running") ? new Running() : new Other();
            case "new", "end", "silent", "held", "released" ->
                Grammar.match(Grammar.MSG, text).map(Grammar::word).orElse(new Other());
            case "info" ->
                Grammar.match(Grammar.INFO, text)
                        .<LedgerLine>map(m -> new Known(Grammar.id(m), m.group(3), Grammar.small(m, 6)))
                        .orElse(new Other());
            case "from" ->
                Grammar.match(Grammar.FROM, text)
                        .<LedgerLine>map(m -> new From(Grammar.id(m), m.group(2) == null ? "" : m.group(2)))
                        .orElse(new Other());
            case "starting" ->
                Grammar.match(Grammar.STARTING, text)
                        .<LedgerLine>map(m -> new Starting(
                                Grammar.id(m), Long.parseLong(m.group(2)), m.group(3), Grammar.small(m, 4)))
                        .orElse(new Other());
            case "delivery" -> Grammar.delivery(text);
            case "recovered" -> Grammar.recovered(text);
            default -> Grammar.ending(text);
        };
    }

    /// Reads a whole line; empty when it does not begin with a time.
    static Optional<Stamped> stamped(String whole) {
        int blank = whole.indexOf(' ');
        if (blank < 0) {
            return Optional.empty();
        }
        try {
            String text = whole.substring(blank + 1);
            return Optional.of(new Stamped(Instant.parse(whole.substring(0, blank)), text, parse(text)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
