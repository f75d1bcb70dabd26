package qrate.certificate;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import qrate.core.Control;
import qrate.core.Reasons;

/// What an administrator wants to know of the certificate.
///
/// @param settings nothing when no certificate is wanted from a CA
/// @param installed nothing when there is none
public record Report(Optional<Settings> settings, Optional<Installed> installed, RenewalState memory) {
    /// Looks at what stands there now.
    @FunctionalInterface
    public interface Look {
        /// @throws IOException as {@link Report#of} does
        Report report() throws IOException;
    }

    /// How long attempts fail until that is a problem while the certificate is good.
    static final Duration FAILING_MAX = Duration.ofDays(1);

    /// How much of its life a certificate has before its end when failures are a problem at once: a sixth.
    private static final int CLOSE_PART = 6;

    /// How long something may be due with nobody trying.
    static final Duration IDLE_MAX = Duration.ofMinutes(30);

    /// From what stands there now.
    ///
    /// @throws IOException names what is wrong with a control file, the certificate or the state
    public static Report of(Path tls, Control control) throws IOException {
        return new Report(Settings.of(control), Installed.in(tls), RenewalState.of(tls));
    }

    /// When the next attempt is to be, and why.
    public Optional<Due> due(Instant now) {
        return settings.map(wanted -> Due.of(now, wanted, installed, memory));
    }

    /// What stands in the way of a certificate from the CA, for `status` and `/healthz`.
    ///
    /// @param since when whoever speaks to the CA may have been started at the earliest
    public static Optional<String> problem(Path tls, Control control, Instant since, Instant now) {
        try {
            Report report = of(tls, control);
            return report.settings.isEmpty() ? Optional.empty() : report.problem(now, asked(control, since));
        } catch (IOException e) {
            return Optional.of(Reasons.of(e));
        }
    }

    /// Since when a CA is to be asked: the last change of what says so.
    private static Instant asked(Control control, Instant since) throws IOException {
        Instant last = since;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(control.folder(), "acme*")) {
            for (Path file : files) {
                Instant changed = Files.getLastModifiedTime(file).toInstant();
                last = changed.isAfter(last) ? changed : last;
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return last;
    }

    Optional<String> problem(Instant now, Instant asked) {
        Optional<String> wanting = Due.wanting(settings.orElseThrow(), installed, memory);
        if (memory.underWay(now)) {
            return Optional.empty();
        }
        if (memory.failure().isPresent()) {
            RenewalState.Failure failure = memory.failure().get();
            boolean close = installed.isEmpty()
                    || now.isAfter(
                            installed.get().until().minus(installed.get().life().dividedBy(CLOSE_PART)));
            boolean lasting = now.isAfter(failure.first().plus(FAILING_MAX));
            return wanting.isPresent() || close || lasting
                    ? Optional.of("no new one since " + failure.first() + " (" + failure.count() + " attempts): "
                            + failure.why())
                    : Optional.empty();
        }
        Instant since = due(now).orElseThrow().when();
        Instant idle = wanting.isPresent() || since.isBefore(asked) ? asked : since;
        return now.isAfter(idle.plus(IDLE_MAX))
                ? Optional.of("control/acme wants one and nobody tries: is the service acme there (compose/acme.yaml)?")
                : Optional.empty();
    }

    /// All of it, a line each.
    public List<String> lines(Instant now) {
        List<String> lines = new ArrayList<>();
        if (installed.isPresent()) {
            Installed there = installed.get();
            lines.add("certificate for " + String.join(", ", there.names()));
            lines.add("  keys: "
                    + String.join(" and ", there.algorithms().stream().sorted().toList()) + "; from "
                    + (there.selfSigned() ? "this machine itself (self-signed)" : there.issuer()));
            lines.add("  counts from " + there.from() + " until " + there.until() + ", " + days(now, there.until()));
        } else {
            lines.add("there is no certificate");
        }
        if (settings.isEmpty()) {
            lines.add("no CA is asked for one: there is no control/acme (./qrate man certificate)");
            return lines;
        }
        Settings wanted = settings.get();
        lines.add("CA: " + wanted.directory() + ", for " + String.join(", ", wanted.names()) + ", by "
                + wanted.hook().map(program -> "DNS (" + program + ")").orElse("HTTP"));
        memory.renewed().ifPresent(at -> lines.add("  the last certificate came at " + at));
        due(now).ifPresent(due ->
                lines.add("  next: " + (due.now(now) ? "now" : "at " + due.when()) + " (" + due.why() + ")"));
        memory.failure()
                .ifPresent(one -> lines.add("  " + one.count() + " failed since " + one.first() + ", the last at "
                        + one.last() + ": " + one.why()));
        return lines;
    }

    /// The same, for JSON. What there is not is left out.
    public Map<String, Object> json(Instant now) {
        Map<String, Object> shape = new LinkedHashMap<>();
        installed.ifPresent(there -> {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("names", List.copyOf(there.names()));
            of.put("keys", there.algorithms().stream().sorted().toList());
            of.put("selfSigned", there.selfSigned());
            of.put("issuer", there.issuer());
            of.put("from", there.from().toString());
            of.put("until", there.until().toString());
            of.put("daysLeft", Math.max(0, Duration.between(now, there.until()).toDays()));
            shape.put("certificate", of);
        });
        settings.ifPresent(wanted -> {
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("directory", wanted.directory().toString());
            of.put("names", List.copyOf(wanted.names()));
            of.put("hook", wanted.hook().map(Object::toString).orElse(""));
            memory.renewed().ifPresent(at -> of.put("renewed", at.toString()));
            due(now).ifPresent(due -> {
                of.put("next", due.when().toString());
                of.put("nextWhy", due.why());
            });
            memory.failure().ifPresent(one -> {
                Map<String, Object> failed = new LinkedHashMap<>();
                failed.put("times", one.count());
                failed.put("first", one.first().toString());
                failed.put("last", one.last().toString());
                failed.put("why", one.why());
                of.put("failed", failed);
            });
            shape.put("ca", of);
        });
        return shape;
    }

    private static String days(Instant now, Instant until) {
        long days = Duration.between(now, until).toDays();
        return now.isAfter(until) ? "ended" : days == 1 ? "1 day left" : days + " days left";
    }
}
