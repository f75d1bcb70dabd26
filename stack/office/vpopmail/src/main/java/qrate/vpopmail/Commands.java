package qrate.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.checkpassword.PasswordRule;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.Reasons;
import qrate.directory.Change;
import qrate.directory.Opening;
import qrate.directory.Password;
import qrate.directory.Vpopmail;
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
        Change run(Vpopmail directory, Options options, Program.Stdio stdio) throws IOException;
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
        private static Optional<String> why(Map<String, String> reasons, char letter) {
            return reasons.entrySet().stream()
                    .filter(reason -> reason.getKey().indexOf(letter) >= 0)
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
                DomainCommands.all(), MailboxCommands.all(), StaffCommands.all(), List.of(Vconvert.command()))) {
            for (Command command : commands) {
                programs.put(command.name, (arguments, stdio) -> run(command, opener, arguments, stdio));
            }
        }
        return programs;
    }

    /// Long names of options, in getopt's place.
    private static final Map<String, String> LONG = Map.of("--file", "-F", "--force", "-f", "--keep-tokens", "-k");

    private static int run(Command command, Opening.Opener opener, List<String> given, Program.Stdio stdio) {
        List<String> arguments =
                given.stream().map(word -> LONG.getOrDefault(word, word)).toList();
        Optional<Options> options = Options.parse(arguments, command.letters);
        if (options.isPresent() && options.get().has('h')) {
            stdio.out().println(command.name + ": usage: " + command.name + " " + command.usage);
            return 0;
        }
        if (options.isPresent() && options.get().has('v')) {
            stdio.out().println("version: qrate");
            if (options.get().operands().isEmpty()) {
                return 0;
            }
        }
        for (char letter : options.map(Options::letters).orElse(List.of())) {
            Optional<String> refused = Command.why(command.refused, letter);
            if (refused.isPresent()) {
                stdio.err().println(command.name + ": fatal: -" + letter + ": " + refused.get());
                return REFUSED;
            }
            Command.why(command.idle, letter)
                    .ifPresent(why -> stdio.err().println(command.name + ": warning: -" + letter + ": " + why));
        }
        int operands = options.map(o -> o.operands().size()).orElse(-1);
        if (operands < command.least || operands > command.most) {
            stdio.err().println(command.name + ": usage: " + command.name + " " + command.usage);
            return REFUSED;
        }
        Optional<String> odd = options.flatMap(Options::odd);
        if (odd.isPresent()) {
            stdio.err().println(command.name + ": fatal: " + odd.get());
            return REFUSED;
        }
        try (Vpopmail directory = opener.open(stdio.environment())) {
            Change change = command.action.run(directory, options.get(), stdio);
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
    static Password password(Options options, Asked asked, Program.Stdio stdio) throws IOException {
        if (options.has('r')) {
            String length = options.get('r', "");
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
