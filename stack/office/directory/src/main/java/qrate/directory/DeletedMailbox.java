package qrate.directory;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// A mailbox that was removed and can be brought back.
///
/// @param number of what is kept of it
/// @param mailbox as it was
/// @param deleted when
/// @param until when what is kept goes
public record DeletedMailbox(long number, EditableDirectory.Mailbox mailbox, Instant deleted, Instant until) {
    /// For JSON.
    public Map<String, Object> json() {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", number);
        shape.put("address", mailbox.address());
        shape.put("name", mailbox.name());
        shape.put("deleted", deleted.toString());
        shape.put("until", until.toString());
        return shape;
    }
}
