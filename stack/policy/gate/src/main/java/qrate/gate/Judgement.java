package qrate.gate;

import java.util.List;
import java.util.Optional;
import qrate.dmarc.DmarcOutcome;
import qrate.dmarc.Evidence;
import qrate.message.Field;

/// What the gate says of a message.
///
/// @param ruling what becomes of it
/// @param fields to be put on top of its header, in this order; none where nothing was checked
/// @param looks what was asked of DNS, compared and found, in that order
/// @param told what the author's domain may be told of it; nothing where DMARC was not asked
public record Judgement(Ruling ruling, List<Field> fields, List<GateLook> looks, Optional<Judgement.Told> told) {
    /// What a report of DMARC tells of a message.
    ///
    /// @param outcome with what was done here
    public record Told(DmarcOutcome outcome, Evidence evidence) {}

    public Judgement {
        fields = List.copyOf(fields);
        looks = List.copyOf(looks);
    }
}
