package qrate.directory;

import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/// A mailbox that was removed and can be brought back.
///
/// @param number of what is kept of it
/// @param mailbox as it was
/// @param deleted when
/// @param until when what is kept goes
public record DeletedMailbox(long number, EditableDirectory.Mailbox mailbox, Instant deleted, Instant until) {
    /// From JSON, which says of the mailbox no more than address and name.
    static DeletedMailbox of(Map<String, Object> shape) throws IOException {
        try {
            return new DeletedMailbox(
                    Json.number(shape, "id", 0),
                    new EditableDirectory.Mailbox(Json.text(shape, "address"), Map.of())
                            .with(Map.of(Property.NAME, Json.text(shape, "name", ""))),
                    Instant.parse(Json.text(shape, "deleted")),
                    Instant.parse(Json.text(shape, "until")));
        } catch (DateTimeParseException e) {
            throw new IOException("deleted: " + e.getMessage(), e);
        }
    }

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
