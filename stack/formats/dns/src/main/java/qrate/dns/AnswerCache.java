package qrate.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;

/// What was answered, for as long as the answers say and no longer than their bounds; the least recently used goes
/// first. For many threads.
final class AnswerCache {
    /// What was asked; names without regard to case.
    record Key(Name name, int type) {}

    /// Bytes of all answers kept at most, as {@link #weight} counts them, where nobody says otherwise.
    static final int BYTES_MAX = 2 << 20;

    /// A larger answer is not kept: one name's owner shall not push out everybody else's.
    static final int ANSWER_BYTES_MAX = 16 << 10;

    /// The longest that a found answer is kept.
    static final Duration FOUND_MAX = Duration.ofDays(1);

    /// The longest that an absence is kept (RFC 2308 §5: one to three hours work well).
    static final Duration ABSENCE_MAX = Duration.ofHours(1);

    /// How long a failure is kept (RFC 9520 §3.2: 1 second at least, 5 minutes at most).
    static final Duration FAILURE = Duration.ofSeconds(5);

    // generous guesses of the heap an answer takes beside its bytes on the wire
    private static final int ENTRY_BYTES = 400;
    private static final int RECORD_BYTES = 300;

    private record Kept(Dns.Reply<Record> reply, Instant since, Instant until, int bytes) {}

    private final InstantSource clock;
    private final int bytesMax;
    private final Map<Key, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private List<InetSocketAddress> from = List.of();
    private int bytes;

    /// @param bytesMax of all answers kept; 0 for none
    AnswerCache(InstantSource clock, int bytesMax) {
        this.clock = clock;
        this.bytesMax = bytesMax;
    }

    /// Keeps nothing.
    static AnswerCache none() {
        return new AnswerCache(InstantSource.system(), 0);
    }

    /// Forgets all when other servers than these gave the answers: another network may have other ones.
    synchronized void from(List<InetSocketAddress> servers) {
        if (!servers.equals(from)) {
            from = List.copyOf(servers);
            kept.clear();
            bytes = 0;
        }
    }

    /// What is known and still holds.
    synchronized Optional<Dns.Reply<Record>> find(Key key) {
        Kept one = kept.get(key);
        if (one == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (now.isBefore(one.since()) || !now.isBefore(one.until())) { // before: the clock was set back
            forget(key);
            return Optional.empty();
        }
        return Optional.of(one.reply());
    }

    /// Keeps a reply.
    ///
    /// @param seconds as its records say; a failure has a time of its own
    synchronized void keep(Key key, Dns.Reply<Record> reply, long seconds) {
        forget(key);
        Duration time = time(reply.answer(), seconds);
        int weight = weight(reply);
        if (time.isZero() || weight > Math.min(ANSWER_BYTES_MAX, bytesMax)) {
            return;
        }
        Instant now = clock.instant();
        kept.put(key, new Kept(reply, now, now.plus(time), weight));
        bytes += weight;
        Iterator<Kept> oldest = kept.values().iterator();
        while (bytes > bytesMax) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    synchronized int size() {
        return kept.size();
    }

    synchronized int bytes() {
        return bytes;
    }

    private void forget(Key key) {
        Kept gone = kept.remove(key);
        if (gone != null) {
            bytes -= gone.bytes();
        }
    }

    private static Duration time(Dns.Answer<Record> answer, long seconds) {
        return switch (answer) {
            case Dns.Answer.Failed<Record> _ -> FAILURE;
            case Dns.Answer.Found<Record> _ -> bounded(seconds, FOUND_MAX);
            case Dns.Answer.NoSuchName<Record> _, Dns.Answer.NoData<Record> _ -> bounded(seconds, ABSENCE_MAX);
        };
    }

    private static Duration bounded(long seconds, Duration longest) {
        return Duration.ofSeconds(Math.clamp(seconds, 0, longest.toSeconds()));
    }

    private static int weight(Dns.Reply<Record> reply) {
        int weight = ENTRY_BYTES;
        if (reply.answer() instanceof Dns.Answer.Found<Record>(var all)) {
            for (Record one : all) {
                weight += RECORD_BYTES + one.toWireCanonical().length;
            }
        }
        return weight;
    }
}
