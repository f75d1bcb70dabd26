package qrate.send;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import qrate.address.Routing;
import qrate.core.DomainName;
import qrate.core.Lru;
import qrate.core.SaidOnce;
import qrate.core.Verdict;
import qrate.qcontrol.Channel;
import qrate.qcontrol.QueueControl.RefusedDomain;
import qrate.refusals.Advice;
import qrate.refusals.MailProvider;
import qrate.refusals.RefusalWords;

/// Which domains of ours a large provider refuses, for what lasts until somebody mends it: SPF, DKIM, DMARC, the
/// address's name in DNS, TLS, a list.
///
/// Only domains in the table of {@link MailProvider} count: any host can answer so, and what a stranger's says must
/// not stand on the overview. A message that is taken ends it, and so do days without one.
///
/// `queue/refused` has them over a restart: written soon after one comes or goes, and once an hour while refusals go
/// on,
/// never twice within a minute. A crash loses what came in that minute, and the next refusal brings it back.
final class RefusedDomains {
    /// Most pairs of a domain of ours and one of a provider.
    static final int PAIRS_MAX = 200;

    /// How long after the last refusal it is forgotten.
    static final Duration KEPT = Duration.ofDays(3);

    /// How long after one writing the next one may begin.
    static final Duration WRITE_EVERY = Duration.ofMinutes(1);

    /// Named beside the first.
    private static final int MORE_MAX = 5;

    private record Pair(String ours, String theirs) {}

    private record Standing(Instant since, Instant last, String reply, Advice advice) {}

    private final Supplier<Routing> routing;
    private final InstantSource clock;
    private final Map<Pair, Standing> refused = new Lru<>(PAIRS_MAX);
    private final RefusedFile file;
    private final SaidOnce trouble;
    /// Held while the file is written, and not while anything else is done.
    private final ReentrantLock pen = new ReentrantLock();

    private boolean changed;
    private boolean writing;
    private Instant next = Instant.MIN;

    /// Reads what was kept; where that cannot be, the next refusals bring it back.
    ///
    /// @param status takes a line when it cannot be read or written
    RefusedDomains(Supplier<Routing> routing, InstantSource clock, RefusedFile file, Consumer<String> status) {
        this.routing = routing;
        this.clock = clock;
        this.file = file;
        this.trouble = new SaidOnce(status);
        try {
            file.read().forEach(this::kept);
        } catch (IOException e) {
            trouble.say("warning: unable to read which domains are refused: ", e);
        }
    }

    private void kept(RefusedDomain one) {
        one.advice()
                .filter(advice -> advice.kind().isStanding())
                .filter(_ -> MailProvider.ofDomain(one.provider()) != MailProvider.OTHER)
                .ifPresent(advice -> refused.put(
                        new Pair(one.domain(), one.provider()),
                        new Standing(one.since(), one.last(), one.reply(), advice)));
    }

    /// Has what changed written, if it is time.
    void step(Executor executor) {
        synchronized (this) {
            if (!changed || writing || clock.instant().isBefore(next)) {
                return;
            }
            writing = true;
        }
        executor.execute(this::write);
    }

    /// Writes what changed.
    void write() {
        pen.lock();
        try {
            List<RefusedDomain> all;
            synchronized (this) {
                if (!changed) {
                    return;
                }
                changed = false;
                all = all();
            }
            try {
                file.write(all);
                trouble.well();
            } catch (IOException e) {
                synchronized (this) {
                    changed = true;
                }
                trouble.say("warning: unable to write which domains are refused: ", e);
            }
        } finally {
            synchronized (this) {
                writing = false;
                next = clock.instant().plus(WRITE_EVERY);
            }
            pen.unlock();
        }
    }

    /// Notes how an attempt ended.
    ///
    /// @param host domain of the recipient; empty for a local one
    void note(String sender, String host, Verdict end) {
        String from = Verp.plain(sender);
        if (host.isEmpty() || from.isEmpty() || MailProvider.ofDomain(host) == MailProvider.OTHER) {
            return;
        }
        Pair pair = new Pair(DomainName.ascii(from.substring(from.lastIndexOf('@') + 1)), host);
        if (end instanceof Verdict.Delivered) {
            forget(pair);
            return;
        }
        RefusalWords.explain(end.text())
                .filter(advice -> advice.kind().isStanding())
                .filter(_ -> isOurs(from, pair.ours))
                .ifPresent(advice -> stands(pair, end.text(), advice.forSender(from)));
    }

    /// What others sent on by us is refused for is mostly theirs to mend.
    private boolean isOurs(String from, String domain) {
        boolean rewritten = from.regionMatches(true, 0, "SRS", 0, 3);
        return !rewritten && routing.get().route("postmaster@" + domain).channel() == Channel.LOCAL;
    }

    private synchronized void forget(Pair pair) {
        changed |= refused.remove(pair) != null;
    }

    private synchronized void stands(Pair pair, String reply, Advice advice) {
        Instant now = clock.instant();
        Standing before = refused.get(pair);
        String begin = reply.substring(0, Math.min(reply.length(), RefusedDomain.REPLY_CHARS_MAX));
        changed |=
                before == null || !before.last.truncatedTo(ChronoUnit.HOURS).equals(now.truncatedTo(ChronoUnit.HOURS));
        refused.put(pair, new Standing(before == null ? now : before.since, now, begin, advice));
    }

    /// Those that last longest first.
    private List<Map.Entry<Pair, Standing>> standing() {
        Instant oldest = clock.instant().minus(KEPT);
        changed |= refused.values().removeIf(standing -> standing.last.isBefore(oldest));
        List<Map.Entry<Pair, Standing>> all = new ArrayList<>(refused.entrySet());
        all.sort(Comparator.comparing(entry -> entry.getValue().since));
        return all;
    }

    /// All of them, for whoever shows them.
    synchronized List<RefusedDomain> all() {
        return standing().stream()
                .map(one -> new RefusedDomain(
                        one.getKey().ours,
                        one.getKey().theirs,
                        one.getValue().since,
                        one.getValue().last,
                        one.getValue().reply))
                .toList();
    }

    /// The one that lasts longest, with what to do, and which others there are.
    synchronized Optional<String> problem() {
        List<Map.Entry<Pair, Standing>> all = standing();
        if (all.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder(said(all.getFirst()));
        for (Map.Entry<Pair, Standing> one : all.subList(1, Math.min(all.size(), 1 + MORE_MAX))) {
            text.append("; and ")
                    .append(one.getKey().theirs)
                    .append(" that from ")
                    .append(one.getKey().ours);
        }
        int left = all.size() - 1 - MORE_MAX;
        return Optional.of(left > 0 ? text + "; and " + left + " more" : text.toString());
    }

    private static String said(Map.Entry<Pair, Standing> one) {
        Advice advice = one.getValue().advice;
        return one.getKey().theirs + " refuses mail from " + one.getKey().ours + " since "
                + one.getValue().since.truncatedTo(ChronoUnit.SECONDS) + ": " + advice.meaning() + " What to do: "
                + advice.action();
    }
}
