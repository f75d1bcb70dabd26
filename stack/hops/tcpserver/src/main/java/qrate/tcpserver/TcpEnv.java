package qrate.tcpserver;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import qrate.core.Getopt;
import qrate.core.Program;
import qrate.posix.Posix;
import qrate.posix.Sockets;

/// `tcp-env [-rR] [-t seconds] program…`: sets the TCP environment of a connection on descriptor 0 and runs a program
/// in its own place, as under inetd and xinetd (tcp-env(1)). A connection that systemd passes on descriptor 3 becomes
/// descriptors 0 and 1.
///
/// Exit codes: the program's; 100 for a wrong call, 111 when descriptor 0 is no connection of TCP or the program cannot
/// run.
public final class TcpEnv implements Program {
    private static final int USAGE = 100;
    private static final int TEMPORARY = 111;
    private static final int INFO_SECONDS = 30;
    private static final Getopt KNOWN = Getopt.of("rRt:");

    private final Posix posix;

    public TcpEnv(Posix posix) {
        this.posix = posix;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        Getopt.Given given;
        try {
            given = KNOWN.read(arguments);
        } catch (Getopt.Misuse _) {
            return usage(stdio);
        }
        if (!given.all("t").stream().allMatch(value -> value.matches("[0-9]{1,6}"))) {
            return usage(stdio);
        }
        int seconds = given.last("t").map(Integer::parseInt).orElse(INFO_SECONDS);
        boolean info = lastOf(given).equals("r");
        List<String> program = given.operands();
        return program.isEmpty()
                ? usage(stdio)
                : run(program, new Options.Questions(true, false, info, seconds, Optional.empty()), stdio);
    }

    /// Which of -r and -R came last.
    private static String lastOf(Getopt.Given given) {
        return given.options().stream()
                .map(Getopt.Option::name)
                .filter(name -> !name.equals("t"))
                .reduce("r", (_, later) -> later);
    }

    private static int usage(Stdio stdio) {
        stdio.err().println("tcp-env: usage: tcp-env [-rR] [-t seconds] program [argument...]");
        return USAGE;
    }

    private int run(List<String> program, Options.Questions questions, Stdio stdio) throws IOException {
        Map<String, String> environment = new TreeMap<>(stdio.environment());
        if (!environment.getOrDefault("PROTO", "").equals("TCP")) {
            Sockets sockets = new Sockets(posix);
            if (Sockets.passed(environment) > 0
                    && sockets.ends(Sockets.PASSED_FIRST).isPresent()) {
                sockets.duplicate(Sockets.PASSED_FIRST, 0);
                sockets.duplicate(Sockets.PASSED_FIRST, 1);
            }
            Optional<Sockets.Ends> ends = sockets.ends(0);
            if (ends.isEmpty()) {
                stdio.err().println("tcp-env: fatal: descriptor 0 is not a connection of TCP");
                return TEMPORARY;
            }
            environment = Gathered.of(sockets, ends.get(), questions).environment(environment, Map.of());
        }
        return posix.exec(new Posix.Command(program, environment), Optional.empty());
    }
}
