package qrate.dotqmail;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Body;

/// Runs the program that a line's arguments name.
final class Run {
    /// The JDK tells of signal n as of exit code 128 + n, as sh does of its own commands.
    private static final int SIGNAL_BASE = 128;

    private static final int SIGNAL_MAX = 64;

    private Run() {}

    /// Gives it a message and this program's environment; what it says goes where we say ours.
    ///
    /// @return its exit code, 111 when it was killed, which is said in its place; empty when there is no
    ///     such program
    static Optional<Integer> program(List<String> words, Map<String, String> environment, Body message, PrintStream out)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException _) {
            return Optional.empty();
        }
        Thread feeder = Thread.ofVirtual().start(() -> feed(process, message));
        try {
            process.getInputStream().transferTo(out);
            int code = process.waitFor();
            boolean killed = code > SIGNAL_BASE && code <= SIGNAL_BASE + SIGNAL_MAX;
            if (killed) {
                out.println(words.getFirst() + ": killed by signal " + (code - SIGNAL_BASE));
                return Optional.of(Forward.SOFT);
            }
            return Optional.of(code);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while a program ran", e);
        } finally {
            process.destroyForcibly();
            feeder.interrupt();
        }
    }

    private static void feed(Process process, Body message) {
        try (OutputStream to = process.getOutputStream();
                var in = message.open()) {
            in.transferTo(to);
        } catch (IOException _) {
            // a program need not read its message; its exit code says what it thinks of it
        }
    }
}
