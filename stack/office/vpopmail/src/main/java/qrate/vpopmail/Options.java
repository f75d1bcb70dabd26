package qrate.vpopmail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Options of a command as getopt(3) reads them.
///
/// @param values by letter; empty for a flag
/// @param operands what follows the options
record Options(Map<Character, String> values, List<String> operands) {
    /// Reads arguments.
    ///
    /// @param known letters as getopt(3) writes them: `q:` takes a value, `r::` may have one joined to it
    /// @return empty when there is an option that is not known, or one without its value
    static Optional<Options> parse(List<String> arguments, String known) {
        Map<Character, String> values = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>(arguments);
        while (!rest.isEmpty()
                && rest.getFirst().startsWith("-")
                && rest.getFirst().length() > 1) {
            String argument = rest.removeFirst();
            if (argument.equals("--")) {
                break;
            }
            for (int i = 1; i < argument.length(); i++) {
                int at = argument.charAt(i) == ':' ? -1 : known.indexOf(argument.charAt(i));
                if (at < 0) {
                    return Optional.empty();
                }
                String joined = argument.substring(i + 1);
                if (!known.startsWith(":", at + 1)) {
                    values.put(argument.charAt(i), "");
                    continue;
                }
                if (joined.isEmpty() && !known.startsWith("::", at + 1)) {
                    if (rest.isEmpty()) {
                        return Optional.empty();
                    }
                    joined = rest.removeFirst();
                    if (joined.isBlank()) {
                        return Optional.empty();
                    }
                }
                values.put(argument.charAt(i), joined);
                break;
            }
        }
        return Optional.of(new Options(values, List.copyOf(rest)));
    }

    /// What is wrong with an operand or a value, whatever the command: an empty one (a variable of a script that was
    /// not
    /// set) would name something else, or all there is.
    Optional<String> odd() {
        List<String> words = new ArrayList<>(operands);
        values.forEach((letter, value) -> {
            if (!value.isEmpty()) {
                words.add(value);
            }
        });
        if (operands.stream().anyMatch(String::isBlank)) {
            return Optional.of("an empty argument names nothing: nothing was done");
        }
        return words.stream().anyMatch(word -> word.chars().anyMatch(Character::isISOControl))
                ? Optional.of("control characters in an argument: nothing was done")
                : Optional.empty();
    }

    /// The options that are there, in the order they were first given.
    List<Character> letters() {
        return List.copyOf(values.keySet());
    }

    boolean has(char letter) {
        return values.containsKey(letter);
    }

    String get(char letter, String fallback) {
        return values.getOrDefault(letter, fallback);
    }

    String operand(int index) {
        return index < operands.size() ? operands.get(index) : "";
    }
}
