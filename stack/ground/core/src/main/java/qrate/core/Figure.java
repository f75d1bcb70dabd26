package qrate.core;

import java.util.List;
import java.util.regex.Pattern;

/// Everything that an operator can watch, by its name for Prometheus; `docs/operations.md` has the table of them.
///
/// Only these are taken from another service's file, each with its own labels and no other.
public enum Figure {
    SERVICE_UP("qrate_service_up", Kind.GAUGE, "Whether a service's figures are fresh."),
    BUILD("qrate_build_info", Kind.GAUGE, "Always 1; the label says which version runs.", "version"),
    STARTED("qrate_process_start_time_seconds", Kind.GAUGE, "When the process started, in seconds since 1970."),
    RESIDENT("qrate_process_resident_bytes", Kind.GAUGE, "Memory that the process holds."),
    THREADS("qrate_process_threads", Kind.GAUGE, "Threads of the system; virtual ones are not counted."),
    HEAP("qrate_jvm_heap_bytes", Kind.GAUGE, "Heap in use, what can be collected included."),
    HEAP_LIMIT("qrate_jvm_heap_limit_bytes", Kind.GAUGE, "Largest heap (-Xmx)."),
    PROBLEMS("qrate_problems", Kind.GAUGE, "What is not as it should be, as /healthz says it."),

    CONNECTIONS_OPEN("qrate_connections_open", Kind.GAUGE, "Connections open now.", "door"),
    CONNECTIONS("qrate_connections_total", Kind.COUNTER, "Connections that came, those refused included.", "door"),
    CONNECTIONS_REFUSED(
            "qrate_connections_refused_total",
            Kind.COUNTER,
            "Connections refused by a rule, or for want of a place or of memory.",
            "door"),
    LOGINS(
            "qrate_logins_total",
            Kind.COUNTER,
            "Logins by what came of them: accepted, refused, throttled, unavailable.",
            "protocol",
            "result"),

    ACCEPTED("qrate_messages_accepted_total", Kind.COUNTER, "Messages that came into the queue."),
    WAITING(
            "qrate_queue_waiting",
            Kind.GAUGE,
            "Messages by what they wait for; one with recipients of both kinds counts for both.",
            "kind"),
    OLDEST("qrate_queue_oldest_seconds", Kind.GAUGE, "Age of the oldest of them; 0 where there is none.", "kind"),
    SENDERS_STOPPED("qrate_senders_stopped", Kind.GAUGE, "Users whose mail does not go out until somebody lets it."),
    DELIVERIES(
            "qrate_deliveries_total",
            Kind.COUNTER,
            "Deliveries that ended, by result: success, temporary, permanent.",
            "channel",
            "result"),
    UNDER_WAY("qrate_deliveries_under_way", Kind.GAUGE, "Deliveries on their way.", "channel"),
    UNANSWERED(
            "qrate_deliveries_unanswered",
            Kind.GAUGE,
            "Deliveries beyond those, whose hosts let them wait for a connection or a greeting.",
            "channel"),
    UNDER_WAY_LIMIT(
            "qrate_deliveries_limit", Kind.GAUGE, "Most deliveries at once (concurrencylocal and -remote).", "channel"),

    DISK_FREE("qrate_disk_free_bytes", Kind.GAUGE, "Room left for a folder on its disk.", "folder"),
    DISK_SIZE("qrate_disk_size_bytes", Kind.GAUGE, "Size of that disk.", "folder"),
    INODES_FREE("qrate_disk_free_inodes", Kind.GAUGE, "Files that the disk of a folder can still have.", "folder"),
    INODES("qrate_disk_inodes", Kind.GAUGE, "Files that it can have in all.", "folder"),

    QUEUE_UP("qrate_queue_up", Kind.GAUGE, "Whether send answers."),
    QUEUE_MESSAGES("qrate_queue_messages", Kind.GAUGE, "Messages in the queue, whatever they wait for."),
    DATABASE_UP("qrate_database_up", Kind.GAUGE, "Whether the database answers."),
    DOMAINS("qrate_domains", Kind.GAUGE, "Domains and alias domains."),
    MAILBOXES("qrate_mailboxes", Kind.GAUGE, "Mailboxes."),
    REQUESTS("qrate_admin_requests_total", Kind.COUNTER, "Requests of browsers and programs that were answered."),
    FAILURES("qrate_admin_failures_total", Kind.COUNTER, "Requests answered with 5xx."),
    SIGN_INS_FAILED("qrate_admin_sign_ins_failed_total", Kind.COUNTER, "Sign-ins by browser that were refused."),
    CERTIFICATE_END(
            "qrate_certificate_not_after_seconds", Kind.GAUGE, "When the certificate ends, in seconds since 1970."),
    CERTIFICATE_DAYS("qrate_certificate_days_left", Kind.GAUGE, "Whole days until then; negative afterwards."),
    CERTIFICATE_NEXT(
            "qrate_certificate_next_seconds",
            Kind.GAUGE,
            "When the CA is asked for the next one, in seconds since 1970."),
    CERTIFICATE_FAILURES(
            "qrate_certificate_failures", Kind.GAUGE, "Attempts to get one that failed since the last that did not.");

    /// What Prometheus calls its type.
    public enum Kind {
        /// goes up and down
        GAUGE,
        /// only goes up, and begins anew with the process
        COUNTER
    }

    private final String title;
    private final Kind kind;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of never changes
    private final List<String> labels;

    Figure(String title, Kind kind, String help, String... labels) {
        this.title = title;
        this.kind = kind;
        this.help = help;
        this.labels = List.of(labels);
    }

    /// `qrate_queue_messages`.
    public String title() {
        return title;
    }

    /// Whether it only grows, or goes up and down.
    public Kind kind() {
        return kind;
    }

    /// What it says, in a sentence.
    public String help() {
        return help;
    }

    /// Names of its labels, in order.
    public List<String> labels() {
        return labels;
    }

    /// Its value now.
    ///
    /// @param labels one value for each of its labels
    /// @throws IllegalArgumentException when there are more or fewer, or one is none
    public Sample of(long value, String... labels) {
        return new Sample(this, List.of(labels), value);
    }

    /// One value of a figure.
    ///
    /// @param labels values of the figure's labels: letters, digits and `._-`, 60 at most
    public record Sample(Figure figure, List<String> labels, long value) {
        static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,60}");

        public Sample {
            labels = List.copyOf(labels);
            if (labels.size() != figure.labels.size()
                    || !labels.stream().allMatch(label -> LABEL.matcher(label).matches())) {
                throw new IllegalArgumentException(figure.title + ": labels " + labels);
            }
        }

        /// As a line of Prometheus' text.
        ///
        /// @param service whose it is, as one label more; or empty
        public String line(String service) {
            StringBuilder line = new StringBuilder(figure.title);
            char before = '{';
            for (int i = 0; i < labels.size(); i++) {
                line.append(before).append(figure.labels.get(i)).append("=\"");
                line.append(labels.get(i)).append('"');
                before = ',';
            }
            if (!service.isEmpty()) {
                line.append(before).append("service=\"").append(service).append('"');
                before = ',';
            }
            return line.append(before == ',' ? "} " : " ")
                    .append(value)
                    .append('\n')
                    .toString();
        }

        /// What a label says.
        public String label(String name) {
            return labels.get(figure.labels.indexOf(name));
        }
    }
}
