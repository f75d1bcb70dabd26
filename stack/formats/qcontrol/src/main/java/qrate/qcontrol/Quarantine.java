package qrate.qcontrol;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Messages that a filter had put aside: each stands in the queue and is held there, until it is let out or deleted
/// for each of its recipients, or its days are over.
///
/// Whoever may ask sees, of those messages alone, a few fields and no text, and can do two things. What is let out
/// for one recipient is not let out for another.
public interface Quarantine {
    /// Most messages given by one {@link #list}.
    int LIST_MESSAGES_MAX = 200;

    /// Messages for somebody, the newest first; it may give fewer than there are, where it has looked at many that
    /// are for others.
    ///
    /// @param limit at most, and {@link #LIST_MESSAGES_MAX}
    /// @param before an id, or 0 for the newest
    Part list(Whose whose, int limit, long before) throws IOException;

    /// Delivers a message to those of its recipients who are meant, exactly once, whatever happens meanwhile.
    ///
    /// @return false when nothing is kept there for any of them (any more)
    boolean letOut(Whose whose, long id) throws IOException;

    /// Ends a message for those of its recipients who are meant; nobody is told.
    ///
    /// @return false when nothing is kept there for any of them (any more)
    boolean delete(Whose whose, long id) throws IOException;

    /// One message; empty when nothing is kept there for whoever is meant.
    default Optional<Kept> one(Whose whose, long id) throws IOException {
        return list(whose, 1, id + 1).messages().stream()
                .filter(kept -> kept.id() == id)
                .findFirst();
    }

    /// Nothing is put aside.
    static Quarantine empty() {
        return new Quarantine() {
            @Override
            public Part list(Whose whose, int limit, long before) {
                return new Part(List.of(), 0);
            }

            @Override
            public boolean letOut(Whose whose, long id) {
                return false;
            }

            @Override
            public boolean delete(Whose whose, long id) {
                return false;
            }
        };
    }

    /// Some messages.
    ///
    /// @param next for {@link #list}, what stands before them; 0 when that was all
    record Part(List<Kept> messages, long next) {
        public Part {
            messages = List.copyOf(messages);
        }
    }

    /// One message.
    ///
    /// @param stay how long it is kept
    /// @param sender of the envelope
    /// @param why in the words of the filter that put it aside
    /// @param about its fields
    /// @param results what Authentication-Results say, in whoever's name, topmost first
    /// @param recipients those of the envelope who are owed it and were asked about
    record Kept(
            long id,
            Stay stay,
            String sender,
            long size,
            String why,
            About about,
            List<String> results,
            List<String> recipients) {
        public Kept {
            results = List.copyOf(results);
            recipients = List.copyOf(recipients);
        }

        /// When it came.
        public Instant since() {
            return stay.since;
        }

        /// For JSON.
        public Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("id", id);
            shape.put("since", stay.since.toString());
            shape.put("until", stay.until().map(Instant::toString).orElse(""));
            shape.put("sender", sender);
            shape.put("bytes", size);
            shape.put("why", why);
            shape.put("from", about.from);
            shape.put("to", about.to);
            shape.put("date", about.date);
            shape.put("subject", about.subject);
            shape.put("recipients", recipients);
            return shape;
        }
    }

    /// How long a message is kept.
    ///
    /// @param days from when it came; 0 until somebody decides about it
    public record Stay(Instant since, int days) {
        public Stay {
            if (days < 0) {
                throw new IllegalArgumentException("it is kept for " + days + " days");
            }
        }

        /// When it ends by itself; empty for never.
        public Optional<Instant> until() {
            return days == 0 ? Optional.empty() : Optional.of(since.plus(Duration.ofDays(days)));
        }
    }

    /// What a message says of itself: a stranger's words, decoded.
    record About(String from, String to, String date, String subject) {}
}
