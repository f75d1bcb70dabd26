package qrate.ledger;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import qrate.core.Disk;
import qrate.ledger.LedgerBlocks.Block;
import qrate.qcontrol.Trace;
import qrate.qcontrol.Trace.Kind;
import qrate.qcontrol.Whose;

/// Finds messages in the ledger and tells their ways, reading only the blocks in which they can stand. One question
/// after the other.
///
/// Ids rise as messages come in, and the first lines of a message stand where it came in: from a block on backwards no
/// message has a greater id than the greatest that had come in by then.
final class Tracer implements Trace {
    /// Most blocks read for one question: 64 MiB.
    static final int READ_MAX = 4_000;

    /// Most times that messages are looked for of which whoever asks may see none.
    private static final int ROUNDS_MAX = 5;

    private static final long RUNNING = LedgerBlocks.hash("running");

    private final Disk disk;
    private final LedgerBlocks index;
    private int left;

    Tracer(Disk disk) {
        this.disk = disk;
        this.index = new LedgerBlocks(disk);
    }

    /// Blocks that the last question read.
    int read() {
        return READ_MAX - left;
    }

    @Override
    public synchronized Part find(Query query) throws IOException {
        left = READ_MAX;
        if (!disk.exists(Ledger.FOLDER)) {
            return new Part(List.of(), 0);
        }
        List<Block> blocks = index.upToDate();
        int limit = Math.clamp(query.limit(), 1, MESSAGES_MAX);
        Sought sought = new Sought(query);
        List<Way> ways = new ArrayList<>();
        long before = query.before();
        for (int round = 0; round < ROUNDS_MAX; round++) {
            NavigableSet<Long> ids = ids(blocks, query, sought, before, limit + 1);
            boolean more = ids.size() > limit || left <= 0;
            while (ids.size() > limit) {
                ids.pollLast();
            }
            for (Way way : ways(blocks, ids)) {
                visible(way, query.whose()).filter(sought::shows).ifPresent(ways::add);
                if (ways.size() == limit) {
                    return new Part(ways, more || way.id() > ids.last() ? way.id() : 0);
                }
            }
            if (!more || ids.isEmpty()) {
                return new Part(ways, 0);
            }
            before = ids.last();
        }
        return new Part(ways, before);
    }

    /// The greatest ids that fit.
    private NavigableSet<Long> ids(List<Block> blocks, Query query, Sought sought, long before, int most)
            throws IOException {
        NavigableSet<Long> ids = new TreeSet<>(Comparator.reverseOrder());
        String since = query.since().toString();
        for (int i = blocks.size() - 1; i >= 0 && left > 0; i--) {
            Block block = blocks.get(i);
            boolean full = ids.size() == most && ids.last() >= block.newest();
            boolean old = i + 1 < blocks.size() && blocks.get(i + 1).first().compareTo(since) < 0;
            if (full || old) {
                return ids;
            }
            if (sought.mayBeIn(block)) {
                left--;
                index.read(
                        block,
                        line -> LedgerLine.stamped(line)
                                .filter(stamped -> stamped.at().compareTo(query.since()) >= 0)
                                .flatMap(stamped -> sought.of(stamped.line()))
                                .filter(id -> before == 0 || id < before)
                                .ifPresent(ids::add));
                while (ids.size() > most) {
                    ids.pollLast();
                }
            }
        }
        return ids;
    }

    /// A message on its way through the lines.
    private static final class Told {
        private final long id;
        private final long hash;
        private String sender = "";
        private long bytes;
        private String messageId = "";
        private Map<String, String> from = Map.of();
        private final List<Step> steps = new ArrayList<>();

        Told(long id) {
            this.id = id;
            this.hash = LedgerBlocks.hash(Long.toString(id));
        }

        void came(LedgerLine.Stamped line, String from) {
            sender = from;
            bytes = Tracer.bytes(line.text());
            add(line.at(), Kind.ACCEPTED, "", "");
        }

        void add(Instant at, Kind kind, String address, String text) {
            if (steps.size() == STEPS_MAX) {
                steps.remove(1); // how it came in stays
            }
            steps.add(new Step(at, kind, address, text));
        }

        Way way() {
            return new Way(id, sender, bytes, messageId, from, steps);
        }
    }

    /// A delivery that has begun.
    private record Flying(Told of, Step begun, long hash) {}

    /// The ways of some messages, in their order.
    private List<Way> ways(List<Block> blocks, Set<Long> ids) throws IOException {
        Map<Long, Told> all = new LinkedHashMap<>();
        ids.forEach(id -> all.put(id, new Told(id)));
        Map<Long, Told> open = new TreeMap<>(all);
        Map<Long, Flying> flying = new HashMap<>();
        for (int i = 0; i < blocks.size() && left > 0 && !(open.isEmpty() && flying.isEmpty()); i++) {
            Block block = blocks.get(i);
            boolean lines =
                    open.values().stream().anyMatch(told -> told.id <= block.newest() && block.mayHold(told.hash))
                            || flying.values().stream().anyMatch(one -> block.mayHold(one.hash))
                            || (!flying.isEmpty() && block.mayHold(RUNNING));
            if (lines) {
                left--;
                index.read(block, line -> LedgerLine.stamped(line).ifPresent(one -> tell(one, all, open, flying)));
            }
        }
        return all.values().stream().map(Told::way).toList();
    }

