package qrate.core;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A command by its qmail name: what `./qrate NAME argument…` and the image's launcher run.
@FunctionalInterface
public interface Program {
    /// Runs to its end.
    ///
    /// @param arguments without the program's name
    /// @return the documented exit code; 111 for a temporary failure, 100 for a permanent one unless its man page
    ///     says other
    int run(List<String> arguments, Stdio stdio) throws Exception;

    /// A program that is made only when it is run, so that the names of many cost nothing.
    static Program of(Supplier<? extends Program> made) {
        return (arguments, stdio) -> made.get().run(arguments, stdio);
    }

    /// What a process has from its parent; a record so that tests need no real one.
    record Stdio(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        /// Whether somebody is there who can be asked: the process's own input, and a terminal.
        public boolean isTerminal() {
            return System.in.equals(in)
                    && Optional.ofNullable(System.console())
                            .filter(Console::isTerminal)
                            .isPresent();
        }

        /// Asks, and takes a line that says `y` or `yes` for a yes.
        public boolean agrees(String question) throws IOException {
            err.print(question + " [y/N] ");
            err.flush();
            String answer = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
        }
    }
}
