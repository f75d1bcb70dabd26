package qrate.qcontrol;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import qrate.refusals.Advice;
import qrate.refusals.RefusalWords;

/// What became of messages, as far as the ledger knows: 30 days.
public interface Trace {
    /// Most messages given by one {@link #find}.
    int MESSAGES_MAX = 50;

    /// Most steps given of one message; of more the first, and those that came last.
    int STEPS_MAX = 200;

    /// Longest word that can be looked for, in characters.
    int WORD_CHARS_MAX = 320;

    /// Messages that fit, the newest first.
    ///
    /// It gives fewer than there are where it has looked at much in vain; the next part goes on from there too.
    Part find(Query query) throws IOException;

    /// Nothing is known.
    static Trace nothing() {
        return _ -> new Part(List.of(), 0);
    }

    /// What is looked for.
    ///
    /// @param word an address, `@domain`, a queue id or a Message-ID; empty for everything
    /// @param whose messages from or to them; of what somebody else sent, only these recipients are shown
    /// @param since of the last thing that happened to it
    /// @param before an id, or 0 for the newest
    /// @param limit at most, and {@link #MESSAGES_MAX}
    record Query(String word, Whose whose, Instant since, long before, int limit) {
        public Query {
            if (word.length() > WORD_CHARS_MAX) {
                throw new IllegalArgumentException("the word is too long");
            }
        }
    }

    /// Some messages.
    ///
    /// @param next for {@link Query#before}, what stands before them; 0 when that was all
    record Part(List<Way> ways, long next) {
        public Part {
            ways = List.copyOf(ways);
        }
    }

    /// The way of one message.
    ///
    /// @param sender of the envelope
    /// @param bytes its size; 0 where it is not known
    /// @param messageId with its angle brackets, or empty
    /// @param from who handed it over, by name: `client`, `login`, `with` and so on
    record Way(long id, String sender, long bytes, String messageId, Map<String, String> from, List<Step> steps) {
        public Way {
            from = Map.copyOf(from);
            steps = List.copyOf(steps);
        }

        /// For JSON.
        public Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("id", id);
            shape.put("sender", sender);
            shape.put("bytes", bytes);
            shape.put("messageId", messageId);
            shape.put("from", from);
            shape.put("steps", steps.stream().map(step -> step.json(sender)).toList());
            return shape;
        }
    }

    /// One thing that happened to it.
    ///
    /// @param address of the recipient it is about, as it was written; or empty
    /// @param text what was said; of {@link Kind#BOUNCED} and its like the id of the other message; or empty
    record Step(Instant at, Kind kind, String address, String text) {
        /// What a reply means, where that is known.
        ///
        /// @param sender of the message
        public Optional<Advice> advice(String sender) {
            return kind == Kind.PUT_OFF || kind == Kind.REFUSED
                    ? RefusalWords.explain(text).map(advice -> advice.forSender(sender))
                    : Optional.empty();
        }

        private Map<String, Object> json(String sender) {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("at", at.toString());
            shape.put("event", kind.word()); // what a reply means has a kind, too
            shape.put("address", address);
            shape.put("text", text);
            advice(sender).ifPresent(advice -> shape.putAll(advice.json()));
            return shape;
        }
    }

    /// What can happen to a message.
    enum Kind {
        ACCEPTED,
        /// a delivery began, and its end is not known
        BEGUN,
        DELIVERED,
        PUT_OFF,
        REFUSED,
        /// an administrator gave a recipient up
        GIVEN_UP,
        HELD,
        RELEASED,
        /// what a filter had put aside went on as another message
        LET_OUT,
        /// what a filter had put aside was not wanted, or its days were over
        DISCARDED,
        /// its sender was told, by another message
        BOUNCED,
        REPORTED,
        /// nobody wants to hear that it was refused
        SILENT,
        /// an administrator deleted it
        DROPPED,
        ENDED;

        /// `put-off` and its like.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
