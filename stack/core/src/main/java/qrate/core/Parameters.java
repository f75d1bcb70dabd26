package qrate.core;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// ESMTP parameters of MAIL or RCPT as they stood on the line, separated by one space (RFC 5321 §4.1.2). Names are
/// asked for in any case.
///
/// @param text all of them; may be empty
public record Parameters(String text) {
    /// Whether one is there, with a value or without.
    public boolean has(String name) {
        return words().stream().anyMatch(word -> isNamed(word, name));
    }

    /// The value of one, empty for one that has none; nothing when it is not there.
    public Optional<String> value(String name) {
        return words().stream()
                .filter(word -> isNamed(word, name))
                .map(word -> word.substring(Math.min(word.length(), name.length() + 1)))
                .findFirst();
    }

    /// Those with one of some names, in their order.
    public Parameters only(String... names) {
        return new Parameters(words().stream()
                .filter(word -> Arrays.stream(names).anyMatch(name -> isNamed(word, name)))
                .collect(Collectors.joining(" ")));
    }

    /// Those with other names than one, in their order.
    public Parameters without(String name) {
        return new Parameters(
                words().stream().filter(word -> !isNamed(word, name)).collect(Collectors.joining(" ")));
    }

    /// The same with another value in one's place, if it is there.
    public Parameters replaced(String name, String value) {
        UnaryOperator<String> other = word -> isNamed(word, name) ? name + "=" + value : word;
        return new Parameters(words().stream().map(other).collect(Collectors.joining(" ")));
    }

    /// The same with a value for one, whether it was there or not.
    public Parameters with(String name, String value) {
        return has(name) ? replaced(name, value) : new Parameters((text + " " + name + "=" + value).strip());
    }

    private List<String> words() {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    private static boolean isNamed(String word, String name) {
        return word.regionMatches(true, 0, name, 0, name.length())
                && (word.length() == name.length() || word.charAt(name.length()) == '=');
    }
}
