package qrate.milter;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import qrate.core.Budget;
import qrate.core.Spool;

/// What one milter wants changed in one message, as long as it does not want too much.
final class MilterChanges {
    /// Most changes of header and envelope by one milter.
    static final int CHANGES_MAX = 1_000;

    /// Most bytes of their texts.
    static final int CHANGES_BYTES_MAX = 256 << 10;

    /// How much longer than the message another body may be, in bytes.
    static final long GROWTH_BYTES_MAX = 16L << 20;

    private final List<MilterReply.FieldChange> fields = new ArrayList<>();
    private final List<MilterReply.EnvelopeChange> envelope = new ArrayList<>();
    private final Spool spool;
    private final Budget.Share memory;
    private final long bodyBytesMax;
    private final CrLf.In lines = new CrLf.In();
    private Optional<Spool.Held> body = Optional.empty();
    private Optional<String> quarantine = Optional.empty();
    private int bytes;

    /// @param size of the message
    MilterChanges(Spool spool, Budget.Share memory, long size) {
        this.spool = spool;
        this.memory = memory;
        this.bodyBytesMax = size + GROWTH_BYTES_MAX;
    }

    /// @param known what the milter has asked for
    /// @throws ProtocolException when it may not say this, or too much of it
    void add(MilterReply.Change change, MilterOptions known) throws ProtocolException, Spool.Full {
        boolean may = known.may(change.action())
                || (change instanceof MilterReply.AddRecipient
                        && known.may(MilterOptions.Action.ADD_RECIPIENTS_WITH_PARAMETERS));
        if (!may) {
            throw new ProtocolException("it wants " + change.getClass().getSimpleName() + " and has not said so");
        }
        switch (change) {
            case MilterReply.FieldChange field -> {
                count(field.toString().length());
                fields.add(ShownField.meant(field, known.has(MilterOptions.LEADING_BLANK)));
            }
            case MilterReply.EnvelopeChange other -> {
                count(other.toString().length());
                envelope.add(other);
            }
            case MilterReply.Quarantine(var reason) -> quarantine = Optional.of(reason);
            case MilterReply.ReplaceBody(var piece) -> replace(piece);
        }
    }

    private void count(int more) throws ProtocolException {
        bytes += more;
        if (fields.size() + envelope.size() >= CHANGES_MAX || bytes > CHANGES_BYTES_MAX) {
            throw new ProtocolException("it wants too many changes");
        }
    }

    private void replace(byte[] piece) throws ProtocolException, Spool.Full {
        if (body.isEmpty()) {
            body = Optional.of(spool.hold(memory));
        }
        Spool.Held held = body.get();
        if (held.size() + piece.length > bodyBytesMax) {
            throw new ProtocolException("its body has more than " + bodyBytesMax + " bytes");
        }
        byte[] taken = lines.taken(piece);
        held.write(taken, 0, taken.length);
    }

    List<MilterReply.FieldChange> fields() {
        return fields;
    }

    List<MilterReply.EnvelopeChange> envelope() {
        return envelope;
    }

    /// Whether it says that the message is spam.
    boolean spam() {
        return fields.stream().anyMatch(SpamMark::isOne);
    }

    Optional<String> quarantine() {
        return quarantine;
    }

    /// The body that takes the other's place, whole now.
    Optional<Spool.Held> body() throws Spool.Full {
        if (body.isPresent()) {
            byte[] rest = lines.rest();
            body.get().write(rest, 0, rest.length);
            body.get().body();
        }
        return body;
    }

    /// Nothing of it is done.
    void forget() throws IOException {
        fields.clear();
        envelope.clear();
        quarantine = Optional.empty();
        if (body.isPresent()) {
            body.get().close();
            body = Optional.empty();
        }
    }
}
