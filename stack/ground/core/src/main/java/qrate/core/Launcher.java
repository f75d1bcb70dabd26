package qrate.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// One launcher, many names: runs the program that the first argument names, as each image's `main` does; `NAME
/// --help` and `man NAME` show its page.
public final class Launcher {
    /// Exit code of a temporary failure, as qmail's programs use it.
    public static final int TEMPORARY = 111;

    /// Exit code of a wrong call.
    public static final int USAGE = 100;

    private Launcher() {}

    /// Runs a program; whatever it throws becomes one line `program: fatal: what` and exit 111.
    ///
    /// @return its exit code
    public static int run(Map<String, Program> programs, String[] arguments, Program.Stdio stdio) {
        String name = arguments.length == 0 ? "" : arguments[0];
        Program program = name.equals("man") ? Manual::show : programs.get(name);
        if (program == null) {
            stdio.err()
                    .println("qrate: no program " + Log.escape(name) + " here; there are "
                            + String.join(" ", new TreeSet<>(programs.keySet())));
            return USAGE;
        }
        try {
            if (arguments.length == 2 && arguments[1].equals("--help")) {
                Optional<Manual> page = Manual.of(name);
                if (page.isPresent()) {
                    stdio.out().print(page.get().help());
                    return 0;
                }
            }
            return program.run(List.of(arguments).subList(1, arguments.length), stdio);
        } catch (IOException e) {
            stdio.err().println(name + ": fatal: " + Reasons.of(e));
            return TEMPORARY;
        } catch (UncheckedIOException e) {
            stdio.err().println(name + ": fatal: " + Reasons.of(e));
            return TEMPORARY;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return TEMPORARY;
        } catch (Exception e) {
            // a bug: its trace is worth more than a short line
            e.printStackTrace(stdio.err());
            stdio.err().println(name + ": fatal: " + Log.escape(e.toString()));
            return TEMPORARY;
        } finally {
            stdio.out().flush();
            stdio.err().flush();
        }
    }

    /// Runs a program on the process's own streams and ends the process with its exit code.
    ///
    /// A JVM that cannot start exits 1 as well. Who wants to tell the two apart (`images/base/begin`) says in the
    /// property `qrate.one` which code a program's own 1 is to be.
    public static void main(Map<String, Program> programs, String[] arguments) {
        ServerTls.refuseRenegotiation();
        int code = run(programs, arguments, new Program.Stdio(System.getenv(), System.in, System.out, System.err));
        System.exit(code == 1 ? Integer.getInteger("qrate.one", 1) : code);
    }
}
