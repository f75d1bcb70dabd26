package qrate.tcpserver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Getopt;
import qrate.core.Log;

/// What the command line of `tcpserver` says (tcpserver(1)).
record Options(
        Verbosity verbosity,
        Limits limits,
        Rights rights,
        Questions questions,
        Flags flags,
        Optional<Path> rules,
        byte[] banner,
        String host,
        String port,
        List<String> program) {

    /// @param connections `-c`
    /// @param perAddress `-C`, 0 for no limit
    /// @param backlog `-b`
    record Limits(int connections, int perAddress, int backlog) {}

    /// @param uid `-u`, -1 for as it is
    /// @param gid `-g`, -1 for as it is
    record Rights(int uid, int gid) {}

    /// @param host `-h`
    /// @param paranoid `-p`
    /// @param info `-r`
    /// @param infoSeconds `-t`
    /// @param local `-l`, or empty for a look-up
    record Questions(boolean host, boolean paranoid, boolean info, int infoSeconds, Optional<String> local) {}

    /// @param printsPort `-1`
    /// @param rulesOptional `-X`
    /// @param keepsOptions `-o`
    /// @param noDelay `-D`
    record Flags(boolean printsPort, boolean rulesOptional, boolean keepsOptions, boolean noDelay) {}

    private static final int CONNECTIONS = 40;
    private static final int BACKLOG = 20;
    private static final int INFO_SECONDS = 26;
    private static final int NUMBER_MAX = Integer.MAX_VALUE;
    private static final String LETTERS = "qQvdDoOhHpPrR1UXc:C:x:B:g:u:b:l:t:";
    private static final Getopt KNOWN = Getopt.of(LETTERS);

    /// Reads a command line.
    ///
    /// @throws IllegalArgumentException when it is none
    static Options parse(List<String> arguments, Map<String, String> environment) {
        Reading reading = new Reading(environment);
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse e) {
            throw new IllegalArgumentException(
                    e.isUnknown() ? "no option " + Log.escape(e.option()) + " in " + LETTERS : e.getMessage(), e);
        }
        given.options().forEach(option -> reading.take(option.name().charAt(0), option.value()));
        List<String> rest = given.operands();
        if (rest.size() < 3) {
            throw new IllegalArgumentException("host, port and program expected");
        }
        return reading.options(rest);
    }

    /// The options so far; they come in any order.
    private static final class Reading {
        private final Map<String, String> environment;
        private Verbosity verbosity = Verbosity.ERRORS;
        private int connections = CONNECTIONS;
        private int perAddress;
        private int backlog = BACKLOG;
        private int uid = -1;
        private int gid = -1;
        private boolean host = true;
        private boolean paranoid;
        private boolean info = true;
        private int infoSeconds = INFO_SECONDS;
        private Optional<String> local = Optional.empty();
        private boolean printsPort;
        private boolean rulesOptional;
        private boolean keepsOptions;
        private boolean noDelay;
        private Optional<Path> rules = Optional.empty();
        private byte[] banner = {};

        Reading(Map<String, String> environment) {
            this.environment = environment;
        }

        void take(char letter, String value) {
            switch (letter) {
                case 'q' -> verbosity = Verbosity.QUIET;
                case 'Q' -> verbosity = Verbosity.ERRORS;
                case 'v' -> verbosity = Verbosity.VERBOSE;
                case 'd', 'D' -> noDelay = letter == 'D';
                case 'o', 'O' -> keepsOptions = letter == 'o';
                case 'h', 'H' -> host = letter == 'h';
                case 'p', 'P' -> paranoid = letter == 'p';
                case 'r', 'R' -> info = letter == 'r';
                case '1' -> printsPort = true;
                case 'X' -> rulesOptional = true;
                case 'U' -> {
                    uid = number('U', environment.getOrDefault("UID", ""), 0);
                    gid = number('U', environment.getOrDefault("GID", ""), 0);
                }
                case 'c' -> connections = number(letter, value, 1);
                case 'C' -> perAddress = number(letter, value, 1);
                case 'b' -> backlog = number(letter, value, 0);
                case 't' -> infoSeconds = number(letter, value, 0);
                case 'u' -> uid = number(letter, value, 0);
                case 'g' -> gid = number(letter, value, 0);
                case 'x' -> rules = Optional.of(Path.of(value));
                case 'B' -> banner = value.getBytes(StandardCharsets.UTF_8);
                case 'l' -> local = Optional.of(value);
                default -> throw new IllegalStateException("-" + letter);
            }
        }

        private static int number(char letter, String value, int least) {
            boolean number = value.matches("[0-9]{1,10}") && Long.parseLong(value) <= NUMBER_MAX;
            if (!number || Integer.parseInt(value) < least) {
                throw new IllegalArgumentException("-" + letter + " needs a number of at least " + least);
            }
            return Integer.parseInt(value);
        }

        Options options(List<String> rest) {
            return new Options(
                    verbosity,
                    new Limits(connections, perAddress, backlog),
                    new Rights(uid, gid),
                    new Questions(host, paranoid, info, infoSeconds, local),
                    new Flags(printsPort, rulesOptional, keepsOptions, noDelay),
                    rules,
                    banner,
                    rest.get(0),
                    rest.get(1),
                    List.copyOf(rest.subList(2, rest.size())));
        }
    }
}
