package qrate.gate;

import java.util.List;
import qrate.message.Field;

/// What the gate says of a message.
///
/// @param ruling what becomes of it
/// @param fields to be put on top of its header, in this order; none where nothing was checked
/// @param lookups what was asked of DNS, and compared, a line each
public record Judgement(Ruling ruling, List<Field> fields, List<String> lookups) {
    public Judgement {
        fields = List.copyOf(fields);
        lookups = List.copyOf(lookups);
    }
}
