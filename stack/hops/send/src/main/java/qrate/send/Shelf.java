package qrate.send;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import qrate.core.Body;
import qrate.core.DomainName;
import qrate.core.Envelope;
import qrate.core.Intake;
import qrate.core.Recipient;
import qrate.core.Verdict;

/// The room for what filters put aside: so many messages in all, and a share of them for each domain of recipients.
///
/// Stands before the queue. What comes beyond is put off (451 at the door), so that whoever sent it keeps it; nothing
/// else is. What is let out, deleted or kept for too long gives its room back within a second.
public final class Shelf implements Intake {
    /// Most messages in all: a list looks at all of them, and each is a record, or a file, of the queue.
    static final int MESSAGES_MAX = 10_000;

    /// Most messages for one domain, so that a flood at one leaves room for the others.
    static final int DOMAIN_MESSAGES_MAX = 2_000;

    private static final long LOOK_MILLIS = 1000;

    /// What waits there when it is looked at.
    interface Contents {
        /// Every message that a filter put aside, with its id.
        void each(BiConsumer<Long, Envelope> visitor);

        /// Those of some that are held no more.
        Set<Long> gone(Set<Long> ids);
    }

    /// Messages for one domain.
    private static final class Share {
        private final String domain;
        private int messages;

        Share(String domain) {
            this.domain = domain;
        }
    }

    private final Intake queue;
    private final InstantSource clock;
    private final Map<Long, List<Share>> kept = new HashMap<>();
    private final Map<String, Share> shares = new HashMap<>();
    private Optional<Contents> contents = Optional.empty();
    private int messages;
    private long looked;

    public Shelf(Intake queue, InstantSource clock) {
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public Verdict accept(Envelope envelope, Body body) {
        if (envelope.quarantinedFor().isEmpty()) {
            return queue.accept(envelope, body);
        }
        Set<String> domains = domains(envelope);
        Optional<List<Share>> room = take(domains);
        if (room.isEmpty()) {
            look();
            room = take(domains);
        }
        if (room.isEmpty()) {
            return new Verdict.Later("too much mail of this kind waits here, try again later (#4.3.1)");
        }
        long id = 0;
        try {
            Verdict verdict = queue.accept(envelope, body);
            id = verdict instanceof Verdict.Delivered(var text) ? Long.parseLong(Settler.qp(text)) : 0;
            return verdict;
        } finally {
            taken(id, room.get());
        }
    }

    private static Set<String> domains(Envelope envelope) {
        Set<String> domains = new HashSet<>();
        for (Recipient recipient : envelope.recipients()) {
            String address = recipient.address();
            domains.add(DomainName.ascii(address.substring(address.lastIndexOf('@') + 1)));
        }
        return domains;
    }

    /// @return empty when there is no room
    private synchronized Optional<List<Share>> take(Set<String> domains) {
        boolean full = messages >= MESSAGES_MAX
                || domains.stream()
                        .map(shares::get)
                        .anyMatch(share -> share != null && share.messages >= DOMAIN_MESSAGES_MAX);
        return full ? Optional.empty() : Optional.of(count(domains));
    }

    private List<Share> count(Set<String> domains) {
        messages++;
        List<Share> all = new ArrayList<>(domains.size());
        for (String domain : domains) {
            Share share = shares.computeIfAbsent(domain, Share::new);
            share.messages++;
            all.add(share);
        }
        return all;
    }

    private void give(List<Share> all) {
        messages--;
        for (Share share : all) {
            if (--share.messages == 0) {
                shares.remove(share.domain);
            }
        }
    }

    /// @param id 0 when the queue did not take it
    private synchronized void taken(long id, List<Share> all) {
        if (id == 0 || kept.putIfAbsent(id, all) != null) {
            give(all);
        }
    }

    /// Counts what was there before this process; from then on looks what has left.
    void fill(Contents all) {
        synchronized (this) {
            contents = Optional.of(all);
        }
        all.each((id, envelope) -> fill(id, domains(envelope)));
    }

    private synchronized void fill(long id, Set<String> domains) {
        if (!kept.containsKey(id)) {
            kept.put(id, count(domains));
        }
    }

    /// Gives the room of what has left back; once a second at most.
    private void look() {
        Contents now;
        Set<Long> ids;
        synchronized (this) {
            long millis = clock.millis();
            if (contents.isEmpty() || (millis >= looked && millis - looked < LOOK_MILLIS)) {
                return;
            }
            looked = millis;
            now = contents.get();
            ids = Set.copyOf(kept.keySet());
        }
        Set<Long> gone = now.gone(ids); // not under our lock: it takes the scheduler's
        synchronized (this) {
            gone.forEach(id -> Optional.ofNullable(kept.remove(id)).ifPresent(this::give));
        }
    }

    /// That it is nine tenths full.
    public Optional<String> problem() {
        look();
        return full();
    }

    private synchronized Optional<String> full() {
        String rest = ": what filters put aside beyond that is put off at the door; let out or delete what is there"
                + " (quarantine(8)), or write fewer days into control/quarantinedays";
        if (messages >= MESSAGES_MAX / 10 * 9) {
            return Optional.of("nine tenths of " + MESSAGES_MAX + " messages are there" + rest);
        }
        return shares.values().stream()
                .filter(share -> share.messages >= DOMAIN_MESSAGES_MAX / 10 * 9)
                .map(share -> share.domain)
                .min(Comparator.naturalOrder())
                .map(domain -> "nine tenths of " + DOMAIN_MESSAGES_MAX + " messages are there for " + domain + rest);
    }
}
