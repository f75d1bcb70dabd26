package qrate.remote.sign;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import qrate.core.Log;
import qrate.dkim.SigningKey;
import qrate.dns.Dns;
import qrate.dns.Question;
import qrate.signer.HeldKey;
import qrate.signer.KeyHolder;

/// Looks whether the records of keys stand in DNS, beside what is delivered, and tells the signer.
final class Watch {
    /// How often it looks for a record that is not there yet.
    static final Duration WAITS = Duration.ofMinutes(5);

    /// How often it looks for one that was.
    static final Duration SEEN = Duration.ofHours(1);

    /// Domains looked after at once; others come later.
    static final int AT_WORK_MAX = 20;

    private static final int DOMAINS_MAX = 10_000;

    private final KeyHolder holder;
    private final Dns dns;
    private final InstantSource clock;
    private final Consumer<String> news;
    private final Log log;
    private final Map<String, Instant> looked = new HashMap<>();
    private final Set<SigningKey> missed = ConcurrentHashMap.newKeySet();
    private final Set<String> atWork = ConcurrentHashMap.newKeySet();

    /// @param news told of each domain of which the signer has been told something
    Watch(KeyHolder holder, Dns dns, InstantSource clock, Consumer<String> news, Log log) {
        this.holder = holder;
        this.dns = dns;
        this.clock = clock;
        this.news = news;
        this.log = log;
    }

    /// Says that a domain sends; what is due is looked up meanwhile.
    void used(String domain, List<HeldKey> keys) {
        if (keys.isEmpty()) {
            return;
        }
        boolean waits = keys.stream().anyMatch(key -> key.state() == HeldKey.State.WAITS);
        synchronized (looked) {
            Instant now = clock.instant();
            Instant last = looked.get(domain);
            if (last != null && last.plus(waits ? WAITS : SEEN).isAfter(now)) {
                return;
            }
            if (atWork.size() >= AT_WORK_MAX || !atWork.add(domain)) {
                return;
            }
            if (looked.size() >= DOMAINS_MAX) {
                looked.clear();
            }
            looked.put(domain, now);
        }
        Thread.ofVirtual().name("dkim-watch").start(() -> {
            try {
                keys.forEach(this::look);
            } finally {
                atWork.remove(domain);
            }
        });
    }

    private void look(HeldKey key) {
        try {
            switch (dns.ask(Question.texts(key.place()), Dns.QUESTION_MAX).answer()) {
                case Dns.Answer.Found<String>(List<String> all) ->
                    tell(key, all.stream().anyMatch(key::isPublishedBy));
                case Dns.Answer.NoData<String> _, Dns.Answer.NoSuchName<String> _ -> tell(key, false);
                case Dns.Answer.Failed<String> _ -> {} // nobody can tell: it stays as it is
            }
        } catch (IOException | RuntimeException e) {
            log.line("remote: warning: unable to look for " + key.place() + ": " + e.getMessage());
        }
    }

    /// A record that was there is gone only when it is missed twice: zones are replaced.
    private void tell(HeldKey key, boolean there) throws IOException {
        boolean was = key.state() != HeldKey.State.WAITS;
        if (there) {
            missed.remove(key.key());
            if (!was) {
                say(key, true);
            }
        } else if (was && !missed.add(key.key())) {
            missed.remove(key.key());
            say(key, false);
        }
    }

    private void say(HeldKey key, boolean there) throws IOException {
        holder.seen(key.key(), there);
        news.accept(key.key().domain());
    }
}