    private static void tell(
            LedgerLine.Stamped stamped, Map<Long, Told> all, Map<Long, Told> open, Map<Long, Flying> flying) {
        Instant at = stamped.at();
        switch (stamped.line()) {
            case LedgerLine.Running _ -> flying.clear();
            case LedgerLine.Known(long id, String sender, int _) -> {
                Told told = all.get(id);
                if (told != null) {
                    told.came(stamped, sender);
                }
            }
            case LedgerLine.From(long id, String messageId) -> {
                Told told = all.get(id);
                if (told != null) {
                    told.messageId = messageId;
                    told.from = from(stamped.text());
                }
            }
            case LedgerLine.Recovered(long id, String sender, int _) -> {
                Told told = all.get(id);
                if (told != null && told.steps.isEmpty()) {
                    told.came(stamped, sender);
                }
            }
            case LedgerLine.Starting(long delivery, long id, String address, int _) -> {
                Told told = all.get(id);
                if (told != null) {
                    told.add(at, Kind.BEGUN, Sought.written(address), "");
                    flying.put(
                            delivery,
                            new Flying(told, told.steps.getLast(), LedgerBlocks.hash(Long.toString(delivery))));
                } else {
                    flying.remove(delivery); // numbers begin anew with each start
                }
            }
            case LedgerLine.Result(long delivery, LedgerLine.Outcome outcome) -> {
                Flying one = flying.remove(delivery);
                if (one != null) {
                    one.of.steps.remove(one.begun);
                    one.of.add(at, kind(outcome), one.begun.address(), said(stamped.text()));
                }
            }
            case LedgerLine.RecoveredRecipient(long id, int _, LedgerLine.Standing standing, String address) ->
                note(all, at, id, kind(standing), Sought.written(address), "");
            case LedgerLine.GivenUp(long id, int _) -> note(all, at, id, Kind.GIVEN_UP, "", "");
            case LedgerLine.Bounce(long id, long bounce) -> note(all, at, id, Kind.BOUNCED, "", "" + bounce);
            case LedgerLine.Report(long id, long report) -> note(all, at, id, Kind.REPORTED, "", "" + report);
            case LedgerLine.Aside(long id, int _, long copy) ->
                note(all, at, id, copy == 0 ? Kind.DISCARDED : Kind.LET_OUT, "", copy == 0 ? "" : "" + copy);
            case LedgerLine.Triple(long id) -> note(all, at, id, Kind.SILENT, "", "");
            case LedgerLine.Silent(long id) -> note(all, at, id, Kind.SILENT, "", "");
            case LedgerLine.Dropped(long id) -> note(all, at, id, Kind.DROPPED, "", "");
            case LedgerLine.Held(long id) ->
                note(all, at, id, stamped.text().startsWith("held") ? Kind.HELD : Kind.RELEASED, "", "");
            case LedgerLine.End(long id) -> {
                note(all, at, id, Kind.ENDED, "", "");
                open.remove(id);
            }
            case LedgerLine.RecoveredFate(long id, String fate, long _) -> {
                if (!fate.equals("queued")) {
                    note(all, at, id, Kind.ENDED, "", "");
                    open.remove(id);
                }
            }
            case LedgerLine.New _, LedgerLine.Other _ -> {
                // the lines behind say it
            }
        }
    }

    private static void note(Map<Long, Told> all, Instant at, long id, Kind kind, String address, String text) {
        Told told = all.get(id);
        if (told != null) {
            told.add(at, kind, address, text);
        }
    }

    private static Kind kind(LedgerLine.Outcome outcome) {
        return switch (outcome) {
            case SUCCESS -> Kind.DELIVERED;
            case DEFERRAL -> Kind.PUT_OFF;
            case FAILURE -> Kind.REFUSED;
        };
    }

    private static Kind kind(LedgerLine.Standing standing) {
        return switch (standing) {
            case DELIVERED -> Kind.DELIVERED;
            case REFUSED -> Kind.REFUSED;
            case QUEUED -> Kind.BEGUN;
        };
    }

    /// Behind `delivery N: success: `.
    private static String said(String text) {
        return text.split(": ", 3)[2];
    }

    /// Of `info msg N: bytes B from …` and `recovered msg N: bytes B …`.
    private static long bytes(String text) {
        return Long.parseLong(text.split(" ", 6)[4]);
    }

    /// Of `from msg N: NAME VALUE NAME VALUE …`.
    private static Map<String, String> from(String text) {
        String[] words = text.split(" ", -1);
        Map<String, String> from = new LinkedHashMap<>();
        for (int i = 3; i + 1 < words.length && !words[i].equals("message-id"); i += 2) {
            from.put(words[i], words[i + 1]);
        }
        return from;
    }

    /// What somebody may see of a message: all of what is theirs, of others' what concerns them, or nothing.
    private static Optional<Way> visible(Way way, Whose whose) {
        // a stranger may write any sender: whom that went to is known to who has signed in, and to what was made here
        boolean stranger =
                way.from().containsKey("client") && !whose.means(way.from().getOrDefault("login", ""));
        if (whose.means(way.sender()) && !stranger) {
            return Optional.of(way);
        }
        boolean theirs =
                way.steps().stream().anyMatch(step -> !step.address().isEmpty() && whose.means(step.address()));
        List<Step> steps = way.steps().stream()
                .filter(step -> step.address().isEmpty() || whose.means(step.address()))
                .toList();
        return theirs
                ? Optional.of(new Way(way.id(), way.sender(), way.bytes(), way.messageId(), way.from(), steps))
                : Optional.empty();
    }
}
