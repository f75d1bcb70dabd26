package qrate.core;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The options that a program knows, and the one reader of them: as getopt(3) does it, letters may stand together
/// (`-nv`), a value stands behind its letter or in the next word (`-fann`, `-f ann`), and `--` ends the options; long
/// ones are `--json`, `--to FOLDER` and `--to=FOLDER`.
///
/// Standards: POSIX.1-2017 §12.2, getopt(3).
public final class Getopt {
    private enum Value {
        NONE,
        JOINED,
        NEEDED
    }

    private final Map<String, Value> known = new HashMap<>();
    private final Map<String, String> same = new HashMap<>();
    private final boolean anywhere;

    private Getopt(boolean anywhere, String letters, List<String> names) {
        this.anywhere = anywhere;
        for (int i = 0; i < letters.length(); i++) {
            if (letters.charAt(i) != ':') {
                known.put(letters.substring(i, i + 1), value(letters.substring(i + 1)));
            }
        }
        for (String name : names) {
            int equals = name.indexOf('=');
            if (equals > 0) {
                same.put(name.substring(0, equals), name.substring(equals + 1));
            } else {
                known.put(name.replace(":", ""), name.endsWith(":") ? Value.NEEDED : Value.NONE);
            }
        }
    }

    private static Value value(String behind) {
        return behind.startsWith("::") ? Value.JOINED : behind.startsWith(":") ? Value.NEEDED : Value.NONE;
    }

    /// Options that end at the first other word, as qmail's programs have them.
    ///
    /// @param letters as getopt(3) writes them: `f:` takes a value, `r::` may have one joined to it
    /// @param names long ones: `json`, `to:` with a value, `force=f` for another name of a letter
    public static Getopt of(String letters, String... names) {
        return new Getopt(false, letters, List.of(names));
    }

    /// Options that may stand behind other words too, as those who type them expect of long ones.
    ///
    /// @param letters as {@link #of} has them
    /// @param names as {@link #of} has them
    public static Getopt anywhere(String letters, String... names) {
        return new Getopt(true, letters, List.of(names));
    }

    /// A word that is no option here, or an option without its value.
    public static final class Misuse extends Exception {
        private static final long serialVersionUID = 1L;

        private final String option;
        private final boolean unknown;

        private Misuse(String option, boolean unknown) {
            super(unknown ? "no such option: " + option : option + " needs a value");
            this.option = option;
            this.unknown = unknown;
        }

        /// With its dashes, as it was given; not escaped.
        public String option() {
            return option;
        }

        /// Whether there is no such option; else its value is missing.
        public boolean isUnknown() {
            return unknown;
        }
    }

    /// One option.
    ///
    /// @param name its letter or its long name, without dashes
    /// @param value empty where it has none
    public record Option(String name, String value) {}

    /// What was given.
    ///
    /// @param options in the order in which they were given, as often as they were
    /// @param operands all other words
    public record Given(List<Option> options, List<String> operands) {
        public Given {
            options = List.copyOf(options);
            operands = List.copyOf(operands);
        }

        /// The names of options that are there, in the order in which each came first.
        public List<String> names() {
            return options.stream().map(Option::name).distinct().toList();
        }

        /// Whether an option is there.
        public boolean has(String name) {
            return options.stream().anyMatch(option -> option.name.equals(name));
        }

        /// The values of an option, in their order.
        public List<String> all(String name) {
            return options.stream()
                    .filter(option -> option.name.equals(name))
                    .map(Option::value)
                    .toList();
        }

        /// The last value of an option.
        public Optional<String> last(String name) {
            return all(name).stream().reduce((_, later) -> later);
        }

        /// An operand by its place, from 0; empty where there is none.
        public String operand(int index) {
            return index < operands.size() ? operands.get(index) : "";
        }
    }

    /// Whether an option must have a value.
    public boolean needsValue(String name) {
        return known.get(name) == Value.NEEDED;
    }

    /// Reads the words of a call.
    ///
    /// @param arguments without the program's name
    /// @throws Misuse at the first word that is wrong
    public Given read(List<String> arguments) throws Misuse {
        List<Option> options = new ArrayList<>();
        List<String> operands = new ArrayList<>();
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            String word = words.next();
            if (word.equals("--")) {
                words.forEachRemaining(operands::add);
            } else if (word.startsWith("--")) {
                options.add(named(word, words));
            } else if (word.length() > 1 && word.startsWith("-")) {
                letters(word, words, options);
            } else {
                operands.add(word);
                if (!anywhere) {
                    words.forEachRemaining(operands::add);
                }
            }
        }
        return new Given(options, operands);
    }

    private Option named(String word, Iterator<String> rest) throws Misuse {
        int equals = word.indexOf('=');
        String given = word.substring(2, equals < 0 ? word.length() : equals);
        String name = same.getOrDefault(given, given);
        boolean letter = name.length() == 1 && name.equals(given); // `--n` is not `-n`
        Value value = letter ? null : known.get(name);
        if (value == null || (value == Value.NONE && equals >= 0)) {
            throw new Misuse(word, true);
        }
        if (equals >= 0) {
            return new Option(name, word.substring(equals + 1));
        }
        return new Option(name, value == Value.NEEDED ? next(word, rest) : "");
    }

    private void letters(String word, Iterator<String> rest, List<Option> options) throws Misuse {
        for (int at = 1; at < word.length(); at++) {
            String name = word.substring(at, at + 1);
            Value value = known.get(name);
            if (value == null) {
                throw new Misuse("-" + name, true);
            }
            if (value == Value.NONE) {
                options.add(new Option(name, ""));
                continue;
            }
            String joined = word.substring(at + 1);
            options.add(new Option(name, joined.isEmpty() && value == Value.NEEDED ? next("-" + name, rest) : joined));
            return;
        }
    }

    private static String next(String option, Iterator<String> rest) throws Misuse {
        if (!rest.hasNext()) {
            throw new Misuse(option, false);
        }
        return rest.next();
    }
}
