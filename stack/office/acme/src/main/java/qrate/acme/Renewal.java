package qrate.acme;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import qrate.certificate.Due;
import qrate.certificate.Installed;
import qrate.certificate.NextKeys;
import qrate.certificate.Pair;
import qrate.certificate.RenewalState;
import qrate.certificate.Settings;
import qrate.core.Control;
import qrate.core.Log;
import qrate.core.Reasons;

/// One look at the certificate, and a new one if it is time.
final class Renewal {
    /// How long what the CA says about renewal counts when it does not say itself, and the bounds when it
    /// does.
    static final Duration ASK_EVERY = Duration.ofHours(6);

    static final Duration ASK_MIN = Duration.ofHours(1);
    static final Duration ASK_MAX = Duration.ofDays(1);

    /// Who wants it.
    enum Wish {
        /// The clock: only when it is due.
        DUE,
        /// An administrator, who has mended something: when it is due, whatever failed before.
        NOW,
        /// An administrator, however young the certificate is.
        FORCED
    }

    /// What came of it.
    sealed interface Outcome {
        /// No CA is to be asked.
        record Off() implements Outcome {}

        /// Another process is at it.
        record Busy() implements Outcome {}

        /// It is too early.
        record NotYet(Due due) implements Outcome {}

        /// A new certificate is in use.
        record Renewed(Installed installed) implements Outcome {}

        /// The certificate before stays in use.
        ///
        /// @param again when the next attempt may be
        record Failed(String why, Instant again) implements Outcome {}
    }

    /// How a CA is reached.
    @FunctionalInterface
    interface Reaching {
        Authority reach(Settings settings, Path accountKey) throws IOException;
    }

    /// How it is answered, once for each order.
    @FunctionalInterface
    interface Opening {
        Answering open(Settings settings) throws IOException;
    }

    /// What it works with.
    ///
    /// @param tls the folder
    record Parts(
            Path tls,
            Control control,
            Reaching reaching,
            Opening opening,
            InstantSource clock,
            RandomGenerator random,
            Log log) {}

    private final Parts parts;
    private final Duration limit;

    /// @param limit how long a CA may take over one order
    Renewal(Parts parts, Duration limit) {
        this.parts = parts;
        this.limit = limit;
    }

