package qrate.core;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;

/// A daemon's log: one line an event on one stream, in qmail's own formats (qmail-log(5)), readable by splogger
/// and multilog.
public final class Log {
    /// What stands in front of each line.
    public enum Stamp {
        /// Nothing: the container engine or multilog adds its own.
        NONE,
        /// `@4000000065…` as tai64nlocal reads it.
        TAI64N,
        /// RFC 3339 in UTC.
        ISO
    }

    /// Longest line in characters; the rest is cut and marked.
    public static final int LINE_CHARS_MAX = 2000;

    private final Consumer<CharSequence> out;
    private final Stamp stamp;
    private final InstantSource clock;

    /// A log that has written a line when the call returns.
    public Log(PrintStream out, Stamp stamp, InstantSource clock) {
        this(
                lines -> {
                    synchronized (out) {
                        out.append(lines);
                        out.flush();
                    }
                },
                stamp,
                clock);
    }

    private Log(Consumer<CharSequence> out, Stamp stamp, InstantSource clock) {
        this.out = out;
        this.stamp = stamp;
        this.clock = clock;
    }

    /// A daemon's usual log: standard error, from a thread of its own ({@link LogWriter}), stamped as `QRATE_LOG_TIME`
    /// (`none`, `tai64n`, `iso`) says.
    public static Log standard(Map<String, String> environment) {
        return new Log(LogWriter.standardError()::write, stamp(environment), InstantSource.system());
    }

    /// The log of a daemon that nobody else keeps one for: the file that `QRATE_LOG_FILE` names, which has an end
    /// ({@link LogFile}), or else standard error. What libraries print to standard error goes there too.
    ///
    /// @throws IOException when the file cannot be written
    public static Log kept(Map<String, String> environment) throws IOException {
        String file = environment.getOrDefault("QRATE_LOG_FILE", "");
        if (file.isEmpty()) {
            return standard(environment);
        }
        Log log = new Log(LogWriter.toFile(Path.of(file))::write, stamp(environment), InstantSource.system());
        System.setErr(new PrintStream(log.new Lines(), true, UTF_8));
        return log;
    }

    private static Stamp stamp(Map<String, String> environment) {
        return switch (environment.getOrDefault("QRATE_LOG_TIME", "none")) {
            case "tai64n" -> Stamp.TAI64N;
            case "iso" -> Stamp.ISO;
            default -> Stamp.NONE;
        };
    }

    /// A log that keeps nothing, for tests and commands.
    public static Log silent() {
        return new Log(new PrintStream(OutputStream.nullOutputStream()), Stamp.NONE, InstantSource.system());
    }

    /// Bytes that become lines of the log.
    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int b) {
            if (b != '\n' && line.size() < LINE_CHARS_MAX) {
                line.write(b);
            } else if (b == '\n') {
                Log.this.line(line.toString(UTF_8).replace("\t", "  "));
                line.reset();
            }
        }
    }

    /// Writes one line; control characters and everything that could start a second line are escaped.
    public void line(String text) {
        lines(text);
    }

    /// Writes some lines that nothing may come between, in one go.
    public void lines(String... texts) {
        String front = switch (stamp) {
            case NONE -> "";
            case TAI64N -> tai64n(clock.instant()) + " ";
            case ISO -> clock.instant() + " ";
        };
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            lines.append(front).append(escape(text)).append('\n');
        }
        out.accept(lines);
    }

    /// Makes remote text safe for a log line: control characters, DEL and Unicode line ends become hexadecimal.
    public static String escape(String text) {
        String bounded = text.length() <= LINE_CHARS_MAX ? text : text.substring(0, LINE_CHARS_MAX) + " [cut]";
        StringBuilder safe = new StringBuilder(bounded.length());
        for (int i = 0; i < bounded.length(); i++) {
            char c = bounded.charAt(i);
            if (c < 0x20 || c == 0x7f) {
                safe.append(String.format("\\x%02x", (int) c));
            } else if (c >= 0x80 && (Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || isBidi(c))) {
                safe.append(String.format("\\u%04x", (int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    private static boolean isBidi(char c) {
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }

    /// External TAI64N label with an `@` in front: seconds since 1970 plus 2^62 + 10, and nanoseconds, in
    /// hexadecimal.
    static String tai64n(Instant at) {
        return String.format("@%016x%08x", at.getEpochSecond() + (1L << 62) + 10, at.getNano());
    }
}
