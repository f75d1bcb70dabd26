package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import qrate.certificate.RenewalState;
import qrate.certificate.Report;
import qrate.core.Figure;
import qrate.directory.Domains;
import qrate.directory.EditableDirectory;
import qrate.qcontrol.QueueControl;

/// What admin itself knows of the system: directory, queue, certificate, its own requests.
final class Metrics {
    private static final long SECONDS_A_DAY = 86_400;

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong signInsFailed = new AtomicLong();

    void request(int status) {
        requests.incrementAndGet();
        if (status >= 500) {
            failures.incrementAndGet();
        }
    }

    void signInFailed() {
        signInsFailed.incrementAndGet();
    }

    /// The figures now; a part that does not answer is marked down and its figures left out.
    List<Figure.Sample> samples(Admin.Parts parts) {
        List<Figure.Sample> all = new ArrayList<>(List.of(
                Figure.REQUESTS.of(requests.get()),
                Figure.FAILURES.of(failures.get()),
                Figure.SIGN_INS_FAILED.of(signInsFailed.get())));
        directory(all, parts.domains());
        queue(all, parts.queue());
        certificate(all, parts.certificate(), parts.clock().instant());
        return all;
    }

    private static void directory(List<Figure.Sample> all, Domains domains) {
        try {
            List<EditableDirectory.Domain> known = domains.domains();
            long mailboxes = known.stream()
                    .filter(domain -> domain.aliasOf().isEmpty())
                    .mapToLong(EditableDirectory.Domain::mailboxes)
                    .sum();
            all.add(Figure.DATABASE_UP.of(1));
            all.add(Figure.DOMAINS.of(known.size()));
            all.add(Figure.MAILBOXES.of(mailboxes));
        } catch (IOException _) {
            // the figure says it
            all.add(Figure.DATABASE_UP.of(0));
        }
    }

    private static void queue(List<Figure.Sample> all, QueueControl queue) {
        try {
            QueueControl.Stat stat = queue.stat();
            all.add(Figure.QUEUE_UP.of(1));
            all.add(Figure.QUEUE_MESSAGES.of(stat.messages()));
        } catch (IOException _) {
            // the figure says it
            all.add(Figure.QUEUE_UP.of(0));
        }
    }

    /// When the certificate ends, and what came of getting the next one; nothing of one that cannot be read.
    private static void certificate(List<Figure.Sample> all, Report.Look look, Instant now) {
        try {
            Report report = look.report();
            report.installed().ifPresent(one -> {
                all.add(Figure.CERTIFICATE_END.of(one.until().getEpochSecond()));
                all.add(Figure.CERTIFICATE_DAYS.of(
                        Math.floorDiv(Duration.between(now, one.until()).toSeconds(), SECONDS_A_DAY)));
            });
            report.due(now)
                    .ifPresent(
                            due -> all.add(Figure.CERTIFICATE_NEXT.of(due.when().getEpochSecond())));
            all.add(Figure.CERTIFICATE_FAILURES.of(
                    report.memory().failure().map(RenewalState.Failure::count).orElse(0)));
        } catch (IOException _) {
            // qrate_problems counts it, and /healthz says it
        }
    }
}
