package qrate.local.deliver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import qrate.core.Body;
import qrate.core.Program;
import qrate.local.plan.DotQmailCommands;

/// Runs the programs of `.qmail` lines (qmail-command(8)), bounded in number, time and output.
final class Programs {
    /// Longest run of one program.
    static final Duration RUN_MAX = Duration.ofMinutes(5);

    /// Output kept for the answer, in bytes; the rest is read and dropped.
    static final int OUTPUT_BYTES_MAX = 4000;

    /// Memory that a program may use, in KiB; what it starts has as much again.
    static final int MEMORY_KIB_MAX = 512 << 10;

    /// Sets the limits, then becomes the program; its words come from no message.
    private static final String LIMITED = "ulimit -c 0; ulimit -d " + MEMORY_KIB_MAX + "; exec \"$@\"";

    private static final String PATH = "/usr/local/bin:/usr/bin:/bin:/var/qmail/bin";
    private static final int SIGNALLED = 128;
    private static final Duration PIPES_MAX = Duration.ofSeconds(2);

    /// How a program ended.
    sealed interface Outcome {
        /// By itself.
        record Exited(int code, String output) implements Outcome {}

        /// By a signal.
        record Crashed() implements Outcome {}

        /// It was stopped, since it ran too long.
        record Stopped() implements Outcome {}

        /// As many run as may.
        record Busy() implements Outcome {}
    }

    private final Duration runMax;
    private final Semaphore permits;
    private final Map<String, Program> known;
    private final DotQmailCommands commands;

    Programs(Duration runMax, int concurrency) {
        this(runMax, concurrency, Map.of());
    }

    /// @param known our own programs by name, run in this process without a shell, allowed to every domain
    Programs(Duration runMax, int concurrency, Map<String, Program> known) {
        this.runMax = runMax;
        this.permits = new Semaphore(concurrency);
        this.known = Map.copyOf(known);
        this.commands = new DotQmailCommands(known.keySet());
    }

    /// Whether a command is one of our own programs and nothing else.
    boolean isKnown(String command) {
        return commands.isKnown(command);
    }

    private Outcome runOwn(List<String> words, Map<String, String> environment, Body message) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (InputStream in = message.open();
                PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8)) {
            int code = known.get(words.getFirst())
                    .run(words.subList(1, words.size()), new Program.Stdio(environment, in, out, out));
            String text = output.toString(StandardCharsets.UTF_8).strip();
            return new Outcome.Exited(code, text.substring(0, Math.min(text.length(), OUTPUT_BYTES_MAX)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while a program ran", e);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(words.getFirst() + ": " + e, e);
        }
    }

    /// Runs a command in a folder with the message on its standard input.
    Outcome run(String command, Path home, Map<String, String> environment, Body message) throws IOException {
        if (!permits.tryAcquire()) {
            return new Outcome.Busy();
        }
        try {
            Optional<List<String>> own = commands.ownWords(command);
            if (own.isPresent()) {
                return runOwn(own.get(), environment, message);
            }
            ProcessBuilder builder = new ProcessBuilder(limited(words(command)))
                    .directory(home.toFile())
                    .redirectErrorStream(true);
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("PATH", PATH);
            return await(builder.start(), message);
        } finally {
            permits.release();
        }
    }

    private static List<String> limited(List<String> words) {
        return Stream.concat(Stream.of("/bin/sh", "-c", LIMITED, "sh"), words.stream())
                .toList();
    }

    /// Without a shell where a shell would do nothing but start the program.
    static List<String> words(String command) {
        String stripped = command.strip();
        List<String> words = Arrays.asList(stripped.split(" +"));
        boolean direct = DotQmailCommands.isPlain(stripped) && isProgram(words.getFirst());
        return direct ? words : List.of("/bin/sh", "-c", command);
    }

    private static boolean isProgram(String word) {
        if (word.indexOf('/') >= 0) {
            return true;
        }
        return Arrays.stream(PATH.split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, word)));
    }

    private Outcome await(Process process, Body message) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        Thread writer = Thread.ofVirtual().start(() -> feed(process, message));
        Thread reader = Thread.ofVirtual().start(() -> drain(process, output));
        try {
            if (!process.waitFor(runMax.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Outcome.Stopped();
            }
            // a child left in the background may hold the pipe; nobody waits for it
            reader.join(PIPES_MAX);
            int code = process.exitValue();
            String text;
            synchronized (output) {
                text = output.toString(StandardCharsets.UTF_8).strip();
            }
            return code > SIGNALLED ? new Outcome.Crashed() : new Outcome.Exited(code, text);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while a program ran", e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            writer.interrupt();
        }
    }

    private static void feed(Process process, Body message) {
        try (OutputStream out = process.getOutputStream();
                InputStream in = message.open()) {
            in.transferTo(out);
        } catch (IOException _) {
            // a program need not read its message; its exit code says what it thinks of it
        }
    }

    private static void drain(Process process, ByteArrayOutputStream output) {
        byte[] buffer = new byte[OUTPUT_BYTES_MAX];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                synchronized (output) {
                    output.write(buffer, 0, Math.min(n, OUTPUT_BYTES_MAX - output.size()));
                }
            }
        } catch (IOException _) {
            // the pipe of a program that was stopped
        }
    }
}
