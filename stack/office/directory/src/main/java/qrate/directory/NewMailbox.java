package qrate.directory;

import java.util.Map;

/// A mailbox to be made with more than its password.
///
/// @param values other than those of a new mailbox
public record NewMailbox(Edit.AddMailbox edit, Map<Property, Object> values) {
    /// Keeps a copy.
    public NewMailbox {
        values = Map.copyOf(values);
    }
}
