package qrate.spawn;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.Program;

/// qmail-clean: takes files out of the queue folder that nobody needs any more (qmail-clean(8)).
///
/// A command on descriptor 0 is `foop/` or `todo/` and a message's number, ended by NUL; the answer on descriptor 1
/// is one byte: `+` when the files are gone, `!` when one cannot be removed, `x` when that was no command. `foop`
/// removes `mess` and `intd` of the message, `todo` removes `intd` and `todo`. Now and then it looks for files in
/// `pid` that a qmail-queue left 36 hours ago. At the end of descriptor 0 it exits 0.
public final class QmailClean implements Program {
    /// Longest command in bytes, without its NUL.
    static final int COMMAND_BYTES_MAX = 99;

    /// Age from which a file in `pid` has no owner any more.
    static final Duration ABANDONED = Duration.ofHours(36);

    /// So many commands between two looks into `pid`.
    static final int COMMANDS_A_LOOK = 30;

    private static final int USAGE = 100;
    private static final int TEMPORARY = 111;
    private static final char DONE = '+';
    private static final char NOT_NOW = '!';
    private static final char NO_COMMAND = 'x';

    private final Path queue;
    private final InstantSource clock;

    /// @param queue the folder above `mess`
    public QmailClean(Path queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) throws IOException {
        if (!arguments.isEmpty()) {
            stdio.err().println("qmail-clean: fatal: it takes no arguments");
            return USAGE;
        }
        int count = 0;
        for (Optional<String> next = read(stdio.in()); next.isPresent(); next = read(stdio.in())) {
            if (count++ % COMMANDS_A_LOOK == 0) {
                removeAbandoned();
            }
            stdio.out().write(answer(next.get()));
            if (stdio.out().checkError()) {
                return TEMPORARY; // whoever asked is gone
            }
        }
        return 0;
    }

    /// The next command; a longer one is read to its end and is none. Empty at the end of the stream.
    private static Optional<String> read(InputStream in) throws IOException {
        StringBuilder command = new StringBuilder();
        for (int b = in.read(); b != 0; b = in.read()) {
            if (b < 0) {
                return Optional.empty();
            }
            if (command.length() <= COMMAND_BYTES_MAX) {
                command.append((char) b);
            }
        }
        return Optional.of(command.toString());
    }

    private char answer(String command) {
        if (command.length() > COMMAND_BYTES_MAX || !command.matches("(foop|todo)/[0-9]{1,18}")) {
            return NO_COMMAND;
        }
        String id = command.substring("todo/".length());
        List<String> files = command.startsWith("foop/")
                ? List.of("intd/" + id, "mess/" + Mess.name(Long.parseLong(id)))
                : List.of("intd/" + id, "todo/" + id);
        try {
            for (String file : files) {
                Files.deleteIfExists(queue.resolve(file));
            }
            return DONE;
        } catch (IOException _) {
            return NOT_NOW; // the one byte is all that the interface lets it say
        }
    }

    private void removeAbandoned() {
        try (Stream<Path> files = Files.list(queue.resolve("pid"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (Files.getLastModifiedTime(file)
                        .toInstant()
                        .isBefore(clock.instant().minus(ABANDONED))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException _) {
            // no qmail-queue of another kind was ever here, or one has just removed its file
        } catch (IOException | java.io.UncheckedIOException _) {
            // nobody hears of it: the next look comes
        }
    }

    /// The other end: what qmail-send asks.
    ///
    /// @param commands qmail-clean's descriptor 0
    /// @param answers its descriptor 1
    /// @param lost run when it is gone
    public static Mess.Cleaning asked(OutputStream commands, InputStream answers, Runnable lost) {
        Object one = new Object();
        return id -> {
            int answer;
            try {
                synchronized (one) {
                    commands.write(("foop/" + id + "\0").getBytes(StandardCharsets.US_ASCII));
                    commands.flush();
                    answer = answers.read();
                }
                if (answer < 0) {
                    throw new EOFException("its stream has ended");
                }
            } catch (IOException e) {
                lost.run();
                throw new IOException("lost qmail-clean: " + e.getMessage(), e);
            }
            if (answer != DONE) {
                throw new IOException("qmail-clean answered " + qrate.core.Log.escape(String.valueOf((char) answer)));
            }
        };
    }
}
