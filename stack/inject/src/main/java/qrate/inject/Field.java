package qrate.inject;

import java.util.Locale;

/// A header field, bytes as characters.
///
/// @param name as written
/// @param lines the field as it goes out, name and all, each line ended by LF
record Field(String name, String lines) {
    /// A field of one's own making.
    static Field of(String name, String value) {
        return new Field(name, name + ": " + value + "\n");
    }

    /// The name to compare with.
    String key() {
        return name.toLowerCase(Locale.ROOT);
    }

    /// What stands behind the colon.
    String value() {
        return lines.substring(lines.indexOf(':') + 1).strip();
    }
}
