package qrate.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import qrate.core.Figure;
import qrate.core.Reasons;
import qrate.qcontrol.QueueControl;
import qrate.status.SystemStatus;

/// Finds what needs an administrator: what the system says of itself, whose mail is stopped, whose mail waits, and what
/// soon ends.
record Needs(QueueControl queue, InstantSource clock) {
    /// How long a message waits before its destination is named.
    static final Duration WAITS_MAX = Duration.ofMinutes(30);

    /// Days left of a certificate from which on it is named.
    static final int CERTIFICATE_DAYS_MIN = 14;

    /// Most destinations that are named.
    static final int DESTINATIONS_MAX = 5;

    /// Parts of the system that have a name in the texts: `part-…`.
    static final Set<String> PARTS = Set.of(
            "admin",
            "certificate",
            "database",
            "disk",
            "milters",
            "quarantine",
            "queue",
            "refused",
            "send",
            "services",
            "tls",
            "vchkpw");

    private static final String QUEUE_PAGE = "/queue";
    private static final Map<String, String> PAGES = Map.of(
            "certificate", "/certificate",
            "tls", "/certificate",
            "quarantine", QUEUE_PAGE,
            "queue", QUEUE_PAGE,
            "refused", QUEUE_PAGE,
            "send", QUEUE_PAGE);

    List<Need> of(SystemStatus status) {
        List<Need> all = new ArrayList<>();
        List<Need> refused = refused();
        status.problems().stream()
                .filter(line -> refused.isEmpty() || !line.startsWith("refused: "))
                .forEach(line -> all.add(problem(line)));
        all.addAll(refused);
        try {
            for (QueueControl.Sender sender : queue.senders()) {
                if (sender.stopped()) {
                    all.add(new Need("sender", true, Said.of("need-sender", sender.login()), sender.why(), QUEUE_PAGE));
                }
            }
            all.addAll(waiting(queue.list(QueueControl.LIST_MESSAGES_MAX, 0)));
        } catch (IOException e) {
            all.add(new Need("queue", true, Said.of("need-queue"), Reasons.of(e), ""));
        }
        status.site().stream()
                .filter(sample -> sample.figure() == Figure.CERTIFICATE_DAYS && sample.value() < CERTIFICATE_DAYS_MIN)
                .forEach(sample -> all.add(new Need(
                        "certificate",
                        sample.value() < 0,
                        Said.of("need-certificate", Math.max(0, sample.value())),
                        "",
                        "/certificate")));
        return all;
    }

    /// What a provider refuses of each domain, with the domain's page; nothing where send does not tell.
    private List<Need> refused() {
        try {
            return queue.refusedDomains().stream()
                    .limit(DESTINATIONS_MAX)
                    .map(one -> new Need(
                            "refused",
                            true,
                            Said.of("need-refused", one.provider(), one.domain(), one.since()),
                            one.advice()
                                    .map(advice -> advice.meaning() + " " + advice.action())
                                    .orElse(one.reply()),
                            Pages.pathOf("domains", one.domain()) + "/reports"))
                    .toList();
        } catch (IOException _) {
            return List.of(); // what follows says so
        }
    }

    private static Need problem(String line) {
        int colon = line.indexOf(": ");
        String part = colon < 0 ? "" : line.substring(0, colon);
        Said what = PARTS.contains(part) ? Said.of("part-" + part) : Said.as(part);
        return new Need("problem", true, what, line.substring(colon < 0 ? 0 : colon + 2), PAGES.getOrDefault(part, ""));
    }

    /// What waits for one destination.
    ///
    /// @param why what was said there last
    private record Waiting(String domain, int messages, Instant since, String why) {
        Waiting and(Waiting other) {
            return new Waiting(
                    domain, messages + other.messages, since.isBefore(other.since) ? since : other.since, other.why);
        }
    }

    private List<Need> waiting(List<QueueControl.Item> items) {
        Instant before = clock.instant().minus(WAITS_MAX);
        Map<String, Waiting> all = new LinkedHashMap<>();
        for (QueueControl.Item item : items) {
            Map<String, Waiting> here = new LinkedHashMap<>(); // a message counts once, however many it is for
            for (QueueControl.Line line : item.recipients()) {
                if (line.progress() == QueueControl.Progress.PENDING
                        && !line.why().isEmpty()
                        && !item.held()) {
                    String domain = line.address().substring(line.address().lastIndexOf('@') + 1);
                    here.put(domain, new Waiting(domain, 1, item.birth(), line.why()));
                }
            }
            here.forEach((domain, one) -> all.merge(domain, one, Waiting::and));
        }
        return all.values().stream()
                .filter(one -> one.since.isBefore(before))
                .sorted(Comparator.comparingInt(Waiting::messages).reversed())
                .limit(DESTINATIONS_MAX)
                .map(one -> new Need(
                        "waiting",
                        false,
                        Said.of("need-waiting", one.domain, one.messages, one.since),
                        one.why,
                        QUEUE_PAGE))
                .toList();
    }
}
