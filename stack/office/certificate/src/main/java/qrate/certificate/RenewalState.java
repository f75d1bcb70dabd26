package qrate.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.core.DurableFile;
import qrate.core.Log;

/// What lasts of attempts to get a certificate: `tls/acme/state`, one `NAME VALUE` a line. Lines that are not
/// known are skipped.
///
/// @param directory of the CA that the certificate in use came from
/// @param renewed when that was
/// @param attempts the times of orders in the last hour
/// @param failure what keeps a certificate from coming, until one comes
/// @param advice when the CA wants its certificate renewed
/// @param ask when the CA is to be asked for that again
public record RenewalState(
        Optional<String> directory,
        Optional<Instant> renewed,
        List<Instant> attempts,
        Optional<Failure> failure,
        Optional<Advice> advice,
        Optional<Instant> ask) {
    /// What nobody has tried yet.
    public static final RenewalState NONE = new RenewalState(
            Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Optional.empty(), Optional.empty());

    /// How many orders an hour, whoever asks for them. The best known CA allows five failures an hour.
    public static final int ATTEMPTS_AN_HOUR_MAX = 4;

    /// How long after the first failure until the next attempt; twice as long after each other one.
    static final Duration WAIT_MIN = Duration.ofMinutes(15);

    /// The longest wait after a failure.
    static final Duration WAIT_MAX = Duration.ofDays(1);

    /// The longest wait that a CA can ask for: a nonsense of its own must not let the certificate end.
    static final Duration RETRY_AFTER_MAX = Duration.ofDays(7);

    /// Longest reason that is kept, in characters.
    static final int WHY_CHARS_MAX = 500;

    /// How long one attempt may take, all waiting included.
    public static final Duration ORDER_MAX = Duration.ofMinutes(10);

    private static final String CUT_OFF = "the last attempt was cut off";
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int FILE_BYTES_MAX = 64 << 10;

    /// Failures since the last success.
    ///
    /// @param count of them
    /// @param first when they began
    /// @param last when the last was
    /// @param again when the next attempt is made by itself
    /// @param held until when the CA wants no attempt at all, by hand either; in the past when it said
    ///     nothing
    /// @param why the last one failed
    public record Failure(int count, Instant first, Instant last, Instant again, Instant held, String why) {}

    /// What a CA said about one certificate (RFC 9773 §4.2), and the moment that was chosen within.
    ///
    /// @param serial of the certificate, in hexadecimal
    public record Advice(String serial, Instant start, Instant end, Instant chosen) {}

    /// Reads it.
    ///
    /// @return {@link #NONE} when there is no such file
    /// @throws IOException when it cannot be read, or is damaged: then nobody knows what may be tried
    public static RenewalState of(Path tls) throws IOException {
        Path file = file(tls);
        if (!Files.exists(file)) {
            return NONE;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return parse(new String(in.readNBytes(FILE_BYTES_MAX), UTF_8));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("tls/acme/state: damaged (" + e.getMessage() + "): remove it to begin anew", e);
        }
    }

    static Path file(Path tls) {
        return tls.resolve("acme/state");
    }

    private static RenewalState parse(String text) {
        RenewalState found = NONE;
        for (String line : text.split("\n", -1)) {
            int blank = line.indexOf(' ');
            String value = line.substring(blank + 1);
            found = switch (line.substring(0, Math.max(0, blank))) {
                case "directory" -> found.withDirectory(value);
                case "renewed" -> found.withRenewed(Instant.parse(value));
                case "attempts" -> found.withAttempts(times(value));
                case "failure" -> found.withFailure(Optional.of(failure(value)));
                case "advice" -> found.withAdvice(Optional.of(advice(value)));
                case "ask" -> found.withAsk(Instant.parse(value));
                default -> found;
            };
        }
        return found;
    }

    private static List<Instant> times(String value) {
        List<Instant> times = new ArrayList<>();
        for (String one : value.split(" ", -1)) {
            times.add(Instant.parse(one));
        }
        return times;
    }

    private static String[] words(String value, int count) {
        String[] words = value.split(" ", count);
        if (words.length < count) {
            throw new IllegalArgumentException("a line is cut");
        }
        return words;
    }

    private static Failure failure(String value) {
        String[] words = words(value, 6);
        return new Failure(
                Integer.parseInt(words[0]),
                Instant.parse(words[1]),
                Instant.parse(words[2]),
                Instant.parse(words[3]),
                Instant.parse(words[4]),
                words[5]);
    }

    private static Advice advice(String value) {
        String[] words = words(value, 4);
        return new Advice(words[0], Instant.parse(words[1]), Instant.parse(words[2]), Instant.parse(words[3]));
    }

    /// When the next attempt may be made by itself; in the past when nothing speaks against one.
    public Instant again(Instant now) {
        return failure.filter(one -> !one.last.isAfter(now)).map(Failure::again).orElse(Instant.MIN);
    }

    /// Until when the CA wants no attempt; in the past when it may be asked.
    public Instant held(Instant now) {
        // a failure in the future was written by a clock that was wrong then
        return failure.filter(one -> !one.last.isAfter(now)).map(Failure::held).orElse(Instant.MIN);
    }

    /// Without what failed, as if the administrator had mended it.
    public RenewalState unfailing() {
        return withFailure(Optional.empty());
    }

    /// Keeps it, durably.
    ///
    /// @param next when something is to be done next, in its first line for the shell that waits for it, in
    ///     seconds since 1970; nothing for never
    public void write(Path tls, Optional<Instant> next) throws IOException {
        List<String> lines = new ArrayList<>();
        next.ifPresent(at -> lines.add("next " + at.getEpochSecond()));
        directory.ifPresent(value -> lines.add("directory " + value));
        renewed.ifPresent(at -> lines.add("renewed " + at));
        if (!attempts.isEmpty()) {
            lines.add("attempts "
                    + String.join(" ", attempts.stream().map(Instant::toString).toList()));
        }
        failure.ifPresent(one -> lines.add("failure " + one.count + " " + one.first + " " + one.last + " " + one.again
                + " " + one.held + " " + one.why));
        advice.ifPresent(one -> lines.add("advice " + one.serial + " " + one.start + " " + one.end + " " + one.chosen));
        ask.ifPresent(at -> lines.add("ask " + at));
        byte[] text = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        Path file = file(tls);
        if (!Files.exists(file) || !Arrays.equals(text, Files.readAllBytes(file))) {
            DurableFile.write(file, text);
        }
    }

    /// Whether one more order may be made this hour.
    public boolean mayOrder(Instant now) {
        return recent(now).size() < ATTEMPTS_AN_HOUR_MAX;
    }

    /// When an order may be made again: at once, or an hour after the first of too many.
    public Instant mayOrderAt(Instant now) {
        List<Instant> recent = recent(now);
        return mayOrder(now)
                ? now
                : recent.get(recent.size() - ATTEMPTS_AN_HOUR_MAX).plus(HOUR);
    }

    private List<Instant> recent(Instant now) {
        // what lies in the future was written by a clock that was wrong then
        return attempts.stream()
                .filter(at -> at.isAfter(now.minus(HOUR)) && !at.isAfter(now))
                .toList();
    }

    /// An order begins, and counts before the CA hears of it, as one that failed: a crash must not make it
    /// forgotten.
    public RenewalState begun(Instant now) {
        return attempted(now).failed(now, Optional.empty(), CUT_OFF);
    }

    /// One order more in this hour.
    public RenewalState attempted(Instant now) {
        return withAttempts(Stream.concat(recent(now).stream(), Stream.of(now)).toList());
    }

    /// Whether one goes on at this moment, as far as can be told.
    boolean underWay(Instant now) {
        return failure.isPresent()
                && failure.get().why.equals(CUT_OFF)
                && now.isBefore(failure.get().last.plus(ORDER_MAX));
    }

    /// One failed.
    ///
    /// @param retryAfter when the CA wants to hear from us again
    public RenewalState failed(Instant now, Optional<Instant> retryAfter, String why) {
        Instant latest = now.plus(RETRY_AFTER_MAX);
        Instant held = retryAfter.map(at -> at.isAfter(latest) ? latest : at).orElse(now);
        int count = failure.map(Failure::count).orElse(0) + 1;
        Instant own = now.plus(waiting(count));
        return withFailure(Optional.of(new Failure(
                count, failure.map(Failure::first).orElse(now), now, own.isAfter(held) ? own : held, held, cut(why))));
    }

    /// How long to wait after so many failures.
    static Duration waiting(int failures) {
        Duration wait = WAIT_MIN;
        for (int i = 1; i < failures && wait.compareTo(WAIT_MAX) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(WAIT_MAX) < 0 ? wait : WAIT_MAX;
    }

    /// A certificate came, and is in use.
    public RenewalState succeeded(Instant now, String from) {
        return new RenewalState(
                Optional.of(from), Optional.of(now), attempts, Optional.empty(), Optional.empty(), Optional.of(now));
    }

    private static String cut(String why) {
        String safe = Log.escape(why).replace('\n', ' ');
        return safe.length() <= WHY_CHARS_MAX ? safe : safe.substring(0, WHY_CHARS_MAX) + " [cut]";
    }

    private RenewalState withDirectory(String value) {
        return new RenewalState(Optional.of(value), renewed, attempts, failure, advice, ask);
    }

    private RenewalState withRenewed(Instant value) {
        return new RenewalState(directory, Optional.of(value), attempts, failure, advice, ask);
    }

    private RenewalState withAttempts(List<Instant> value) {
        return new RenewalState(directory, renewed, List.copyOf(value), failure, advice, ask);
    }

    private RenewalState withFailure(Optional<Failure> value) {
        return new RenewalState(directory, renewed, attempts, value, advice, ask);
    }

    /// With what the CA said of its certificate.
    public RenewalState withAdvice(Optional<Advice> value) {
        return new RenewalState(directory, renewed, attempts, failure, value, ask);
    }

    /// With the time at which it is asked for that again.
    public RenewalState withAsk(Instant value) {
        return new RenewalState(directory, renewed, attempts, failure, advice, Optional.of(value));
    }
}
