package qrate.reports;

import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import qrate.core.JsonWriter;
import qrate.core.Log;
import qrate.core.Program;
import qrate.core.State;
import qrate.snapshots.Directory;
import qrate.snapshots.SnapshotDirectory;

/// `tlsrpt`: what TLS the mail of others to a domain had, by their reports (tlsrpt(8)).
public final class TlsrptCommand implements Program {
    /// Most kinds of failure that are told apart; those beyond are one.
    static final int KINDS_MAX = 10_000;

    private static final int DAYS_MAX = 1_000;
    private static final int TYPES_MAX = 10;
    private static final String OTHERS = "others";

    private final MailboxCommand command;

    public TlsrptCommand(InstantSource clock) {
        this(clock, SnapshotDirectory::new);
    }

    TlsrptCommand(InstantSource clock, BiFunction<State, InstantSource, Directory> directories) {
        command = new MailboxCommand("tlsrpt", "tlsmailbox", clock, directories, TlsrptCommand::show);
    }

    @Override
    public int run(List<String> arguments, Stdio stdio) {
        return command.run(arguments, stdio);
    }

    private static void show(MailboxCommand.Asked asked, ReportMailbox mailbox, Stdio stdio) throws IOException {
        Found found = new Found(asked, mailbox);
        mailbox.read(asked.since(), attachment -> {
            if (!TlsReportReader.mayBe(attachment)) {
                return true; // a report of another kind
            }
            try {
                found.add(TlsReportReader.read(attachment));
                return true;
            } catch (IOException _) {
                return false;
            }
        });
        if (asked.json()) {
            JsonWriter.print(found.json(), stdio.out());
        } else {
            found.print(stdio.out());
        }
    }

    /// Sessions, and how many of them failed.
    private record Sessions(long good, long failed) {
        private static final Sessions NONE = new Sessions(0, 0);

        Sessions and(long moreGood, long moreFailed) {
            return new Sessions(TlsReportReader.sum(good, moreGood), TlsReportReader.sum(failed, moreFailed));
        }

        Map<String, Object> json() {
            return Map.of("successes", good, "failures", failed);
        }
    }

    /// What reports say of one domain.
    private static final class Found {
        private final MailboxCommand.Asked asked;
        private final ReportMailbox mailbox;
        private final Set<String> known = new HashSet<>();
        private final Set<String> reporters = new TreeSet<>();
        private final Map<String, Sessions> policies = new TreeMap<>();
        private final Map<LocalDate, Sessions> days = new TreeMap<>();
        private final Map<String, Long> kinds = new TreeMap<>();
        private Sessions all = Sessions.NONE;
        private int reports;

        Found(MailboxCommand.Asked asked, ReportMailbox mailbox) {
            this.asked = asked;
            this.mailbox = mailbox;
        }

        void add(TlsReported report) {
            List<TlsReported.Policy> ours = report.policies().stream()
                    .filter(one ->
                            one.domain().equals(asked.domain()) || one.domain().endsWith("." + asked.domain()))
                    .toList();
            if (ours.isEmpty()
                    || report.end().isBefore(asked.since())
                    || !known.add(report.organization() + "\n" + report.id())) {
                return;
            }
            reports++;
            reporters.add(report.organization());
            LocalDate day = LocalDate.ofInstant(report.begin(), ZoneOffset.UTC);
            for (TlsReported.Policy policy : ours) {
                add(policy, day);
            }
        }

        private void add(TlsReported.Policy policy, LocalDate day) {
            long good = policy.successes();
            long failed = policy.failed();
            all = all.and(good, failed);
            String type = policies.size() < TYPES_MAX || policies.containsKey(policy.type()) ? policy.type() : OTHERS;
            policies.merge(type, new Sessions(good, failed), (one, more) -> one.and(good, failed));
            if (days.size() < DAYS_MAX || days.containsKey(day)) {
                days.merge(day, new Sessions(good, failed), (one, more) -> one.and(good, failed));
            }
            policy.failures().forEach((kind, count) -> {
                String name = kinds.size() < KINDS_MAX || kinds.containsKey(kind) ? kind : OTHERS;
                kinds.merge(name, count, TlsReportReader::sum);
            });
        }

        void print(PrintStream out) {
            if (mailbox.left() > 0) {
                out.println("Only the newest " + ReportMailbox.MESSAGES_MAX + " messages were read, not "
                        + mailbox.left() + " older ones.");
            }
            if (mailbox.unreadable() > 0) {
                out.println(mailbox.unreadable() + " of " + mailbox.messages() + " messages in "
                        + Log.escape(asked.address()) + " hold something that is no report.");
            }
            if (reports == 0) {
                out.println("No report about the TLS of mail to " + asked.domain() + " among " + mailbox.messages()
                        + " messages in " + Log.escape(asked.address()) + ".");
                return;
            }
            out.println(asked.domain() + ": " + reports + (reports == 1 ? " report by " : " reports by ")
                    + Log.escape(String.join(", ", reporters)));
            out.println(all.good + " sessions went well, " + all.failed + " failed");
            out.println();
            out.println("policy that they found: well, failed");
            policies.forEach((type, of) -> out.println("  " + Log.escape(type) + ": " + of.good + ", " + of.failed));
            out.println("day: well, failed");
            days.forEach((day, of) -> out.println("  " + day + ": " + of.good + ", " + of.failed));
            if (!kinds.isEmpty()) {
                out.println("what failed: sessions");
                byCount().forEach(one -> out.println("  " + Log.escape(one.getKey()) + ": " + one.getValue()));
            }
        }

        private List<Map.Entry<String, Long>> byCount() {
            List<Map.Entry<String, Long>> list = new ArrayList<>(kinds.entrySet());
            list.sort(Map.Entry.<String, Long>comparingByValue().reversed());
            return list;
        }

        Map<String, Object> json() {
            Map<String, Object> shape = new LinkedHashMap<>();
            shape.put("domain", asked.domain());
            shape.put("mailbox", asked.address());
            shape.put("messages", mailbox.messages());
            shape.put("unreadable", mailbox.unreadable());
            shape.put("unread", mailbox.left());
            shape.put("reports", reports);
            shape.put("reporters", List.copyOf(reporters));
            shape.put("total", all.json());
            Map<String, Object> types = new LinkedHashMap<>();
            policies.forEach((type, of) -> types.put(type, of.json()));
            shape.put("policies", types);
            Map<String, Object> dates = new LinkedHashMap<>();
            days.forEach((day, of) -> dates.put(day.toString(), of.json()));
            shape.put("days", dates);
            Map<String, Object> failures = new LinkedHashMap<>();
            byCount().forEach(one -> failures.put(one.getKey(), one.getValue()));
            shape.put("failures", failures);
            return shape;
        }
    }
}
