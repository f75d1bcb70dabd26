package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import qrate.checkpassword.PasswordRule;
import qrate.core.Getopt;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.directory.Change;
import qrate.directory.EditableDirectory;
import qrate.directory.Opening;
import qrate.directory.Password;
import qrate.directory.Words;

/// vpopmail's commands by name. Exit code 0, 100 when it is refused, 111 when it cannot be done now.
public final class Commands {
    private static final int RANDOM_CHARS_MAX = PasswordRule.BYTES_MAX;
    private static final int RANDOM_CHARS_MIN = PasswordRule.CHARS_MIN;

    private static final int REFUSED = 100;
    private static final int TEMPORARY = 111;

    private Commands() {}

    /// What a command does once its options are read and the directory is open.
    @FunctionalInterface
    interface Action {
        Change run(EditableDirectory directory, Getopt.Given options, Program.Stdio stdio) throws IOException;
    }

    /// One command.
    ///
    /// @param letters options as getopt(3) writes them
    /// @param least fewest operands
    /// @param most most operands
    /// @param refused options of vpopmail's that are refused, and why
    /// @param idle options of vpopmail's that are taken and do nothing, and why
    record Command(
            String name,
            String letters,
            int least,
            int most,
            String usage,
            Map<String, String> refused,
            Map<String, String> idle,
            Action action) {
        Command(String name, String letters, int least, int most, String usage, Action action) {
            this(name, letters, least, most, usage, Map.of(), Map.of(), action);
        }

        /// The reason for a letter; the keys of a map are several letters each.
        private static Optional<String> why(Map<String, String> reasons, String letter) {
            return reasons.entrySet().stream()
                    .filter(reason -> reason.getKey().contains(letter))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }
    }

    /// Every command, on the database itself or by the admin service that has it open.
    public static Map<String, Program> programs() {
        return programs(Opening::open);
    }

    /// Every command.
    public static Map<String, Program> programs(Opening.Opener opener) {
        Map<String, Program> programs = new TreeMap<>();
        for (List<Command> commands : List.of(
                DomainCommands.all(),
                MailboxCommands.all(),
                OwnerCommands.all(),
                StaffCommands.all(),
                TextCommands.all(),
                List.of(StatisticsCommand.command(), Vconvert.command()))) {
            for (Command command : commands) {
                programs.put(command.name, (arguments, stdio) -> run(command, opener, arguments, stdio));
            }
        }
        return programs;
    }

    /// Whatever reads prints JSON as well.
    static final String JSON = "json";

    /// What reads, and the letters with which it does: beside others `--json` is a wrong call.
    private static final Map<String, Set<String>> READERS = Map.ofEntries(
            Map.entry("vdominfo", Set.of("a")),
            Map.entry("vuserinfo", Set.of("a", "D")),
            Map.entry("valias", Set.of("s")),
            Map.entry("vforward", Set.of()),
            Map.entry("vmoddomlimits", Set.of("S")),
            Map.entry("administrators", Set.of()),
            Map.entry("app-passwords", Set.of()),
            Map.entry("audit", Set.of("n")),
            Map.entry("second-factor", Set.of()),
            Map.entry("sessions", Set.of()),
            Map.entry("statistics", Set.of()),
            Map.entry("tokens", Set.of()),
            Map.entry("vtexts", Set.of()));

    /// Long names of letters.
    private static final Map<String, String> LONG = Map.of("file", "F", "force", "f", "keep-tokens", "k");

    /// Where an empty value says something: a comment of vpopmail that is taken away.
    private static final Map<String, String> EMPTY_SAYS = Map.of("vmoduser", "c", "vadduser", "c");

    private static boolean isSaid(Command command, Getopt.Option one) {
        boolean mayBeEmpty = EMPTY_SAYS.getOrDefault(command.name, "-").equals(one.name());
        return !one.value().isBlank() || (mayBeEmpty && one.value().isEmpty());
    }

    /// A value that is blank (a variable of a script that was not set) is none, but for {@link #EMPTY_SAYS}.
    private static Optional<Getopt.Given> read(Command command, List<String> arguments) {
        Stream<String> names = LONG.entrySet().stream()
                .filter(name -> command.letters.contains(name.getValue()))
                .map(name -> name.getKey() + "=" + name.getValue());
        Stream<String> json = READERS.containsKey(command.name) ? Stream.of(JSON) : Stream.of();
        Getopt known = Getopt.of(command.letters, Stream.concat(names, json).toArray(String[]::new));
        try {
            return Optional.of(known.read(arguments))
                    .filter(given -> given.options().stream()
                            .allMatch(one -> isSaid(command, one) || !known.needsValue(one.name())));
        } catch (Getopt.Misuse _) {
            return Optional.empty();
        }
    }

