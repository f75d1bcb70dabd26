package qrate.remote.policies;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import qrate.core.Log;
import qrate.core.Lru;
import qrate.dns.Dns;
import qrate.mtasts.StsMode;
import qrate.mtasts.StsPolicy;
import qrate.mtasts.StsRecord;
import qrate.remote.tls.Tls;
import qrate.tlsrpt.TlsFault;
import qrate.tlsrpt.TlsNote;

/// The policies of domains, each kept as long as it says and fetched anew when its record names another one (RFC 8461
/// §5.1), or after a day (§10.2). For many threads: who wants what is being fetched waits for that.
public final class StsPolicies {
    /// Domains remembered at most; those used last.
    static final int DOMAINS_MAX = 1_000;

    /// How long nothing is fetched again that could not be had (RFC 8461 §3.3).
    static final Duration RETRY = Duration.ofMinutes(5);

    /// After this long a policy is fetched again, while the one at hand goes on to count.
    static final Duration REFRESH = Duration.ofDays(1);

    /// What counts for a domain.
    ///
    /// @param policy the one in force
    /// @param failed why what the record names could not be had, whether or not another one is in force; nothing
    ///     where that has mode none, for so a policy is taken away (RFC 8461 §8.3, §10.2)
    record Standing(Optional<StsPolicy> policy, Optional<TlsFault.Cause> failed) {}

    /// What is known of a domain.
    ///
    /// @param id the record's, when it was last tried to fetch what it names
    /// @param tried when that was
    /// @param failed why it could not be had
    /// @param since when the policy was fetched
    private record Kept(
            String id, Instant tried, Optional<TlsFault.Cause> failed, Optional<StsPolicy> policy, Instant since) {
        /// The policy, unless it is too old.
        Optional<StsPolicy> holds(Instant now) {
            return policy.filter(one -> !now.isBefore(since) && now.isBefore(since.plus(one.maxAge())));
        }

        Standing standing(Instant now) {
            Optional<StsPolicy> holds = holds(now);
            boolean goes = holds.filter(one -> one.mode() == StsMode.NONE).isPresent();
            return new Standing(holds, goes ? Optional.empty() : failed);
        }
    }

    private final PolicyFetcher fetcher;
    private final InstantSource clock;
    private final Log log;
    private final Map<String, Kept> memory = new Lru<>(DOMAINS_MAX);
    private final Map<String, FutureTask<Kept>> underway = new HashMap<>();

    public StsPolicies(PolicyFetcher fetcher, InstantSource clock, Log log) {
        this.fetcher = fetcher;
        this.clock = clock;
        this.log = log;
    }

    /// The policy that counts now.
    ///
    /// @param domain in ASCII, lower case
    /// @param texts what stands at its `_mta-sts`; without an answer, and without a record, a policy from
    ///     before counts
    Standing of(String domain, Dns.Answer<String> texts) throws InterruptedException {
        Optional<String> id = texts instanceof Dns.Answer.Found<String>(var all) ? StsRecord.id(all) : Optional.empty();
        Instant now = clock.instant();
        Optional<Kept> kept;
        FutureTask<Kept> fetch;
        synchronized (memory) {
            kept = Optional.ofNullable(memory.get(domain));
            if (id.isEmpty()) {
                return new Standing(kept.flatMap(one -> one.holds(now)), Optional.empty());
            }
            if (kept.filter(one -> isFresh(one, id.get(), now)).isPresent()) {
                return kept.get().standing(now);
            }
            fetch = underway.computeIfAbsent(domain, _ -> start(domain, id.get()));
        }
        boolean goesOn = kept.filter(
                        one -> one.id().equals(id.get()) && one.holds(now).isPresent())
                .isPresent();
        return goesOn ? kept.get().standing(now) : get(fetch).standing(clock.instant());
    }

    private static boolean isFresh(Kept kept, String id, Instant now) {
        Duration ago = Duration.between(kept.tried(), now);
        boolean had = kept.failed().isEmpty();
        return kept.id().equals(id)
                && !ago.isNegative()
                && (had ? kept.holds(now).isPresent() && ago.compareTo(REFRESH) < 0 : ago.compareTo(RETRY) < 0);
    }

    private FutureTask<Kept> start(String domain, String id) {
        FutureTask<Kept> task = new FutureTask<>(() -> fetch(domain, id));
        Thread.ofVirtual().name("mta-sts").start(task);
        return task;
    }

    private Kept fetch(String domain, String id) {
        Instant now = clock.instant();
        Optional<StsPolicy> found = Optional.empty();
        TlsNote.Failure failed = TlsNote.Failure.STS_POLICY_FETCH_ERROR;
        String reason = "";
        try {
            switch (StsPolicy.read(fetcher.fetch(domain))) {
                case StsPolicy.Read.Good(var policy) -> found = Optional.of(policy);
                case StsPolicy.Read.Bad(var why) -> {
                    failed = TlsNote.Failure.STS_POLICY_INVALID;
                    reason = why;
                }
            }
        } catch (IOException e) {
            failed = Tls.isMisfit(e) ? TlsNote.Failure.STS_WEBPKI_INVALID : failed;
            reason = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            reason = String.valueOf(e.getMessage());
        }
        if (found.isEmpty()) {
            complain(domain, reason);
        }
        synchronized (memory) {
            Optional<Kept> before = Optional.ofNullable(memory.get(domain));
            Kept after = found.isPresent()
                    ? new Kept(id, now, Optional.empty(), found, now)
                    : new Kept(
                            id,
                            now,
                            Optional.of(new TlsFault.Cause(failed, reason)),
                            before.flatMap(Kept::policy),
                            before.map(Kept::since).orElse(Instant.EPOCH));
            memory.put(domain, after);
            underway.remove(domain);
            return after;
        }
    }

    private void complain(String domain, String why) {
        log.line("remote: policy of " + Log.escape(domain) + " (MTA-STS) cannot be had: " + Log.escape(why));
    }

    private static Kept get(FutureTask<Kept> fetch) throws InterruptedException {
        try {
            return fetch.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
