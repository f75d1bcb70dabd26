package qrate.dotqmail;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import qrate.core.Body;
import qrate.core.Getopt;
import qrate.core.Program;
import qrate.core.Spool;

/// `except`, `bouncesaying` and `preline`: programs that run another one (except(1), bouncesaying(1), preline(1)).
public final class Conditions {
    private static final int HARD = 100;
    private static final int SOFT = 111;

    private static final Getopt PRELINE = Getopt.of("dfr");

    /// What preline puts in front, each behind the letter that leaves it out.
    private static final List<String> LINES = List.of("fUFLINE", "rRPLINE", "dDTLINE");

    private Conditions() {}

    private static int usage(Program.Stdio stdio) {
        stdio.err().println("preline: usage: preline [ -dfr ] command [ arg ... ]");
        return HARD;
    }

    /// `except program…`: exit 100 if it exits 0, 111 if it exits 111, else 0.
    public static Program except() {
        return (arguments, stdio) -> {
            if (arguments.isEmpty()) {
                stdio.err().println("except: usage: except program [ arg ... ]");
                return HARD;
            }
            try (Spool.Held message = Spool.temporary().all(stdio.in())) {
                Optional<Integer> code = Run.program(arguments, stdio.environment(), message, stdio.out());
                return switch (code.orElse(1)) {
                    case 0 -> HARD;
                    case SOFT -> SOFT;
                    default -> 0;
                };
            }
        };
    }

    /// `bouncesaying error [program…]`: says `error` and exits 100 if the program exits 0 or none is named, exits 111
    /// if it exits 111, else 0.
    public static Program bouncesaying() {
        return (arguments, stdio) -> {
            if (arguments.isEmpty()) {
                stdio.err().println("bouncesaying: usage: bouncesaying error [ program [ arg ... ] ]");
                return HARD;
            }
            List<String> words = arguments.subList(1, arguments.size());
            int code = 0;
            if (!words.isEmpty()) {
                try (Spool.Held message = Spool.temporary().all(stdio.in())) {
                    code = Run.program(words, stdio.environment(), message, stdio.out())
                            .orElse(1);
                }
            }
            return switch (code) {
                case 0 -> {
                    stdio.err().println(arguments.getFirst());
                    yield HARD;
                }
                case SOFT -> SOFT;
                default -> 0;
            };
        };
    }

    /// `preline [-dfr] command…`: UFLINE, RPLINE and DTLINE in front of the message; exits as the command does.
    public static Program preline() {
        return (arguments, stdio) -> {
            Getopt.Given given;
            try {
                given = PRELINE.read(arguments);
            } catch (Getopt.Misuse _) {
                return usage(stdio);
            }
            List<String> words = given.operands();
            if (words.isEmpty()) {
                return usage(stdio);
            }
            StringBuilder front = new StringBuilder();
            for (String line : LINES) {
                if (!given.has(line.substring(0, 1))) {
                    front.append(stdio.environment().getOrDefault(line.substring(1), ""));
                }
            }
            try (Spool.Held message = Spool.temporary().all(stdio.in())) {
                Body whole = message.prefixed(front.toString().getBytes(StandardCharsets.UTF_8));
                Optional<Integer> code = Run.program(words, stdio.environment(), whole, stdio.out());
                if (code.isEmpty()) {
                    stdio.err().println("preline: fatal: unable to run " + words.getFirst());
                    return SOFT;
                }
                return code.get();
            }
        };
    }
}
