package qrate.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import qrate.core.Log;

/// Something that is so now and that somebody wants to know.
///
/// @param about what it is about
/// @param since when it was first seen
public record Notice(About about, Instant since, String text) {
    /// Longest text, in characters.
    static final int TEXT_CHARS_MAX = 500;

    /// Longest name of what it is about, in characters: an address and some.
    static final int SUBJECT_CHARS_MAX = 400;

    private static final int FIELDS = 4;

    /// What kinds there are.
    public enum Event {
        /// what `/healthz` says: of a service that stands still, a queue that does not drain, a certificate near its
        /// end, a
        /// provider that refuses a domain
        PROBLEM,
        /// a mailbox that is full, or nearly
        MAILBOX,
        /// a user whose mail does not go out until somebody lets it
        SENDER,
        /// somebody has signed in from a network that he never came from before; it is over an hour later
        LOGIN;

        /// Its name in `control/webhooks` and in what is sent.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Event> of(String word) {
            return Arrays.stream(values())
                    .filter(one -> one.word().equals(word))
                    .findFirst();
        }
    }

    /// What one is about: nothing else makes it the same or another.
    ///
    /// @param subject the part that has a problem, an address, a login
    public record About(Event event, String subject) {
        public About {
            subject = cut(subject, SUBJECT_CHARS_MAX);
        }
    }

    public Notice {
        text = cut(text, TEXT_CHARS_MAX);
    }

    private static String cut(String text, int most) {
        String safe = Log.escape(text);
        return safe.length() <= most ? safe : safe.substring(0, most - 1) + "…";
    }

    /// The same for the same thing since the same time: whoever hears it twice knows.
    String id() {
        String name = about.event.word() + " " + about.subject + " " + since;
        return UUID.nameUUIDFromBytes(name.getBytes(UTF_8)).toString();
    }

    /// A line of the file that one process leaves for another.
    String line() {
        return String.join(
                " ",
                since.toString(),
                about.event.word(),
                URLEncoder.encode(about.subject, UTF_8),
                URLEncoder.encode(text, UTF_8));
    }

    /// Reads a line; nothing from one that is damaged or of a kind that is not known here.
    static Optional<Notice> read(String line) {
        String[] fields = line.split(" ", -1);
        Optional<Event> event = fields.length == FIELDS ? Event.of(fields[1]) : Optional.empty();
        try {
            return event.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Notice(
                            new About(event.get(), URLDecoder.decode(fields[2], UTF_8)),
                            Instant.parse(fields[0]),
                            URLDecoder.decode(fields[3], UTF_8)));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
