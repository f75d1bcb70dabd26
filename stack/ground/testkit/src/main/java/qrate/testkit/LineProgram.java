package qrate.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A program of others that is started once and answers a line to each line: what takes long is to start Perl or
/// Python, not to ask it. What it says to its errors goes to ours.
public final class LineProgram implements AutoCloseable {
    private static final int WAIT_SECONDS_MAX = 60;

    private final Process process;
    private final Writer in;
    private final BlockingQueue<Optional<String>> said = new LinkedBlockingQueue<>();

    private LineProgram(Process process) {
        this.process = process;
        this.in = process.outputWriter(ISO_8859_1);
        BufferedReader out = process.inputReader(ISO_8859_1);
        Thread.ofVirtual().start(() -> {
            try {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    said.add(Optional.of(line));
                }
            } catch (IOException _) {
                // it was ended
            }
            said.add(Optional.empty());
        });
    }

    /// Starts one. Perl's hashes are in the same order each time.
    public static LineProgram start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PERL_HASH_SEED", "0");
        builder.environment().put("PYTHONUNBUFFERED", "1");
        return new LineProgram(builder.start());
    }

    /// Says a line that has no answer.
    public void say(String line) throws IOException {
        in.write(line);
        in.write('\n');
    }

    /// What it answers to a line.
    public String ask(String line) throws IOException {
        say(line);
        in.flush();
        try {
            Optional<String> answer = said.poll(WAIT_SECONDS_MAX, TimeUnit.SECONDS);
            if (answer == null || answer.isEmpty()) {
                throw new IOException(
                        "no answer from " + process.info().command().orElse("it") + " to " + line);
            }
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /// Ends it.
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(WAIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
