package qrate.gate;

import java.util.List;
import qrate.message.Field;

/// What the gate says of a message.
///
/// @param ruling what becomes of it
/// @param fields to be put on top of its header, in this order; none where nothing was checked
/// @param looks what was asked of DNS, compared and found, in that order
public record Judgement(Ruling ruling, List<Field> fields, List<GateLook> looks) {
    public Judgement {
        fields = List.copyOf(fields);
        looks = List.copyOf(looks);
    }
}