    /// @throws IOException when control files or state cannot be read or written; no CA has been asked then
    Outcome run(Wish wish) throws IOException, InterruptedException {
        Optional<Settings> settings = Settings.of(parts.control);
        if (settings.isEmpty()) {
            return new Outcome.Off();
        }
        Path folder = parts.tls.resolve("acme");
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        }
        try (FileChannel file =
                        FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            return lock == null ? new Outcome.Busy() : alone(wish, settings.get());
        } catch (OverlappingFileLockException _) {
            return new Outcome.Busy();
        }
    }

    private Outcome alone(Wish wish, Settings settings) throws IOException, InterruptedException {
        for (Settings.Kind kind : settings.kinds()) {
            if (!Files.exists(NextKeys.file(accountKey().getParent(), kind))) {
                Keys.next(accountKey().getParent(), kind);
            }
        }
        Instant now = parts.clock.instant();
        Optional<Installed> installed = installed();
        RenewalState memory = advised(settings, installed, RenewalState.of(parts.tls), now);
        Due due = Due.of(now, settings, installed, wish == Wish.DUE ? memory : memory.unfailing());
        if (!due.now(now) && wish != Wish.FORCED) {
            keep(memory, settings, installed);
            return new Outcome.NotYet(due);
        }
        Instant held = memory.held(now);
        Instant may = memory.mayOrderAt(now);
        Instant again = held.isAfter(may) ? held : may;
        if (again.isAfter(now)) {
            memory.write(parts.tls, Optional.of(again));
            return new Outcome.Failed(
                    (held.isAfter(now)
                                    ? "the CA wants no attempt"
                                    : "there were " + RenewalState.ATTEMPTS_AN_HOUR_MAX
                                            + " orders within an hour: none more")
                            + " before " + again
                            + memory.failure()
                                    .map(one -> "; the last one: " + one.why())
                                    .orElse(""),
                    again);
        }
        parts.log.line("acme: asking " + settings.directory().getHost() + " for a certificate for "
                + String.join(", ", settings.names()) + ": " + (wish == Wish.FORCED ? "by hand" : due.why()));
        return order(settings, installed, memory);
    }

    private Outcome order(Settings settings, Optional<Installed> installed, RenewalState before)
            throws IOException, InterruptedException {
        Instant now = parts.clock.instant();
        RenewalState counted = before;
        try (Closing closing = new Closing()) {
            Answering answering = closing.of(parts.opening.open(settings));
            Authority authority = parts.reaching.reach(settings, accountKey());
            closing.of(authority);
            // counted before the CA hears of it
            keep(before.begun(now), settings, installed);
            counted = before.attempted(now);
            Optional<X509Certificate> replaced = installed
                    .filter(one -> isOf(settings, before))
                    .map(one -> one.own().getFirst());
            List<Pair> pairs = limited(() -> authority.order(answering, replaced));
            Checked.check(pairs, settings, parts.clock.instant());
            Pair.install(parts.tls, pairs);
            forgetUsed(settings);
            Installed fresh = Installed.in(parts.tls).orElseThrow(() -> new IOException("tls/cert.pem went away"));
            RenewalState after = counted.succeeded(
                    parts.clock.instant(), settings.directory().toString());
            keep(after, settings, Optional.of(fresh));
            parts.log.line("acme: new certificate for " + String.join(", ", fresh.names()) + " until " + fresh.until());
            return new Outcome.Renewed(fresh);
        } catch (IOException e) {
            Optional<Instant> retryAfter =
                    e instanceof Authority.Refused refused ? refused.retryAfter() : Optional.empty();
            RenewalState after = counted.failed(parts.clock.instant(), retryAfter, Reasons.of(e));
            keep(after, settings, installed);
            RenewalState.Failure failure = after.failure().orElseThrow();
            parts.log.line("acme: no certificate, the one before stays in use; next attempt at " + failure.again()
                    + ": " + failure.why());
            return new Outcome.Failed(failure.why(), failure.again());
        }
    }

    /// What was opened for an order, closed whatever comes of it.
    private final class Closing implements AutoCloseable {
        private final Deque<AutoCloseable> open = new ArrayDeque<>();

        <T> T of(T part) {
            if (part instanceof AutoCloseable closeable) {
                open.push(closeable);
            }
            return part;
        }

        @Override
        public void close() {
            while (!open.isEmpty()) {
                try {
                    open.pop().close();
                } catch (Exception e) {
                    parts.log.line("acme: did not close: " + e);
                }
            }
        }
    }

    /// The certificate is in use already: a key that stays the next one too is no failure of its order.
    private void forgetUsed(Settings settings) {
        try {
            for (Settings.Kind kind : settings.kinds()) {
                Keys.used(accountKey().getParent(), kind);
            }
        } catch (IOException e) {
            parts.log.line("acme: the next certificate will have the same key: " + Reasons.of(e));
        }
    }

    private Path accountKey() {
        return parts.tls.resolve("acme/account.pem");
    }

    private static boolean isOf(Settings settings, RenewalState memory) {
        return memory.directory().equals(Optional.of(settings.directory().toString()));
    }

    /// A certificate that cannot be read counts for none: a new one takes its place.
    private Optional<Installed> installed() {
        try {
            return Installed.in(parts.tls);
        } catch (IOException e) {
            parts.log.line("acme: " + Reasons.of(e));
            return Optional.empty();
        }
    }

    private void keep(RenewalState memory, Settings settings, Optional<Installed> installed) throws IOException {
        Instant now = parts.clock.instant();
        Instant next = Due.of(now, settings, installed, memory).when();
        Optional<Instant> ask = memory.ask().filter(at -> at.isBefore(next));
        memory.write(parts.tls, Optional.of(ask.orElse(next)));
    }

    /// Asks the CA that a certificate came from when it wants it renewed, if that is due (RFC 9773 §4.3). A
    /// CA that does not answer, or answers nonsense, changes nothing.
    private RenewalState advised(Settings settings, Optional<Installed> installed, RenewalState memory, Instant now)
            throws InterruptedException {
        if (installed.isEmpty()
                || !isOf(settings, memory)
                || memory.ask().filter(at -> at.isAfter(now)).isPresent()) {
            return memory;
        }
        X509Certificate certificate = installed.get().own().getFirst();
        try (Authority authority = parts.reaching.reach(settings, accountKey())) {
            Optional<Authority.Window> window = limited(() -> authority.advice(certificate));
            if (window.isEmpty()) {
                return memory.withAdvice(Optional.empty()).withAsk(now.plus(ASK_MAX));
            }
            Authority.Window told = window.get();
            if (!told.start().isBefore(told.end())) {
                throw new IOException("its window for renewal ends before it begins");
            }
            Duration wait = told.again().map(at -> Duration.between(now, at)).orElse(ASK_EVERY);
            Duration bounded = wait.compareTo(ASK_MIN) < 0 ? ASK_MIN : wait.compareTo(ASK_MAX) > 0 ? ASK_MAX : wait;
            return memory.withAdvice(Optional.of(chosen(installed.get().serial(), told, memory)))
                    .withAsk(now.plus(bounded));
        } catch (IOException e) {
            parts.log.line("acme: when to renew is not known from the CA: " + Reasons.of(e));
            return memory.withAsk(now.plus(ASK_EVERY));
        }
    }

    /// A moment within the window, by chance, and the same one as long as the window is the same.
    private RenewalState.Advice chosen(String serial, Authority.Window told, RenewalState memory) {
        Optional<RenewalState.Advice> before = memory.advice()
                .filter(one -> one.serial().equals(serial)
                        && one.start().equals(told.start())
                        && one.end().equals(told.end()));
        return before.orElseGet(() -> {
            long millis = Duration.between(told.start(), told.end()).toMillis();
            return new RenewalState.Advice(
                    serial, told.start(), told.end(), told.start().plusMillis(parts.random.nextLong(millis + 1)));
        });
    }

    /// What a CA does, within our time.
    private <T> T limited(Callable<T> asking) throws IOException, InterruptedException {
        try (ExecutorService one = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<T> result = one.submit(asking);
            try {
                return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                throw new IOException("the CA took longer than " + limit.toSeconds() + " seconds", e);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException io -> throw io;
                    case UncheckedIOException io -> throw io.getCause();
                    default -> throw new IOException("unexpected: " + e.getCause(), e.getCause());
                }
            } finally {
                one.shutdownNow();
            }
        }
    }
}
