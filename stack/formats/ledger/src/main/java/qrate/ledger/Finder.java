package qrate.ledger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the messages that a word means: by queue id, by sender or recipient, by Message-ID; and those that came of
/// them, or that they came of.
final class Finder {
    private final String wanted;
    private final Set<String> messageIds;
    private final Map<Long, Long> flying = new HashMap<>();
    private final Set<Long> hits = new HashSet<>();
    /// Bounces and reports, in both directions.
    private final Map<Long, Set<Long>> kin = new HashMap<>();

    Finder(String wanted) {
        this.wanted = Origin.printable(unquoted(wanted)).toLowerCase(Locale.ROOT);
        this.messageIds = Stream.of(wanted, "<" + wanted + ">")
                .map(id -> Origin.word(id).toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    /// An address as the envelope has it, where a header or an SMTP command would quote it.
    static String unquoted(String address) {
        int end = address.lastIndexOf("\"@");
        return address.startsWith("\"") && end > 0
                ? address.substring(1, end).replaceAll("\\\\(.)", "$1") + address.substring(end + 1)
                : address;
    }

    /// Takes the next line.
    ///
    /// @return the message it is about
    Optional<Long> look(LedgerLine line) {
        return switch (line) {
            case LedgerLine.Running _ -> {
                flying.clear();
                yield Optional.empty();
            }
            case LedgerLine.Other _ -> Optional.empty();
            case LedgerLine.New(long id) -> hit(id, "");
            case LedgerLine.Known(long id, String sender, int _) -> hit(id, sender);
            case LedgerLine.From(long id, String messageId) -> {
                boolean fits = messageIds.contains(messageId.toLowerCase(Locale.ROOT)) && !messageId.isEmpty();
                yield hit(id, fits ? wanted : "");
            }
            case LedgerLine.Starting(long delivery, long id, String address, int _) -> {
                flying.put(delivery, id);
                yield hit(id, address);
            }
            case LedgerLine.Result(long delivery, LedgerLine.Outcome _) -> Optional.ofNullable(flying.remove(delivery));
            case LedgerLine.GivenUp(long id, int _) -> hit(id, "");
            case LedgerLine.Aside(long id, int _, long copy) -> copy == 0 ? hit(id, "") : related(id, copy);
            case LedgerLine.Bounce(long id, long bounce) -> related(id, bounce);
            case LedgerLine.Report(long id, long report) -> related(id, report);
            case LedgerLine.Triple(long id) -> hit(id, "");
            case LedgerLine.Silent(long id) -> hit(id, "");
            case LedgerLine.Dropped(long id) -> hit(id, "");
            case LedgerLine.Held(long id) -> hit(id, "");
            case LedgerLine.End(long id) -> hit(id, "");
            case LedgerLine.Recovered(long id, String sender, int _) -> hit(id, sender);
            case LedgerLine.RecoveredRecipient(long id, int _, LedgerLine.Standing _, String address) ->
                hit(id, address);
            case LedgerLine.RecoveredFate(long id, String _, long bounce) ->
                bounce == 0 ? hit(id, "") : related(id, bounce);
        };
    }

    private Optional<Long> hit(long id, String address) {
        String text = address.toLowerCase(Locale.ROOT);
        // virtual domains put a prefix and a dash in front
        boolean fits = text.equals(wanted) || (wanted.contains("@") && text.endsWith("-" + wanted));
        if (!wanted.isEmpty() && (fits || wanted.equals(Long.toString(id)))) {
            hits.add(id);
        }
        return Optional.of(id);
    }

    private Optional<Long> related(long id, long other) {
        kin.computeIfAbsent(id, _ -> new HashSet<>()).add(other);
        kin.computeIfAbsent(other, _ -> new HashSet<>()).add(id);
        return hit(id, "");
    }

    /// The messages that fit, and their kin.
    Set<Long> found() {
        Set<Long> found = new TreeSet<>(hits);
        Deque<Long> ahead = new ArrayDeque<>(hits);
        while (!ahead.isEmpty()) {
            for (long next : kin.getOrDefault(ahead.poll(), Set.of())) {
                if (found.add(next)) {
                    ahead.add(next);
                }
            }
        }
        return found;
    }
}
