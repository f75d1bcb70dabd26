package qrate.arc;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import qrate.dkim.Content;
import qrate.dkim.MalformedField;
import qrate.dkim.TagList;
import qrate.message.Field;
import qrate.message.Header;

/// The three fields of one instance (RFC 8617 §4.1), as far as they are there.
///
/// @param results ARC-Authentication-Results, if it is there
/// @param message ARC-Message-Signature, if it is there
/// @param seal ARC-Seal, if it is there
record ArcSet(int instance, List<Field> results, List<Field> message, List<Field> seal) {
    /// Most sets of one message (RFC 8617 §4.2.1).
    static final int INSTANCES_MAX = 50;

    static final String RESULTS = "arc-authentication-results";
    static final String MESSAGE = "arc-message-signature";
    static final String SEAL = "arc-seal";

    private static final int DIGITS_MAX = 2;

    ArcSet {
        results = List.copyOf(results);
        message = List.copyOf(message);
        seal = List.copyOf(seal);
    }

    /// The fields of all sets, by instance.
    ///
    /// @throws MalformedField when one has no instance of 1 to 50
    static NavigableMap<Integer, ArcSet> all(Content content) throws MalformedField {
        Map<Integer, List<Field>> results = byInstance(content.named(RESULTS));
        Map<Integer, List<Field>> messages = byInstance(content.named(MESSAGE));
        Map<Integer, List<Field>> seals = byInstance(content.named(SEAL));
        NavigableMap<Integer, ArcSet> sets = new TreeMap<>();
        for (int i = 1; i <= INSTANCES_MAX; i++) {
            if (results.containsKey(i) || messages.containsKey(i) || seals.containsKey(i)) {
                sets.put(i, new ArcSet(i, at(results, i), at(messages, i), at(seals, i)));
            }
        }
        return sets;
    }

    private static List<Field> at(Map<Integer, List<Field>> fields, int instance) {
        return fields.getOrDefault(instance, List.of());
    }

    private static Map<Integer, List<Field>> byInstance(List<Field> fields) throws MalformedField {
        if (fields.size() > INSTANCES_MAX) {
            throw new MalformedField("more than " + INSTANCES_MAX + " sets");
        }
        Map<Integer, List<Field>> found = new TreeMap<>();
        for (Field field : fields) {
            List<Field> one = List.of(field);
            found.merge(instance(field), one, (a, b) -> List.of(a.getFirst(), b.getFirst()));
        }
        return found;
    }

    /// The newest signature of the message, whose hash of the body is needed.
    static Optional<Field> newestMessage(Header header) {
        Field newest = null;
        int most = 0;
        for (Field field : header.named(MESSAGE)) {
            try {
                int instance = instance(field);
                if (instance > most) {
                    most = instance;
                    newest = field;
                }
            } catch (MalformedField _) {
                // it is told when the chain is checked
            }
        }
        return Optional.ofNullable(newest);
    }

    /// `i=` of any of the three.
    private static int instance(Field field) throws MalformedField {
        TagList tags =
                field.name().equals(RESULTS) ? TagList.of(beginning(field.value())) : TagList.ofField(field.raw());
        long instance = tags.number("i", DIGITS_MAX).orElse(0L);
        if (instance < 1 || instance > INSTANCES_MAX) {
            throw new MalformedField("an instance that is not 1 to " + INSTANCES_MAX);
        }
        return (int) instance;
    }

    /// What stands in front of the first `;`: behind it is no list of tags.
    private static String beginning(String value) {
        int end = value.indexOf(';');
        return end < 0 ? "" : value.substring(0, end);
    }

    /// Authentication-Results of this set, behind its instance.
    String resultsText() {
        String value = results.getFirst().value();
        return value.substring(value.indexOf(';') + 1).strip();
    }

    /// The one field of a kind (RFC 8617 §5.2, step 3).
    static Field one(List<Field> fields) throws MalformedField {
        if (fields.size() != 1) {
            throw new MalformedField("a set that has not one of each field");
        }
        return fields.getFirst();
    }
}
