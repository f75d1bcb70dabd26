package qrate.ledger;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import qrate.qcontrol.Trace;

/// What somebody looks for in the ledger: which blocks it may stand in, and which messages lines say it of.
final class Sought {
    private final Trace.Query query;
    private final String word;
    private final List<Long> hashes;

    Sought(Trace.Query query) {
        this.query = query;
        String text = Origin.printable(Finder.unquoted(query.word().strip())).toLowerCase(Locale.ROOT);
        this.word = text.startsWith("<") && text.endsWith(">") ? text.substring(1, text.length() - 1) : text;
        Stream<String> words = word.isEmpty()
                ? query.whose().words().stream()
                : Stream.of(word.substring(0, Math.min(word.length(), Origin.TEXT_CHARS_MAX)));
        this.hashes = words.map(LedgerBlocks::hash).toList();
    }

    /// Whether it can be in a block.
    boolean mayBeIn(LedgerBlocks.Block block) {
        return all() || hashes.stream().anyMatch(block::mayHold);
    }

    private boolean all() {
        return word.isEmpty() && query.whose().means("");
    }

    /// The message that a line says it of.
    Optional<Long> of(LedgerLine line) {
        return switch (line) {
            case LedgerLine.Known(long id, String sender, int _) -> fits(id, sender);
            case LedgerLine.Recovered(long id, String sender, int _) -> fits(id, sender);
            case LedgerLine.Starting(long _, long id, String address, int _) -> fits(id, address);
            case LedgerLine.RecoveredRecipient(long id, int _, LedgerLine.Standing _, String address) ->
                fits(id, address);
            case LedgerLine.From(long id, String messageId) ->
                !word.isEmpty() && trimmed(messageId).equalsIgnoreCase(word) ? Optional.of(id) : fits(id, "");
            default -> Optional.empty();
        };
    }

    /// Whether what somebody may see of a message says it: that it went to others, too, is none of theirs.
    boolean shows(Trace.Way way) {
        return word.isEmpty()
                || fits(way.id(), way.sender()).isPresent()
                || trimmed(way.messageId()).equalsIgnoreCase(word)
                || way.steps().stream()
                        .anyMatch(step -> fits(way.id(), step.address()).isPresent());
    }

    private static String trimmed(String messageId) {
        return messageId.startsWith("<") && messageId.endsWith(">")
                ? messageId.substring(1, messageId.length() - 1)
                : messageId;
    }

    private Optional<Long> fits(long id, String address) {
        boolean fits;
        if (word.isEmpty()) {
            fits = all() || query.whose().means(written(address));
        } else {
            String text = written(address).toLowerCase(Locale.ROOT);
            fits = text.equals(word) || (word.startsWith("@") && text.endsWith(word)) || word.equals(Long.toString(id));
        }
        return fits ? Optional.of(id) : Optional.empty();
    }

    /// An address as it was written: a virtual domain puts its name and a dash in front (qmail-send(8)).
    static String written(String address) {
        String prefix = address.substring(address.lastIndexOf('@') + 1) + "-";
        return address.regionMatches(true, 0, prefix, 0, prefix.length())
                ? address.substring(prefix.length())
                : address;
    }
}