    /// What is wrong with an operand or a value, whatever the command: an empty one would name something else, or all
    /// there is.
    private static Optional<String> odd(Getopt.Given given) {
        if (given.operands().stream().anyMatch(String::isBlank)) {
            return Optional.of("an empty argument names nothing: nothing was done");
        }
        Stream<String> values = given.options().stream().map(Getopt.Option::value);
        return Stream.concat(given.operands().stream(), values)
                        .anyMatch(word -> word.chars().anyMatch(Character::isISOControl))
                ? Optional.of("control characters in an argument: nothing was done")
                : Optional.empty();
    }

    private static Set<String> withJson(Command command) {
        Set<String> names = new HashSet<>(READERS.getOrDefault(command.name, Set.of()));
        names.add(JSON);
        return names;
    }

    private static int usage(Command command, PrintStream to, int code) {
        to.println(command.name + ": usage: " + command.name + " " + command.usage);
        return code;
    }

    private static int run(Command command, Opening.Opener opener, List<String> arguments, Program.Stdio stdio) {
        Optional<Getopt.Given> read = read(command, arguments);
        if (read.isEmpty()) {
            return usage(command, stdio.err(), REFUSED);
        }
        Getopt.Given given = read.get();
        if (given.has("h")) {
            return usage(command, stdio.out(), 0);
        }
        if (given.has(JSON) && !withJson(command).containsAll(given.names())) {
            return usage(command, stdio.err(), REFUSED);
        }
        if (given.has("v")) {
            stdio.out().println("version: qrate");
            if (given.operands().isEmpty()) {
                return 0;
            }
        }
        for (String letter : given.names()) {
            Optional<String> refused = Command.why(command.refused, letter);
            if (refused.isPresent()) {
                stdio.err().println(command.name + ": fatal: -" + letter + ": " + refused.get());
                return REFUSED;
            }
            Command.why(command.idle, letter)
                    .ifPresent(why -> stdio.err().println(command.name + ": warning: -" + letter + ": " + why));
        }
        int operands = given.operands().size();
        if (operands < command.least || operands > command.most) {
            return usage(command, stdio.err(), REFUSED);
        }
        Optional<String> odd = odd(given);
        if (odd.isPresent()) {
            stdio.err().println(command.name + ": fatal: " + odd.get());
            return REFUSED;
        }
        try (EditableDirectory directory = opener.open(stdio.environment())) {
            Change change = command.action.run(directory, given, stdio);
            return switch (change) {
                case Change.Done _ -> 0;
                case Change.Refused refused -> {
                    stdio.err()
                            .println(command.name + ": fatal: " + words(stdio).of(refused));
                    yield REFUSED;
                }
            };
        } catch (IOException e) {
            stdio.err().println(command.name + ": fatal: " + Reasons.of(e));
            return TEMPORARY;
        }
    }

    /// In the language of whoever runs a command.
    static Words words(Program.Stdio stdio) {
        return Words.of(stdio.environment());
    }

    /// Where a password may stand among a command's operands.
    ///
    /// @param whose it is, for the question
    /// @param at its place
    record Asked(String whose, List<String> operands, int at) {}

    /// A random password, the one on the command line, or one from descriptor 0.
    static Password password(Getopt.Given options, Asked asked, Program.Stdio stdio) throws IOException {
        if (options.has("r")) {
            String length = options.last("r").orElse("");
            int chars = length.matches("[1-9][0-9]?") ? Integer.parseInt(length) : Password.RANDOM_CHARS;
            Password.Clear random =
                    Password.random(new SecureRandom(), Math.clamp(chars, RANDOM_CHARS_MIN, RANDOM_CHARS_MAX));
            stdio.out().println("Random password: " + random.text());
            return random;
        }
        if (asked.operands.size() > asked.at) {
            return new Password.Clear(asked.operands.get(asked.at));
        }
        stdio.err().print("Please enter password for " + Log.escape(asked.whose) + ": ");
        stdio.err().flush();
        String line = new BufferedReader(new InputStreamReader(stdio.in(), UTF_8)).readLine();
        return new Password.Clear(line == null ? "" : line);
    }
}
