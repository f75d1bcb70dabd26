package qrate.smoketests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a command said and how it ended.
///
/// @param text standard output and standard error
record Ran(int code, String text) {
    /// Runs one, with nothing on its standard input.
    ///
    /// @param longest after which it is killed
    /// @param environment beside this process's own
    /// @throws IOException when it cannot be started, or does not end
    static Ran of(Duration longest, Map<String, String> environment, List<String> command) throws IOException {
        Path output = Files.createTempFile("qrate-ran", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": no end after " + longest);
            }
            return new Ran(process.exitValue(), Files.readString(output, UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": interrupted", e);
        } finally {
            Files.delete(output);
        }
    }

    Ran orFail() throws IOException {
        if (code != 0) {
            throw new IOException("exit " + code + ": " + text);
        }
        return this;
    }

    List<String> lines() {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
