package qrate.tcpserver;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    private final Posix posix;

    public TcpEnv(Posix posix) {
        this.posix = posix;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        boolean info = true;
        int seconds = INFO_SECONDS;
        int at = 0;
        for (; at < arguments.size() && arguments.get(at).startsWith("-"); at++) {
            String word = arguments.get(at);
            boolean timed = word.startsWith("-t");
            String value = timed && word.length() == 2 && at + 1 < arguments.size()
                    ? arguments.get(++at)
                    : timed ? word.substring(2) : "";
            if (timed && value.matches("[0-9]{1,6}")) {
                seconds = Integer.parseInt(value);
            } else if (word.matches("-[rR]+")) {
                info = word.endsWith("r");
            } else {
                return usage(stdio);
            }
        }
        List<String> program = arguments.subList(at, arguments.size());
        return program.isEmpty()
                ? usage(stdio)
                : run(program, new Options.Questions(true, false, info, seconds, Optional.empty()), stdio);
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
