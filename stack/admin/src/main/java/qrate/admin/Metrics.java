package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import qrate.certificate.Memory;
import qrate.certificate.Report;
import qrate.qcontrol.QueueControl;
import qrate.vpopmail.Domains;
import qrate.vpopmail.Vpopmail;

/// Figures for Prometheus, in its text format.
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
    String text(Domains domains, QueueControl queue, int problems) {
        StringBuilder out = new StringBuilder();
        counter(out, "qrate_admin_requests_total", "Requests answered.", requests.get());
        counter(out, "qrate_admin_failures_total", "Requests answered with 5xx.", failures.get());
        counter(out, "qrate_admin_sign_ins_failed_total", "Sign-ins refused.", signInsFailed.get());
        gauge(out, "qrate_problems", "What is not as it should be, as /healthz says it.", problems);
        Runtime jvm = Runtime.getRuntime();
        gauge(out, "qrate_admin_heap_bytes", "Heap in use.", jvm.totalMemory() - jvm.freeMemory());
        try {
            List<Vpopmail.Domain> all = domains.domains();
            long mailboxes = all.stream()
                    .filter(domain -> domain.aliasOf().isEmpty())
                    .mapToLong(Vpopmail.Domain::mailboxes)
                    .sum();
            gauge(out, "qrate_database_up", "Whether the database answers.", 1);
            gauge(out, "qrate_domains", "Domains and alias domains.", all.size());
            gauge(out, "qrate_mailboxes", "Mailboxes.", mailboxes);
        } catch (IOException _) {
            // the figure below says it
            gauge(out, "qrate_database_up", "Whether the database answers.", 0);
        }
        try {
            QueueControl.Stat stat = queue.stat();
            gauge(out, "qrate_queue_up", "Whether send answers.", 1);
            gauge(out, "qrate_queue_messages", "Messages in the queue.", stat.messages());
            gauge(out, "qrate_queue_local", "Local deliveries on their way.", stat.local());
            gauge(out, "qrate_queue_remote", "Remote deliveries on their way.", stat.remote());
        } catch (IOException _) {
            // the figure below says it
            gauge(out, "qrate_queue_up", "Whether send answers.", 0);
        }
        return out.toString();
    }

    /// When the certificate ends, and what came of getting the next one; nothing of one that cannot be read.
    static String certificate(Report.Look look, Instant now) {
        StringBuilder out = new StringBuilder();
        try {
            Report report = look.report();
            report.installed().ifPresent(one -> {
                gauge(
                        out,
                        "qrate_certificate_not_after_seconds",
                        "When the certificate ends, in seconds since 1970.",
                        one.until().getEpochSecond());
                gauge(
                        out,
                        "qrate_certificate_days_left",
                        "Whole days until then; negative afterwards.",
                        Math.floorDiv(Duration.between(now, one.until()).toSeconds(), SECONDS_A_DAY));
            });
            report.due(now)
                    .ifPresent(due -> gauge(
                            out,
                            "qrate_certificate_next_seconds",
                            "When the CA is asked for the next one, in seconds since 1970.",
                            due.when().getEpochSecond()));
            gauge(
                    out,
                    "qrate_certificate_failures",
                    "Attempts to get one that failed since the last that did not.",
                    report.memory().failure().map(Memory.Failure::count).orElse(0));
        } catch (IOException _) {
            // qrate_problems counts it, and /healthz says it
        }
        return out.toString();
    }

    private static void counter(StringBuilder out, String name, String help, long value) {
        figure(out, name, help + "\n# TYPE " + name + " counter", value);
    }

    private static void gauge(StringBuilder out, String name, String help, long value) {
        figure(out, name, help + "\n# TYPE " + name + " gauge", value);
    }

    private static void figure(StringBuilder out, String name, String help, long value) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append(name).append(' ').append(value).append('\n');
    }
}
