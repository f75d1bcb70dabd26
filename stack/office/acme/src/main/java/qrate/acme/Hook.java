package qrate.acme;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import qrate.core.Log;

/// Answers a CA by DNS (RFC 8555 §8.4): a program publishes the record, and is back when everybody sees it.
///
/// It is called with `present NAME VALUE` and `cleanup NAME VALUE`, where NAME is that of the TXT record
/// without a dot at its end, in an environment that holds PATH and no more. What it prints goes to the log.
/// One that takes too long is ended, with what it started.
///
/// @param program full name
/// @param limit how long it may take
record Hook(Path program, Duration limit, Log log) implements Answering {
    /// How long a program may take to publish a record.
    static final Duration HOOK_MAX = Duration.ofMinutes(2);

    /// Most of what it prints that is logged, in bytes.
    static final int OUTPUT_BYTES_MAX = 16 << 10;

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final String PREFIX = "_acme-challenge.";

    @Override
    public void present(Answer answer) throws IOException, InterruptedException {
        call("present", answer);
    }

    @Override
    public void remove(Answer answer) throws InterruptedException {
        try {
            call("cleanup", answer);
        } catch (IOException e) {
            log.line("acme: " + e.getMessage());
        }
    }

    private void call(String act, Answer answer) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), act, PREFIX + answer.name(), answer.content());
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.clear();
        environment.put("PATH", path);
        builder.directory(Path.of("/").toFile()).redirectErrorStream(true);
        Process process = builder.start();
        process.getOutputStream().close();
        Thread reader = Thread.ofVirtual().name("acme-hook").start(() -> drain(process.getInputStream()));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program + " " + act + " took longer than " + limit.toSeconds() + " seconds");
            }
        } finally {
            // whoever holds its output open would be waited for
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            reader.join(GRACE);
        }
        if (process.exitValue() != 0) {
            throw new IOException(program + " " + act + " ended with " + process.exitValue());
        }
    }

    private void drain(InputStream from) {
        try (from) {
            new String(from.readNBytes(OUTPUT_BYTES_MAX), UTF_8)
                    .lines()
                    .forEach(line -> log.line("acme: " + program.getFileName() + ": " + line));
            from.transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // it was ended
        }
    }
}
