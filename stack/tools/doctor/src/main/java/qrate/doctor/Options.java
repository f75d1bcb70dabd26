package qrate.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A command line: words, options with a value (`--name value`, `--name=value`, as often as wanted), and switches.
record Options(List<String> words, Map<String, List<String>> values) {
    /// A command line that is none, and why.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String why) {
            super(why);
        }
    }

    /// @param valued names of options with a value
    /// @param switches names of options without one
    /// @param words how many words there must be
    static Options parse(List<String> arguments, List<String> valued, List<String> switches, int words) throws Wrong {
        List<String> found = new ArrayList<>();
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!argument.startsWith("--")) {
                found.add(argument);
            } else if (switches.contains(argument)) {
                values.computeIfAbsent(argument, _ -> new ArrayList<>());
            } else if (valued.contains(name) && equals >= 0) {
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(argument.substring(equals + 1));
            } else if (valued.contains(name) && i + 1 < arguments.size()) {
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(arguments.get(++i));
            } else {
                throw new Wrong((valued.contains(name) ? "no value for " : "no such option: ") + argument);
            }
        }
        if (found.size() != words) {
            throw new Wrong(found.size() < words ? "something is missing" : "too much: " + found.getLast());
        }
        return new Options(found, values);
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// The values of an option as addresses in digits.
    List<InetAddress> addresses(String name) throws Wrong {
        List<InetAddress> found = new ArrayList<>();
        for (String text : all(name)) {
            try {
                found.add(InetAddress.ofLiteral(text));
            } catch (IllegalArgumentException _) {
                throw new Wrong(name + ": not an IP address: " + text);
            }
        }
        return found;
    }
}
